import type { Rng } from '../../base/index.js'
import type { Selection } from './selection.js'

/**
 * A selection between two others. The start times of both parents respect every precedence, so any convex combination
 * of them does too and orders the tasks without a cycle; each task takes its core from one parent.
 */
export function combine(a: Selection, b: Selection, child: Selection, rng: Rng): void {
  const { tasks } = a.problem
  const key = new Float64Array(tasks)
  const core = new Int32Array(tasks)
  const share = 0.3 + 0.4 * rng.next()
  // Cores are inherited in stretches of time: neighbours in one parent's schedule stay together.
  const cut = rng.next() * a.makespanUs
  const whole = rng.below(2) === 0
  for (let t = 0; t < tasks; t++) {
    key[t] = share * a.head[t] + (1 - share) * b.head[t]
    const fromA = whole ? a.head[t] < cut : rng.next() < share
    core[t] = fromA ? a.core[t] : b.core[t]
  }
  child.load(core, key)
}

/** Share of tasks on the same core in both, with equal neighbours; 1 = same selection. */
export function likeness(a: Selection, b: Selection): number {
  const { tasks } = a.problem
  let same = 0
  for (let t = 0; t < tasks; t++) {
    if (a.core[t] === b.core[t]) same += a.before[t] === b.before[t] ? 1 : 0.25
  }
  return same / tasks
}
