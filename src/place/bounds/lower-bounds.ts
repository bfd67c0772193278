import type { PlaceProblem } from '../problem.js'
import { loadBound } from './load-bound.js'
import { resourcePrices } from './resource-price.js'
import { windows, type Windows } from './windows.js'

/** Lower bounds on the makespan, by name, µs. */
export interface LowerBounds {
  readonly criticalPathUs: number
  /** Largest over kinds: work that only that kind can do, with its head and tail. */
  readonly dedicatedLoadUs: number
  /** Resource LP with head and tail. */
  readonly resourceLpUs: number
  readonly bestUs: number
}

/**
 * All bounds that hold for the problem whatever its transfers contend for.
 * @param price per kind, of the resource LP
 */
export function lowerBounds(
  p: PlaceProblem,
  given: Windows = windows(p),
  price: Float64Array = resourcePrices(p),
): LowerBounds {
  let criticalPathUs = 0
  for (let t = 0; t < p.tasks; t++) {
    let way = Infinity
    for (let k = 0; k < p.kinds; k++) {
      const slot = t * p.kinds + k
      if (given.headOn[slot] !== Infinity)
        way = Math.min(way, given.headOn[slot] + given.tailOn[slot])
    }
    if (way > criticalPathUs) criticalPathUs = way
  }
  let dedicatedLoadUs = 0
  for (let k = 0; k < p.kinds; k++) {
    const count = p.firstCore[k + 1] - p.firstCore[k]
    if (count === 0) continue
    const alone = new Float64Array(p.kinds)
    alone[k] = 1 / count
    dedicatedLoadUs = Math.max(dedicatedLoadUs, loadBound(p, given, alone))
  }
  const resourceLpUs = loadBound(p, given, price)
  return {
    criticalPathUs,
    dedicatedLoadUs,
    resourceLpUs,
    bestUs: Math.max(criticalPathUs, dedicatedLoadUs, resourceLpUs),
  }
}
