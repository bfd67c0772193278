import type { PlaceProblem } from '../problem.js'
import type { ScheduleBuilder } from './schedule-builder.js'

/** Whether to stop: `cancelled` of a `Run`. */
export type Cancelled = () => boolean

/** Placements between two looks at whether to stop. */
const BETWEEN_LOOKS = 64

/** Places tasks in an order, each on the core chosen for it; once cancelled, the rest as it comes. */
export function placeInOrder(
  builder: ScheduleBuilder,
  order: Int32Array,
  cancelled: Cancelled,
  coreOf: (task: number) => number,
): void {
  for (let i = 0; i < order.length; i++) {
    if (i % BETWEEN_LOOKS === BETWEEN_LOOKS - 1 && cancelled()) break
    builder.place(order[i], coreOf(order[i]))
  }
  builder.placeRest()
}

/** Places ready tasks, highest key first, ties to the lower index; once cancelled, the rest as it comes. */
export function placeReady(
  builder: ScheduleBuilder,
  key: Float64Array,
  cancelled: Cancelled,
  coreOf: (task: number) => number,
): void {
  let placed = 0
  forEachReady(builder.problem, key, (task) => {
    builder.place(task, coreOf(task))
    return ++placed % BETWEEN_LOOKS !== 0 || !cancelled()
  })
  builder.placeRest()
}

/** Calls `visit` for ready tasks, highest key first, ties to the lower index, until it returns false. */
export function forEachReady(
  p: PlaceProblem,
  key: Float64Array,
  visit: (task: number) => boolean,
): void {
  const pending = Int32Array.from(
    { length: p.tasks },
    (_, t) => p.predStart[t + 1] - p.predStart[t],
  )
  const ready: number[] = []
  const add = (task: number): void => {
    let low = 0
    let high = ready.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = ready[middle]
      // Kept ascending in merit: the best one is taken from the end.
      if (key[other] < key[task] || (key[other] === key[task] && other > task)) low = middle + 1
      else high = middle
    }
    ready.splice(low, 0, task)
  }
  for (let t = 0; t < p.tasks; t++) if (pending[t] === 0) add(t)
  for (let task = ready.pop(); task !== undefined; task = ready.pop()) {
    if (!visit(task)) return
    for (let e = p.succStart[task]; e < p.succStart[task + 1]; e++)
      if (--pending[p.succ[e]] === 0) add(p.succ[e])
  }
}
