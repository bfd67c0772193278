import { describe, expect, it } from 'vitest'
import { MersenneTwister } from '../../src/base/index.js'
import { quietRun, type RequestStream } from '../../src/model/index.js'
import { remainingSums } from '../../src/serve/predictor-errors.js'
import {
  createDrawSource,
  createTables,
  exponential,
  isolatedOf,
  measure,
  policies,
  poissonStream,
  predictorErrors,
  predictors,
  profileTraces,
  published,
  publishedRegression,
  SentinelCollision,
  clockRepaired,
  simulate,
  sparsityCorrelation,
  standard,
  type PredictorErrors,
  type Profile,
  type ServeConventions,
} from '../../src/serve/index.js'
import {
  caseNames,
  caseStream,
  caseTraces,
  FOLDER,
  goldenTrace,
  loadCase,
  type GoldenCase,
  type GoldenErrors,
  type GoldenResult,
  type LutFile,
  type PredictorFile,
  type RngFile,
} from './dysta-case.js'
import { goldenJson } from './golden-data.js'

const TOLERANCE = 1e-12

function close(found: number, expected: number, what: string, tolerance = TOLERANCE): void {
  if (!(Math.abs(found - expected) <= tolerance * Math.abs(expected)))
    expect(found, what).toBe(expected)
}

function closeAll(
  found: ArrayLike<number>,
  expected: readonly number[],
  what: string,
  tolerance = TOLERANCE,
): void {
  expect(found.length, `${what}: how many`).toBe(expected.length)
  expected.forEach((value, i) => close(found[i], value, `${what} [${i}]`, tolerance))
}

/** Signed means cancel, so their rounding is measured against the means of the magnitudes. */
function compareErrors(
  found: PredictorErrors,
  expected: Partial<GoldenErrors>,
  profile: Profile,
  what: string,
  tolerance: number,
): void {
  const signed = (value: number, golden: number | undefined, scale: number, name: string): void => {
    if (golden === undefined) return
    if (!(Math.abs(value - golden) <= tolerance * Math.max(Math.abs(golden), scale)))
      expect(value, `${what} ${name}`).toBe(golden)
  }
  const scaleS = Math.max(found.meanAbsoluteS, profile.patternLatencyS)
  signed(found.meanSignedS, expected.mean_signed_error, scaleS, 'mean')
  signed(
    found.meanSignedRelative,
    expected.mean_signed_rel_error,
    found.meanAbsoluteRelative + 1,
    'relative',
  )
  signed(found.meanSquaredS2, expected.mse, 0, 'mse')
  signed(found.rmseS, expected.rmse, 0, 'rmse')
  signed(found.meanAbsoluteS, expected.mae, 0, 'mae')
  signed(found.meanAbsoluteRelative, expected.mape, 0, 'mape')
}

function skipping(file: string): typeof it.skip {
  console.warn(`skipped: ${FOLDER}/${file} is not among the golden files`)
  return it.skip
}

function check(
  golden: GoldenCase,
  results: Readonly<Record<string, GoldenResult>>,
  conventions: ServeConventions,
): void {
  const stream = caseStream(golden)
  const tables = createTables(caseTraces(golden), conventions)
  golden.isolated_latency_s.forEach((value, i) =>
    expect(isolatedOf(stream, tables, i), `isolated latency ${i}`).toBe(value),
  )
  for (const [name, expected] of Object.entries(results)) {
    const policy = policies[name]
    expect(policy, `policy ${name}`).toBeDefined()
    const options = { alpha: golden.alpha, beta: golden.beta, segments: true }
    const run = (log: number) =>
      simulate(stream, tables, policy, { ...options, logDecisions: log }, quietRun)
    if (expected.reference_error !== undefined) {
      expect(() => run(0), name).toThrow(SentinelCollision)
      continue
    }
    const found = run(0)
    if (found === undefined) throw new Error('cancelled')
    const metrics = measure(stream, tables, found)
    close(metrics.antt, expected.antt, `${name} antt`)
    close(metrics.violationRate, expected.violation_rate, `${name} violation rate`)
    close(metrics.throughput, expected.throughput, `${name} throughput`)
    if (expected.finish) expect([...found.finishS], `${name} finish`).toEqual(expected.finish)
    if (expected.runs) {
      const runs = found.segments?.map((s) => [s.request, s.layers])
      expect(runs, `${name} runs`).toEqual(expected.runs)
    }
    if (expected.decisions) {
      const log = run(expected.decisions.length)?.log?.map((d) => ({
        t: d.timeS,
        queue: d.queue,
        score: d.scores.map((s) => (s === Infinity ? 'inf' : s === -Infinity ? '-inf' : s)),
        pick: d.pick,
      }))
      expect(log, `${name} decisions`).toEqual(expected.decisions)
    }
  }
}

