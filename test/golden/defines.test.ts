import { describe, expect, test } from 'vitest'
import {
  evaluateMapping,
  hierarchicalProblem,
  publishedConventions,
  type HierarchicalCost,
  type HierarchicalProblem,
  type LevelCost,
} from '../../src/cost/hierarchical/index.js'
import { loma, loopFactors } from '../../src/map/hierarchical/index.js'
import { optimalOrdering } from '../../src/map/ordering/index.js'
import { quietRun } from '../../src/model/index.js'
import {
  acceleratorOf,
  directions,
  layerOf,
  mappingOf,
  operandName,
  unrollingOf,
  type GoldenCase,
  type GoldenHardware,
  type GoldenLevel,
  type GoldenLoop,
} from './defines-cases.js'
import { goldenJson } from './golden-data.js'

const hardware = goldenJson<Record<string, GoldenHardware>>('defines', 'hardware.json')
const lomaBest = goldenJson<GoldenLoma[]>('defines', 'loma_best.json')
const singleLayer = goldenJson<GoldenCase[]>('defines', 'single_layer.json')

describe('defines', () => {
  test.skipIf(!hardware || !singleLayer)(
    'single_layer.json: every figure of every given mapping',
    () => {
      const problems: string[] = []
      let figures = 0
      for (const golden of singleLayer ?? []) {
        const accelerator = acceleratorOf(golden.hardware, (hardware ?? {})[golden.hardware])
        const unrolling = unrollingOf(golden.user_spatial_mapping)
        const problem = hierarchicalProblem(
          layerOf(golden.layer),
          accelerator,
          unrolling,
          publishedConventions,
        )
        const cost = evaluateMapping(problem, mappingOf(golden.temporal_mapping, unrolling))
        for (const [path, got, want] of comparisons(golden, problem, cost)) {
          figures++
          if (!agree(path, got, want))
            problems.push(`${golden.case} ${path}: ${got}, published ${want}`)
        }
      }
      expect(problems.slice(0, 20)).toEqual([])
      expect(figures).toBeGreaterThan(100 * (singleLayer ?? []).length)
    },
  )

  test.skipIf(!hardware || !lomaBest)(
    'loma_best.json: the same loops, orderings, winner, energy and cycles',
    () => {
      const problems: string[] = []
      for (const golden of lomaBest ?? []) {
        const unrolling = unrollingOf(golden.user_spatial_mapping)
        const problem = hierarchicalProblem(
          layerOf(golden.layer),
          acceleratorOf(golden.hardware, (hardware ?? {})[golden.hardware]),
          unrolling,
          publishedConventions,
        )
        const found = loma(problem, { lpfLimit: golden.lpf_limit })
        const cost = evaluateMapping(problem, found.value)
        const factors = loopFactors(problem.temporal, golden.lpf_limit)
        const sorted = (loops: readonly GoldenLoop[]) => loops.map(String).sort().join(' ')
        const winner = mappingOf(golden.temporal_mapping, unrolling)
        const figures: Comparison[] = [
          ['lpfs', sorted(factors.map(({ dim, size }) => [dim, size])), sorted(golden.lpfs)],
          ['orderings', found.orderings, golden.orderings],
          ['evaluated', found.evaluations, golden.evaluated],
          ['energy', cost.energyPj, golden.result.energy_total],
          ['energy of the search', found.objective, golden.result.energy_total],
          ['latency1', cost.latency.loadedCycles, golden.result.latency['latency_total1']],
          ['latency2', cost.latency.totalCycles, golden.result.latency['latency_total2']],
          ['loops', JSON.stringify(found.value.loops), JSON.stringify(winner.loops)],
          ...problem.operands.map(({ operand: { name } }): Comparison => [
            `cuts of ${name}`,
            String(found.value.cuts[name]),
            String(winner.cuts[name]),
          ]),
        ]
        for (const [path, got, want] of figures) {
          if (agree(path, got, want)) continue
          problems.push(
            `${golden.hardware}/${golden.workload}/${golden.layer.id} limit ${golden.lpf_limit} ${path}: ${got}, published ${want}`,
          )
        }
      }
      expect(problems.slice(0, 20)).toEqual([])
    },
  )

  test.skipIf(!hardware || !lomaBest)(
    'loma_best.json: the exact search is never worse than LOMA, whatever its limit',
    () => {
      const seen = new Set<string>()
      let better = 0
      for (const golden of lomaBest ?? []) {
        const name = `${golden.hardware}/${golden.workload}/${golden.layer.id}`
        if (seen.has(name)) continue
        seen.add(name)
        const problem = hierarchicalProblem(
          layerOf(golden.layer),
          acceleratorOf(golden.hardware, (hardware ?? {})[golden.hardware]),
          unrollingOf(golden.user_spatial_mapping),
          publishedConventions,
        )
        const exact = optimalOrdering(problem, { metric: 'energy' }, quietRun)
        expect(exact.status, name).toBe('optimal')
        for (let lpfLimit = 1; lpfLimit <= 7; lpfLimit++) {
          const { objective } = loma(problem, { lpfLimit })
          expect(exact.objective, `${name} limit ${lpfLimit}`).toBeLessThanOrEqual(
            objective * (1 + 1e-9),
          )
          if (exact.objective < objective * (1 - 1e-9)) better++
        }
      }
      expect(better).toBeGreaterThan(0)
    },
  )
})

