import type { EnergyAndLatency, Objective } from './objective.js'

/** Sums of energy and latency that add up over stacks, and what their least values say about an objective. */
export interface Directions {
  readonly count: number
  /** Value of a cost in direction d. */
  readonly valueOf: (d: number, cost: EnergyAndLatency) => number
  /** Least objective of costs that have at least these values. */
  readonly leastObjective: (values: ArrayLike<number>) => number
  /** The same, no better but soon known, of the values in the first and the last direction. */
  readonly leastOfEnds: (first: number, last: number) => number
}

/** Slopes of the lines that bound a product, relative to where the best one is expected. */
const SLOPES = [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8, 16]

/**
 * Energy or latency itself; for their product, which does not add up, energy, latency and sums energy + slope · latency.
 * Costs that are no less than given values of these lie beyond a polygon, and since products of two positive numbers
 * are quasi-concave, the least one there is at a corner, where two neighbouring lines meet.
 * @param pjPerCycle energy over latency of a schedule that is not far from the best
 */
export function directionsOf(objective: Objective, pjPerCycle: number): Directions {
  switch (objective) {
    case 'energy':
      return {
        count: 1,
        valueOf: (_, { energyPj }) => energyPj,
        leastObjective: (values) => values[0],
        leastOfEnds: (first) => first,
      }
    case 'latency':
      return {
        count: 1,
        valueOf: (_, { latencyCycles }) => latencyCycles,
        leastObjective: (values) => values[0],
        leastOfEnds: (first) => first,
      }
    case 'edp':
      return productDirections(SLOPES.map((slope) => slope * pjPerCycle))
  }
}

/** @param slopes in pJ per cycle, ascending */
function productDirections(slopes: readonly number[]): Directions {
  const last = slopes.length + 1
  // Direction 0 is energy alone (slope 0), the last one latency alone.
  const slopeOf = (d: number): number => (d === 0 ? 0 : slopes[d - 1])
  return {
    count: last + 1,
    valueOf: (d, { energyPj, latencyCycles }) => {
      if (d === last) return latencyCycles
      // 0 times the infinite cycles of a stack that does not fit would be no number.
      return d === 0 ? energyPj : energyPj + slopeOf(d) * latencyCycles
    },
    leastObjective: (values) => {
      const [leastPj, leastCycles] = [values[0], values[last]]
      if (leastPj === Infinity || leastCycles === Infinity) return Infinity
      let least = Infinity
      for (let d = 0; d < last; d++) {
        const cycles =
          d + 1 === last ? leastCycles : (values[d + 1] - values[d]) / (slopeOf(d + 1) - slopeOf(d))
        least = Math.min(least, (values[d] - slopeOf(d) * cycles) * cycles)
      }
      return Math.max(least, leastPj * leastCycles)
    },
    leastOfEnds: (leastPj, leastCycles) => leastPj * leastCycles,
  }
}
