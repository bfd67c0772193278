import type { LinearOptimum } from './minimise-linear.js'
import { TIE } from './minimise-linear.js'

/** A mapping as a point of the energy/latency plane. */
export interface PlanePoint<T> {
  readonly energyPj: number
  readonly latencyCycles: number
  readonly value: T
}

/** What one linear search proves: no mapping has `a · energy + b · latency` below `least`. */
interface SupportLine {
  readonly a: number
  readonly b: number
  readonly least: number
}

/** A point on the hull and a line that supports the hull there. */
interface Supported<T> {
  readonly point: PlanePoint<T>
  readonly line: SupportLine
}

/** Minimises a · energy + b · latency; the point is undefined when the run was cancelled before one was found. */
export type LinearSolver<T> = (
  a: number,
  b: number,
) => { readonly point?: PlanePoint<T>; readonly outcome: LinearOptimum }

export interface ProductOptimum<T> {
  readonly best: PlanePoint<T> | undefined
  /** No mapping has a smaller energy × latency. */
  readonly lowerBound: number
  readonly outcomes: readonly LinearOptimum[]
}

/**
 * Least energy × latency. The product is quasi-concave where both are positive, so its minimum over all mappings is reached at a
 * corner of their convex hull, that is, by a mapping that minimises some linear objective. Corners are found from both ends
 * by bisection; between two of them no product can be below that at the crossing of their supporting lines, which
 * ends the bisection early and proves the result.
 */
export function minimiseProduct<T>(
  solve: LinearSolver<T>,
  cancelled: () => boolean,
): ProductOptimum<T> {
  const outcomes: LinearOptimum[] = []
  let best: PlanePoint<T> | undefined
  const product = (p: { energyPj: number; latencyCycles: number }): number =>
    p.energyPj * p.latencyCycles
  const query = (a: number, b: number): Supported<T> | SupportLine => {
    const { point, outcome } = solve(a, b)
    outcomes.push(outcome)
    const line = { a, b, least: outcome.lowerBound }
    if (point === undefined) return line
    if (best === undefined || product(point) < product(best)) best = point
    return { point, line }
  }
  const lowEnergy = query(1, 0)
  const lowLatency = query(0, 1)
  if (!('point' in lowEnergy) || !('point' in lowLatency)) {
    const least = (s: Supported<T> | SupportLine): number => ('point' in s ? s.line.least : s.least)
    return { best, lowerBound: least(lowEnergy) * least(lowLatency), outcomes }
  }
  // Open stretches of the hull between two corners, with the least product that any mapping in between can have.
  let open = [stretch(lowEnergy, lowLatency)]
  for (;;) {
    open = open.filter((each) => best === undefined || each.bound < product(best) * (1 - TIE))
    if (open.length === 0 || best === undefined || cancelled()) break
    open.sort((x, y) => x.bound - y.bound)
    const [{ left, right, bound }] = open
    const a = left.point.latencyCycles - right.point.latencyCycles
    const b = right.point.energyPj - left.point.energyPj
    // Equal corners: nothing lies between.
    if (!(a > 0) || !(b > 0)) {
      open.shift()
      continue
    }
    const middle = query(a, b)
    if (!('point' in middle)) break
    open.shift()
    const chord = a * left.point.energyPj + b * left.point.latencyCycles
    const reached = a * middle.point.energyPj + b * middle.point.latencyCycles
    if (middle.line.least < reached * (1 - TIE)) {
      // Stopped early: the stretch stays as it was.
      open.push({ left, right, bound })
      break
    }
    // The chord itself supports the hull: its ends are the corners.
    if (reached >= chord * (1 - TIE)) continue
    open.push(stretch(left, middle), stretch(middle, right))
  }
  const lowerBound = Math.min(
    best === undefined ? Infinity : product(best),
    ...open.map((each) => each.bound),
  )
  return { best, lowerBound, outcomes }
}

function stretch<T>(
  left: Supported<T>,
  right: Supported<T>,
): { readonly left: Supported<T>; readonly right: Supported<T>; readonly bound: number } {
  const determinant = left.line.a * right.line.b - right.line.a * left.line.b
  const energy = (left.line.least * right.line.b - right.line.least * left.line.b) / determinant
  const latency = (left.line.a * right.line.least - right.line.a * left.line.least) / determinant
  return { left, right, bound: energy * latency }
}
