import type { PlaceProblem } from '../problem.js'
import type { Windows } from './windows.js'

/** More distinct heads than this are thinned out; fewer sets of tasks are tried then. */
const MOST_HEADS = 400

/**
 * Load with head and tail: for every set of tasks whose head is at least h and whose tail is at least q, no schedule
 * ends before h + (their priced work) + q. With the price of one kind only, this is the bound of Jackson's preemptive
 * schedule (Carlier 1982) on that kind; with LP prices, the resource LP.
 * @param price per kind, Σ price·count = 1
 */
export function loadBound(p: PlaceProblem, windows: Windows, price: Float64Array): number {
  const { tasks, kinds } = p
  const work = new Float64Array(tasks)
  const busy: number[] = []
  for (let t = 0; t < tasks; t++) {
    let least = Infinity
    for (let k = 0; k < kinds; k++) {
      const held = p.heldUs[t * kinds + k]
      if (held !== Infinity) least = Math.min(least, price[k] * held)
    }
    work[t] = least
    if (least > 0) busy.push(t)
  }
  const { head, tailAfter } = windows
  busy.sort((a, b) => tailAfter[b] - tailAfter[a] || a - b)
  let heads = [...new Set(busy.map((t) => head[t]))].sort((a, b) => a - b)
  if (heads.length > MOST_HEADS) {
    const stride = heads.length / MOST_HEADS
    heads = Array.from({ length: MOST_HEADS }, (_, i) => heads[Math.floor(i * stride)])
  }
  let bound = 0
  for (const h of heads) {
    let sum = 0
    for (const t of busy) {
      if (head[t] < h) continue
      sum += work[t]
      const total = h + sum + tailAfter[t]
      if (total > bound) bound = total
    }
  }
  return bound
}