describe('dysta-scheduling', () => {
  it.each(caseNames)('%s: published schedule, exactly', (name) => {
    const golden = loadCase(name)
    check(golden, golden.results, published)
  })

  const corrected = caseNames.filter((name) => goldenJson(FOLDER, 'corrected', `${name}.json`))
  it.each(corrected)('%s: repaired variants, exactly', (name) => {
    const { variants } = goldenJson<{
      variants: Record<'clock' | 'all', Record<string, GoldenResult>>
    }>(FOLDER, 'corrected', `${name}.json`)!
    check(loadCase(name), variants.clock, clockRepaired)
    check(loadCase(name), variants.all, standard)
  })

  const tablesTest = goldenJson(FOLDER, 'lut.json') ? it : skipping('lut.json')
  tablesTest('look-up tables', () => {
    for (const [group, models] of Object.entries(goldenJson<LutFile>(FOLDER, 'lut.json')!)) {
      const entries = Object.entries(models)
      const traces = entries.map(([, lut]) => goldenTrace(lut.trace_file, lut.seq_len))
      const profiles = profileTraces(traces)
      entries.forEach(([name, lut], t) => {
        const [trace, profile] = [traces[t], profiles[t]]
        const what = `${group} ${name}`
        expect([trace.layerCount, trace.sampleCount], what).toEqual([
          lut.num_layers,
          lut.num_samples,
        ])
        close(profile.patternLatencyS, lut.target_latency_pattern, `${what} pattern latency`)
        close(profile.networkLatencyS, lut.target_latency_model, `${what} network latency`)
        closeAll(profile.patternLayerS, lut.mean_layer_latency_pattern, `${what} pattern layers`)
        closeAll(profile.networkLayerS, lut.mean_layer_latency_model, `${what} network layers`)
        closeAll(profile.layerSparsity, lut.mean_layer_sparsity, `${what} sparsity`)
        closeAll(profile.isolatedS, lut.isolated_latency, `${what} isolated`)
        const layers = trace.layerCount
        closeAll(trace.latencyS.slice(0, layers), lut.sample0_layer_latency, `${what} sample 0`)
        closeAll(trace.sparsity.slice(0, layers), lut.sample0_layer_sparsity, `${what} sample 0`)
      })
    }
  })

  const drawsTest = goldenJson(FOLDER, 'rng.json') ? it : skipping('rng.json')
  drawsTest('random draws', () => {
    const golden = goldenJson<RngFile>(FOLDER, 'rng.json')!
    for (const [seed, draws] of Object.entries(golden.draws)) {
      const fresh = (): MersenneTwister => new MersenneTwister(Number(seed))
      const repeat = <T>(count: number, draw: (source: MersenneTwister) => T): T[] => {
        const source = fresh()
        return Array.from({ length: count }, () => draw(source))
      }
      expect(repeat(draws.getrandbits32.length, (s) => s.uint32())).toEqual(draws.getrandbits32)
      expect(repeat(draws.random.length, (s) => s.random())).toEqual(draws.random)
      expect(repeat(draws.uniform01.length, (s) => s.random())).toEqual(draws.uniform01)
      expect(repeat(draws.randint_0_2.length, (s) => s.below(3))).toEqual(draws.randint_0_2)
      expect(repeat(draws.randint_0_6.length, (s) => s.below(7))).toEqual(draws.randint_0_6)
      const gaps = repeat(draws.expovariate30.length, (s) => exponential(s, 30))
      closeAll(gaps, draws.expovariate30, `seed ${seed} expovariate`)
      const mixed = repeat(draws.request_draws_12models.length, (s) => [
        exponential(s, 30),
        s.below(12),
        s.below(3),
        s.below(7),
      ])
      mixed.forEach((row, i) =>
        closeAll(row, draws.request_draws_12models[i], `seed ${seed} row ${i}`),
      )
    }
    const { models } = golden
    const lut = goldenJson<LutFile>(FOLDER, 'lut.json')!
    const group = Object.values(lut).find((each) => models.every((name) => name in each)) ?? {}
    const traces = models.map((name) => goldenTrace(group[name].trace_file, 512))
    const tables = createTables(traces, published)
    const rows = (stream: RequestStream): number[][] =>
      Array.from(stream.arrivalS, (arrival, i) => [
        arrival,
        stream.traceIndex[i],
        stream.sampleIndex[i],
        stream.priority[i],
        stream.sloS[i],
      ])
    const mix = { sloMultipliers: [10] }
    for (const [seed, expected] of Object.entries(golden.streams_ref7_sanger_rate30_slo10)) {
      const stream = poissonStream(tables, mix, createDrawSource(Number(seed)), expected.length, 30)
      rows(stream).forEach((row, i) =>
        closeAll(row, expected[i], `stream of seed ${seed}, request ${i}`),
      )
    }
    const source = createDrawSource(golden.carry_over_seed)
    golden.carry_over_rates_30_then_40.forEach((expected, rate) => {
      const stream = poissonStream(tables, mix, source, expected.length, [30, 40][rate])
      rows(stream).forEach((row, i) =>
        closeAll(row.slice(0, 4), expected[i], `carried over, request ${i}`),
      )
    })
  })

  it.each(caseNames)('%s: generated requests', (name) => {
    const golden = loadCase(name)
    const { generator } = golden
    if (generator === null) return
    const conventions = generator.sampling === 'ref7' ? published : standard
    const tables = createTables(caseTraces(golden), conventions)
    const mix = {
      sloMultipliers: (generator.slo_mix ?? [1]).map((m) => m * generator.slo_multiplier),
    }
    const source = createDrawSource(generator.seed)
    const stream = poissonStream(tables, mix, source, generator.n, generator.rate)
    golden.requests.forEach((expected, i) => {
      const found = [
        stream.arrivalS[i],
        stream.traceIndex[i],
        stream.sampleIndex[i],
        stream.priority[i],
        stream.sloS[i],
      ]
      closeAll(found, expected, `request ${i}`)
    })
  })

  const predictorTest = goldenJson(FOLDER, 'predictor.json') ? it : skipping('predictor.json')
  predictorTest('predictors', () => {
    const golden = goldenJson<PredictorFile>(FOLDER, 'predictor.json')!
    for (const [group, models] of Object.entries(golden)) {
      const sequenceLength = Number(/^sanger_(\d+)$/.exec(group)?.[1] ?? 512)
      const entries = Object.entries(models)
      const traces = entries.map(([, m]) => goldenTrace(m.trace_file, sequenceLength))
      const profiles = profileTraces(traces)
      const regressions = publishedRegression(traces, profiles)
      entries.forEach(([name, model], t) => {
        const [trace, profile, what] = [traces[t], profiles[t], `${group} ${name}`]
        const factors = {
          avg: predictors['average'].factors(trace, profile, published),
          lastN: predictors['last-n'].factors(trace, profile, published),
          last_one: predictors['last-one'].factors(trace, profile, published),
          none: predictors['none'].factors(trace, profile, published),
          lastN_fixed: predictors['last-n'].factors(trace, profile, standard),
        }
        const stride = trace.layerCount + 1
        for (const [sample, expected] of Object.entries(model.samples)) {
          for (const strategy of ['avg', 'lastN', 'last_one'] as const) {
            const start = Number(sample) * stride
            const gamma = factors[strategy].slice(start + 1, start + stride - 1)
            closeAll(gamma, expected[`gamma_${strategy}`], `${what} sample ${sample} γ ${strategy}`)
            const remaining = remainingSums(profile.patternLayerS, 0, trace.layerCount)
            const estimates = gamma.map((g, i) => g * remaining[i + 1])
            closeAll(estimates, expected[`est_${strategy}`], `${what} sample ${sample} ${strategy}`)
          }
          const real = remainingSums(
            trace.latencyS,
            Number(sample) * trace.layerCount,
            trace.layerCount,
          )
          closeAll(real.slice(1), expected.real, `${what} sample ${sample} remaining`)
        }
        for (const [strategy, expected] of Object.entries(model.summary)) {
          if (expected === null) continue
          const errors = predictorErrors(trace, profile, factors[strategy as keyof typeof factors])
          compareErrors(errors, expected, profile, `${what} ${strategy}`, TOLERANCE)
        }
        const matrix = model.correlation_matrix
        if (matrix) {
          sparsityCorrelation(trace).forEach((row, a) =>
            row.forEach((value, b) => {
              const expected = matrix[a][b]
              if (typeof expected === 'string') return
              expect(Math.abs(value - expected), `${what} correlation ${a},${b}`).toBeLessThan(1e-9)
            }),
          )
        }
        if (model.linear_reg) {
          const found = regressions[t]
          expect([found.trainSize, found.testSize], `${what} split`).toEqual([
            model.linear_reg.train_size,
            model.linear_reg.test_size,
          ])
          closeAll(found.slopes, model.linear_reg.coef, `${what} slopes`, 1e-9)
          compareErrors(found.errors, model.linear_reg, profile, `${what} regression`, 1e-9)
        }
      })
    }
  })
})
