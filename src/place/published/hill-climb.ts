import type { Run } from '../../model/index.js'
import type { SelfTimed, FifoGraph } from './self-timed.js'

/** One flip that the hill climbing kept. */
export interface AcceptedFlip {
  readonly pass: number
  readonly op: number
  /** Makespan after the flip. */
  readonly makespanUs: number
}

/** Outcome of the published hill climbing. */
export interface HillClimb {
  readonly mapping: Int8Array
  readonly makespanUs: number
  readonly startMakespanUs: number
  readonly accepted: readonly AcceptedFlip[]
  /** Sweeps, the last one without improvement included. */
  readonly passes: number
  /** Executions: the start and every valid flip. */
  readonly evaluations: number
}

/**
 * Published `prism` (specification §7): sweeps over the operations in index order, flips one between accelerator and
 * CPU for all inputs, keeps the flip at once when the makespan is strictly shorter, until a sweep keeps none.
 * Leaves the schedule of the final mapping in `executor`.
 */
export function hillClimb(
  executor: SelfTimed,
  graph: FifoGraph,
  start: Int8Array,
  run: Run,
): HillClimb {
  const kinds = graph.kinds.length
  const cpu = kinds - 1
  const mapping = start.slice()
  const accepted: AcceptedFlip[] = []
  const startMakespanUs = executor.run(mapping)
  let makespanUs = startMakespanUs
  let evaluations = 1
  let passes = 0
  let improved = true
  while (improved && !run.cancelled()) {
    improved = false
    for (let op = 0; op < graph.ops && !run.cancelled(); op++) {
      const before = mapping[op]
      const after = before === cpu ? 0 : cpu
      if (after === before || graph.timeUs[op * kinds + after] === Infinity) continue
      mapping[op] = after
      const candidate = executor.run(mapping)
      evaluations++
      if (candidate < makespanUs) {
        makespanUs = candidate
        improved = true
        accepted.push({ pass: passes, op, makespanUs })
      } else {
        mapping[op] = before
      }
    }
    passes++
    run.progress({ message: `hill climbing, pass ${passes}: ${makespanUs.toFixed(1)} µs` })
  }
  executor.run(mapping)
  return { mapping, makespanUs, startMakespanUs, accepted, passes, evaluations }
}
