import type { Rng } from '../../base/index.js'
import type { Run } from '../../model/index.js'
import { forEachReady } from '../list/place-in-order.js'
import { upwardRank } from '../list/ranks.js'
import { ScheduleBuilder } from '../list/schedule-builder.js'
import type { PlaceProblem } from '../problem.js'

/**
 * Search over priorities for problems whose timing depends on the whole order: contended transfers, weights in limited
 * memory. A priority list and a preferred core per task are decoded by the list scheduler; changes that are not worse
 * are kept. Returns the builder that holds the best schedule.
 */
export function orderSearch(
  p: PlaceProblem,
  start: ScheduleBuilder,
  trials: number,
  rng: Rng,
  run: Run,
): { builder: ScheduleBuilder; evaluations: number } {
  const builder = new ScheduleBuilder(p)
  const rank = upwardRank(p)
  const length = Math.max(1, ...rank)
  // A task that started earlier in the schedule to begin with has the higher priority.
  let priority = start.startUs.map((at) => length - at)
  let wish = start.core.slice()
  let bestPriority = priority
  let bestWish = wish
  let current = decode(builder, priority, wish)
  let best = current
  let evaluations = 2
  for (let trial = 0; trial < trials; trial++) {
    if (run.cancelled()) break
    evaluations++
    const nextPriority = priority.slice()
    const nextWish = wish.slice()
    for (let changes = 1 + rng.below(3); changes > 0; changes--) {
      const t = rng.below(p.tasks)
      if (rng.below(2) === 0) nextPriority[t] += 0.15 * length * rng.normal()
      else nextWish[t] = rng.below(3) === 0 ? -1 : rng.below(p.cores)
    }
    const makespan = decode(builder, nextPriority, nextWish)
    // Threshold accepting: a little worse is allowed early.
    if (makespan <= current * (1 + 0.01 * (1 - trial / trials))) {
      priority = nextPriority
      wish = nextWish
      current = makespan
      if (makespan < best) {
        best = makespan
        bestPriority = nextPriority
        bestWish = nextWish
        run.progress({ fraction: trial / trials, message: `${best.toFixed(3)} µs` })
      }
    }
  }
  decode(builder, bestPriority, bestWish)
  return { builder, evaluations }
}

function decode(builder: ScheduleBuilder, priority: Float64Array, wish: Int32Array): number {
  const p = builder.problem
  builder.reset()
  forEachReady(p, priority, (task) => {
    const wanted = wish[task]
    if (wanted >= 0 && p.timeUs[task * p.kinds + p.kindOfCore[wanted]] !== Infinity) {
      builder.place(task, wanted)
      return true
    }
    let best = -1
    let bestEnd = Infinity
    for (let core = 0; core < p.cores; core++) {
      const end = builder.earliestEnd(task, core)
      if (end < bestEnd) {
        bestEnd = end
        best = core
      }
    }
    builder.place(task, best)
    return true
  })
  return builder.makespanUs()
}