interface GoldenLoma extends GoldenCase {
  readonly lpf_limit: number
  readonly lpfs: readonly GoldenLoop[]
  readonly orderings: number
  readonly evaluated: number
}

type Value = number | boolean | string
type Comparison = readonly [path: string, got: Value | undefined, want: Value | undefined]

/** Energies, words and shares to 1e-9 relative; everything else (cycles, counts, elements, flags) exactly. */
function agree(path: string, got: Value | undefined, want: Value | undefined): boolean {
  if (typeof got !== 'number' || typeof want !== 'number') return got === want
  const approximate = /energy|word|util|unique/.test(path)
  return approximate
    ? Math.abs(got - want) <= 1e-9 * Math.max(Math.abs(want), 1e-300)
    : got === want
}

function* comparisons(
  { result, spatial_mapping }: GoldenCase,
  problem: HierarchicalProblem,
  cost: HierarchicalCost,
): Generator<Comparison> {
  yield ['energy_total', cost.energyPj, result.energy_total]
  yield ['mac_energy', cost.macEnergyPj, result.mac_energy]
  yield ['mem_energy', cost.memoryEnergyPj, result.mem_energy]
  const { latency } = cost
  yield ['ideal_cycle', latency.idealCycles, result.latency['ideal_cycle']]
  yield ['ideal_temporal_cycle', latency.temporalCycles, result.latency['ideal_temporal_cycle']]
  yield ['SS_comb', latency.stallCycles, result.latency['SS_comb']]
  yield ['data_loading_cycle', latency.loadingCycles, result.latency['data_loading_cycle']]
  yield ['data_offloading_cycle', latency.offloadingCycles, result.latency['data_offloading_cycle']]
  yield ['latency_total0', latency.computeCycles, result.latency['latency_total0']]
  yield ['latency_total1', latency.loadedCycles, result.latency['latency_total1']]
  yield ['latency_total2', latency.totalCycles, result.latency['latency_total2']]
  yield ['operands', cost.operands.length, Object.keys(result.operands).length]
  for (const [name, golden] of Object.entries(result.operands)) {
    const p = problem.operands.findIndex((each) => each.operand.name === operandName(name))
    const { levels, nest } = cost.operands[p]
    const { mean } = problem.operands[p]
    const text = (value: unknown) => JSON.stringify(value)
    yield [
      `${name} spatial`,
      text(mean.loops.map((loops) => loops.map(({ dim, size }) => [dim, size]))),
      text(spatial_mapping[name]),
    ]
    yield* list(`${name} unit_count`, mean.instances, golden.unit_count)
    yield* list(`${name} unit_unique`, mean.unique, golden.unit_unique)
    yield* list(`${name} mem_bw_boost`, mean.fanOut, golden.mem_bw_boost)
    yield [
      `${name} stationary_temporal`,
      text(nest.stationary.map((loops) => loops.map(({ dim, size }) => [dim, size]))),
      text(golden.stationary_temporal),
    ]
    if (golden.psum_flag) yield* list(`${name} psum_flag`, nest.partial, golden.psum_flag)
    yield [`${name} levels`, levels.length, golden.levels.length]
    for (const [m, level] of golden.levels.entries()) {
      yield* levelComparisons(`${name}${m} `, levels[m], level)
      yield [`${name}${m} top_r_loop`, nest.outerRelevant[m + 1], level.top_r_loop]
      yield [`${name}${m} top_ir_loop`, nest.outerIrrelevant[m + 1], level.top_ir_loop]
      const windows = levels[m].wholeTraffic.map((link, i) =>
        Math.floor(link.periodCycles / nest.outerIrrelevant[i < 2 ? m : m + 1]),
      )
      yield* list(`${name}${m} int_window_nondb`, windows, level.int_window_nondb)
    }
  }
  yield* portComparisons(result.ports, cost)
  const inputs = problem.operands.slice(1).map((each) => each.operand.name)
  for (const [name, pairs] of Object.entries(result.loading.pairs)) {
    const loading = cost.loading[inputs.indexOf(operandName(name))]
    yield* list(`loading ${name}`, loading.pairCycles, pairs)
    yield ['individual', loading.unsharedCycles, result.loading.individual[name]]
    yield ['half_shared', loading.halfSharedCycles, result.loading.half_shared[name]]
    yield ['shared', loading.sharedCycles, result.loading.shared[name]]
  }
}

