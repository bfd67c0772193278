import { commandsOf, type GoldenRun } from '../golden/dysta-rtl-cases.js'
import type { NetlistEvaluator } from './netlist-evaluator.js'

/** What the RTL did in one round, in the fields of the golden file. */
export interface PlayedRound {
  readonly selected: number
  readonly queueLength: number
  readonly decision_cycles: number
  readonly t_select: number
  readonly gamma_bits: number
  readonly rescored: readonly { readonly id: number; readonly score_bits: number }[]
}

/** Lanes of the output stream that the vectors were made with. */
const LANES = 3

/**
 * Plays a golden run clock by clock: commands back to back, then layers of the given length that emit the given number
 * of non-zero words.
 */
export function playGoldenRun(core: NetlistEvaluator, run: GoldenRun): PlayedRound[] {
  const commands = commandsOf(run)
  const step = (): void => {
    core.settle()
    core.clock()
  }
  core.set('rst', 1)
  step()
  core.set('rst', 0)
  step()
  for (const command of commands) {
    core.set('request_control', command.control)
    core.set('request_data', command.data >>> 0)
    core.settle()
    if (command.control >= 8 && core.get('scheduler_rdy') !== 1) throw new Error('port not ready')
    core.clock()
  }
  core.set('request_control', 0)
  const played: PlayedRound[] = []
  let idleSince = core.get('clock')
  for (const round of run.rounds) {
    while (core.get('start_comp_npu') === 0) {
      step()
      if (core.get('clock') - idleSince > 10000) throw new Error('no start')
    }
    const start = core.get('clock')
    const selected = core.get('sel_task')
    const queueLength = core.get('occupancy')
    let left = round.nonzeros
    for (let busy = 0; busy < round.busy_cycles; busy++) {
      left = stream(core, left)
      step()
    }
    left = stream(core, left)
    if (left > 0) throw new Error('the layer is too short for its non-zeros')
    core.set('compute_done_npu', 1)
    core.set('last_layer_done_npu', round.finished === true ? 1 : 0)
    const done = core.get('clock')
    step()
    core.set('compute_done_npu', 0)
    core.set('in_vld', 0)
    let gamma = -1
    const rescored: { id: number; score_bits: number }[] = []
    // Watch the write ports until every score is written.
    for (let i = 0; i < 24 + queueLength; i++) {
      if (core.get('rate_we') === 1) gamma = core.get('rate')
      if (core.get('score_we') === 1)
        rescored.push({ id: core.get('score_slot'), score_bits: core.get('score') })
      if (core.get('start_comp_npu') === 1) break
      step()
    }
    played.push({
      selected,
      queueLength,
      decision_cycles: start - idleSince,
      t_select: start + 3,
      gamma_bits: gamma,
      rescored,
    })
    idleSince = done
  }
  return played
}

/** Puts up to three non-zero words on the lanes; zeros fill the rest of a valid beat. */
function stream(core: NetlistEvaluator, left: number): number {
  const now = Math.min(LANES, left)
  let data = 0n
  for (let lane = 0; lane < now; lane++) data |= 0x8001n << BigInt(16 * lane)
  core.set('in_dat', data)
  core.set('in_vld', 1)
  return left - now
}
