import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { directionsOf, objectiveOf, objectives } from '../../src/fuse/index.js'

const cost = fc.record({
  energyPj: fc.double({ min: 1, max: 1e6, noNaN: true }),
  latencyCycles: fc.double({ min: 1, max: 1e4, noNaN: true }),
})

/** One choice per stack: every schedule is a sum of one cost out of each list. */
const choices = fc.array(fc.array(cost, { minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 4,
})

describe.each(objectives)('least values of directions (%s)', (objective) => {
  it('bound the objective of every sum of choices, no worse than energy and latency by themselves', () => {
    fc.assert(
      fc.property(choices, fc.double({ min: 0.01, max: 1e4, noNaN: true }), (lists, ratio) => {
        const { count, valueOf, leastObjective, leastOfEnds } = directionsOf(objective, ratio)
        const values = Array.from({ length: count }, (_, d) =>
          lists.reduce((sum, list) => sum + Math.min(...list.map((each) => valueOf(d, each))), 0),
        )
        const sums = lists.reduce(
          (all, list) =>
            all.flatMap((a) =>
              list.map((b) => ({
                energyPj: a.energyPj + b.energyPj,
                latencyCycles: a.latencyCycles + b.latencyCycles,
              })),
            ),
          [{ energyPj: 0, latencyCycles: 0 }],
        )
        const best = Math.min(...sums.map((each) => objectiveOf(objective, each)))
        const least = leastObjective(values)
        expect(least).toBeLessThanOrEqual(best * (1 + 1e-9))
        const pj = Math.min(...sums.map(({ energyPj }) => energyPj))
        const cycles = Math.min(...sums.map(({ latencyCycles }) => latencyCycles))
        expect(leastOfEnds(values[0], values[count - 1])).toBeLessThanOrEqual(least)
        const apart = objectiveOf(objective, { energyPj: pj, latencyCycles: cycles })
        expect(least).toBeGreaterThanOrEqual(apart * (1 - 1e-9))
        if (sums.length === 1) expect(least / best).toBeCloseTo(1, 6)
      }),
    )
  })
})

describe('what fits nowhere', () => {
  it.each(objectives)('has no finite objective (%s)', (objective) => {
    const { count, valueOf, leastObjective } = directionsOf(objective, 1)
    const nowhere = { energyPj: Infinity, latencyCycles: Infinity }
    const values = Array.from({ length: count }, (_, d) => valueOf(d, nowhere))
    expect(values).toEqual(values.map(() => Infinity))
    expect(leastObjective(values)).toBe(Infinity)
  })
})
