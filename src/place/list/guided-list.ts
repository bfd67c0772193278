import { transferUs, type PlaceProblem } from '../problem.js'
import { placeInOrder, type Cancelled } from './place-in-order.js'
import { byDescending } from './ranks.js'
import { ScheduleBuilder } from './schedule-builder.js'

/**
 * List schedule guided by the resource LP: a task may only go to the kinds whose priced time is within `slack` of its
 * cheapest, so nothing is spent that a tight load bound does not allow. Ranked by the remaining path on those kinds.
 * @param price per kind, from `resourcePrices`
 */
export function guidedList(
  p: PlaceProblem,
  price: Float64Array,
  slack: number,
  cancelled: Cancelled,
): ScheduleBuilder {
  const allowed = new Uint8Array(p.tasks * p.kinds)
  const home = new Int32Array(p.tasks)
  for (let t = 0; t < p.tasks; t++) {
    let least = Infinity
    for (let k = 0; k < p.kinds; k++) {
      const held = p.heldUs[t * p.kinds + k]
      if (held < Infinity && price[k] * held < least) {
        least = price[k] * held
        home[t] = k
      }
    }
    for (let k = 0; k < p.kinds; k++) {
      const held = p.heldUs[t * p.kinds + k]
      if (held < Infinity && price[k] * held <= least * (1 + slack)) allowed[t * p.kinds + k] = 1
    }
  }
  const rank = new Float64Array(p.tasks)
  for (let i = p.tasks - 1; i >= 0; i--) {
    const t = p.order[i]
    rank[t] += p.heldUs[t * p.kinds + home[t]]
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      const u = p.pred[e]
      const sent = home[u] === home[t] ? 0 : transferUs(p, home[u], home[t], p.predVolume[e])
      rank[u] = Math.max(rank[u], rank[t] + sent)
    }
  }
  const builder = new ScheduleBuilder(p)
  placeInOrder(builder, byDescending(p, rank), cancelled, (task) => {
    let best = -1
    let bestEnd = Infinity
    for (let core = 0; core < p.cores; core++) {
      if (allowed[task * p.kinds + p.kindOfCore[core]] === 0) continue
      const end = builder.earliestEnd(task, core)
      if (end < bestEnd) {
        bestEnd = end
        best = core
      }
    }
    return best
  })
  return builder
}
