import { describe, expect, test } from 'vitest'
import { hasYosys } from '../../src/toolchains/index.js'
import { NetlistEvaluator, type YosysNetlist } from '../rtl/netlist-evaluator.js'
import { wordLevelNetlist } from '../rtl/netlist.js'
import { playGoldenRun } from '../rtl/play-golden-run.js'
import { playScoreVectors } from '../rtl/play-score-vectors.js'
import {
  hardwareOptions,
  floatModules,
  FLOAT_DECISION_CLOCKS,
  FLOAT_FIRST_CLOCKS,
  floatArithmetic,
  floatGamma,
  FloatSchedulerModel,
  floatScore,
} from '../../src/rtl/index.js'
import { commandsOf, tableRows, type GoldenRun, type ScoreUnitFile } from './dysta-rtl-cases.js'
import { goldenJson } from './golden-data.js'

const units = goldenJson<ScoreUnitFile>('dysta-rtl', 'rtl_score_unit.json')
const rounds = goldenJson<{ readonly runs: readonly GoldenRun[] }>('dysta-rtl', 'rtl_rounds.json')

describe('dysta-rtl', () => {
  for (const [name, file] of Object.entries({
    'rtl_score_unit.json': units,
    'rtl_rounds.json': rounds,
  }))
    if (file === undefined) test.skip(`${name} is not in this folder of cases`, () => undefined)

  describe.skipIf(units === undefined)('score unit, every intermediate', () => {
    test.each([32, 16] as const)('FP%i', (bits) => {
      const arithmetic = floatArithmetic(bits)
      const vectors = units?.[`W${bits}`]
      expect(vectors?.score.length).toBeGreaterThan(0)
      for (const v of vectors?.score ?? []) {
        const found = floatScore(arithmetic, {
          now: v.now,
          lastExecution: v.last_exe,
          deadline: v.deadline,
          isolation: v.norm_isolation,
          latency: v.lat_bits,
          gamma: v.gamma_bits,
        })
        expect(found).toEqual({
          wait: v.wait,
          slack: v.slack,
          penalty: v.penalty,
          cost: v.cost,
          costFloat: v.fcost,
          weightedCost: v.bcost,
          estimate: v.est,
          score: v.score,
        })
      }
      for (const v of vectors?.gamma ?? [])
        expect(
          floatGamma(arithmetic, v.nonzeros, v.recip_shape_bits, v.recip_density_bits),
        ).toEqual({ count: v.nnz_f, density: v.density, gamma: v.gamma })
    })
  })

  describe.skipIf(units === undefined || !present)('score unit of the RTL', () => {
    const builds = [32, 16].flatMap((bits) =>
      [true, false].map((shared) => [bits, shared] as const),
    )
    test.each(builds)('FP%i, shared %s', async (width, shared) => {
      const bits = width === 16 ? 16 : 32
      const netlist = await floatNetlist(bits, shared, 'heddle_score_unit')
      const unit = new NetlistEvaluator(netlist, 'heddle_score_unit')
      const vectors = units?.[`W${bits}`] ?? { score: [], gamma: [] }
      const played = playScoreVectors(unit, vectors, shared)
      expect(played.scores).toEqual(vectors.score.map((v) => v.score))
      expect(played.rates).toEqual(vectors.gamma.map((v) => v.gamma))
    })
  })

  describe.skipIf(rounds === undefined || !present)('complete runs of the RTL', () => {
    test.each((rounds?.runs ?? []).map((run) => [nameOf(run), run] as const))(
      '%s',
      async (_name, run) => {
        const netlist = await floatNetlist(run.W, run.OPT === 1, 'heddle_scheduler')
        const played = playGoldenRun(new NetlistEvaluator(netlist, 'heddle_scheduler'), run)
        expect(played).toEqual(
          run.rounds.map((round) => ({
            selected: round.selected,
            queueLength: round.queue.length,
            decision_cycles: round.decision_cycles,
            t_select: round.t_select,
            gamma_bits: round.gamma_bits,
            rescored: round.rescored.map(({ id, score_bits }) => ({ id, score_bits })),
          })),
        )
      },
    )
  })

  describe.skipIf(rounds === undefined)('complete runs of the model', () => {
    test.each((rounds?.runs ?? []).map((run) => [nameOf(run), run] as const))(
      '%s',
      (_name, run) => {
        const model = new FloatSchedulerModel(floatArithmetic(run.W))
        const commands = commandsOf(run)
        expect(commands.length).toBe(run.commands)
        const first = commands.length - 3 * run.requests.length
        run.requests.forEach((r, i) => {
          const rows = tableRows(run.tables[`${r.model},${r.pattern}`])
          const { deadline, init_score: score, id: slot } = r
          // The clock reads 1 with the first command; the deadline is the second word of a request.
          model.submit({ slot, rows, deadline, score, now: first + 3 * i + 2 })
        })
        let expectedStart = 0
        for (const [index, round] of run.rounds.entries()) {
          expect(model.queue).toEqual(round.queue)
          for (const [slot, bits] of Object.entries(round.scores_bits))
            expect(model.scoreOf(Number(slot))).toBe(bits)
          const n = round.queue.length
          expect(round.decision_cycles).toBe(
            index === 0 ? FLOAT_FIRST_CLOCKS + n : FLOAT_DECISION_CLOCKS + 2 * n,
          )
          if (index > 0) expect(round.t_select).toBe(expectedStart)
          expect(model.select()).toBe(round.selected)
          expect(model.layerOf(round.selected)).toBe(round.layer)
          // The test bench of the vectors counts from three clocks earlier than the scheduler's own clock.
          const done = round.t_select + round.busy_cycles - 3
          const last = round.finished === true
          const found = model.finish(round.selected, round.nonzeros, done, last)
          expect(found.gamma).toBe(round.gamma_bits)
          expect(
            found.rescored.map((r) => ({
              id: r.slot,
              now: r.now,
              last_exe: r.lastExecution,
              layer: r.layer,
              score_bits: r.score,
              cost: r.cost,
            })),
          ).toEqual(round.rescored)
          expectedStart = done + 3 + FLOAT_DECISION_CLOCKS + 2 * model.queue.length
        }
      },
    )
  })
})

const present = await hasYosys()
if (!present) console.log('skipped: @yowasp/yosys is not installed, so no RTL is run')

/** One netlist for each width and compute unit, large enough for every run. */
const netlists = new Map<string, Promise<YosysNetlist>>()
function floatNetlist(bits: 16 | 32, shared: boolean, top: string): Promise<YosysNetlist> {
  const key = `${bits} ${shared} ${top}`
  const known = netlists.get(key)
  if (known) return known
  const depth = Math.max(4, ...(rounds?.runs ?? []).map((run) => run.D))
  const options = hardwareOptions({
    slots: 2 ** depth,
    format: bits === 16 ? 'fp16' : 'fp32',
    compute: shared ? 'shared' : 'separate',
  })
  const netlist = wordLevelNetlist(floatModules(options), top)
  netlists.set(key, netlist)
  return netlist
}

function nameOf(run: GoldenRun): string {
  const compute = run.OPT === 1 ? 'shared' : 'separate'
  return `FP${run.W} ${compute}, ${2 ** run.D} slots, ${run.requests.length} requests, seed ${run.seed}`
}