function* levelComparisons(
  at: string,
  level: LevelCost,
  golden: GoldenLevel,
): Generator<Comparison> {
  yield [`${at}memory`, level.memory, golden.memory]
  yield* list(`${at}energy`, level.energyPj, golden.energy)
  yield* list(`${at}word_access`, level.wordAccesses, golden.word_access)
  yield* list(`${at}elem_moves`, level.elementMoves, golden.elem_moves)
  const mean = level.traffic
  yield* list(
    `${at}precision`,
    mean.map((link) => link.bits),
    golden.precision,
  )
  yield* list(
    `${at}amount`,
    mean.map((link) => link.elements),
    golden.amount_per_period,
  )
  yield* list(
    `${at}period`,
    mean.map((link) => link.periodCycles),
    golden.period,
  )
  yield* list(
    `${at}count`,
    mean.map((link) => link.count),
    golden.period_count,
  )
  const whole = level.wholeTraffic
  yield* list(
    `${at}int_amount`,
    whole.map((link) => link.elements),
    golden.int_amount_per_period,
  )
  yield* list(
    `${at}int_period`,
    whole.map((link) => link.periodCycles),
    golden.int_period,
  )
  yield* list(
    `${at}int_count`,
    whole.map((link) => link.count),
    golden.int_period_count,
  )
  yield* list(`${at}allowed_cycle`, level.cycles.allowed, golden.allowed_cycle)
  yield* list(`${at}real_cycle`, level.cycles.real, golden.real_cycle)
  yield [`${at}double_buffer`, level.doubleBuffered, golden.double_buffer]
  const { own, shared, ownEffective, sharedEffective } = level.occupancy
  yield [`${at}util_individual`, own, golden.util_individual]
  yield [`${at}util_shared`, shared, golden.util_shared]
  yield [`${at}eff_util_individual`, ownEffective, golden.eff_util_individual]
  yield [`${at}eff_util_shared_after_db`, sharedEffective, golden.eff_util_shared_after_db]
  yield [`${at}data_elem_unrolled`, level.elements, golden.data_elem_unrolled]
}

function* portComparisons(
  ports: GoldenCase['result']['ports'],
  cost: HierarchicalCost,
): Generator<Comparison> {
  yield ['ports', cost.ports.length, ports.length]
  for (const [i, golden] of ports.entries()) {
    const port = cost.ports[i]
    const at = `port ${golden.memory}.${golden.port} `
    yield [`${at}name`, `${port?.memory}.${port?.port}`, `${golden.memory}.${golden.port}`]
    yield [
      `${at}links`,
      JSON.stringify(
        port?.links.map((link) => [
          link.operand,
          link.level,
          link.direction,
          link.realCycles,
          link.allowedCycles,
          link.periodCycles,
          link.count,
        ]),
      ),
      JSON.stringify(
        golden.links.map(([operand, level, direction, ...rest]) => [
          operandName(operand),
          level,
          directions[direction],
          ...rest,
        ]),
      ),
    ]
    yield [`${at}MUW_union`, port?.allowedUnionCycles, golden.MUW_union]
    yield [`${at}SS_comb`, port?.stallCycles, golden.SS_comb]
  }
}

function* list(path: string, got: readonly Value[], want: readonly Value[]): Generator<Comparison> {
  yield [`${path} length`, got.length, want.length]
  for (let i = 0; i < want.length; i++) yield [`${path}[${i}]`, got[i], want[i]]
}
