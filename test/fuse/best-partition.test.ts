import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bestPartition, objectiveOf, objectives, type StackOption } from '../../src/fuse/index.js'

/** All covers of units `from` … count−1, one by one: the oracle. */
function covers(count: number, options: readonly StackOption[], from = 0): StackOption[][] {
  if (from === count) return [[]]
  return options
    .filter((option) => option.first === from)
    .flatMap((option) => covers(count, options, option.last + 1).map((rest) => [option, ...rest]))
}

const problem = fc.integer({ min: 1, max: 5 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    options: fc.array(
      fc
        .record({
          first: fc.integer({ min: 0, max: count - 1 }),
          length: fc.integer({ min: 1, max: count }),
          energyPj: fc.integer({ min: 1, max: 50 }),
          latencyCycles: fc.integer({ min: 1, max: 50 }),
        })
        .map(({ first, length, ...cost }) => ({
          first,
          last: Math.min(count - 1, first + length - 1),
          ...cost,
        })),
      { maxLength: 14 },
    ),
  }),
)

describe('bestPartition', () => {
  it('equals the best of all covers, for every objective', () => {
    fc.assert(
      fc.property(problem, fc.constantFrom(...objectives), ({ count, options }, objective) => {
        const values = covers(count, options).map((stacks) =>
          objectiveOf(objective, {
            energyPj: stacks.reduce((sum, each) => sum + each.energyPj, 0),
            latencyCycles: stacks.reduce((sum, each) => sum + each.latencyCycles, 0),
          }),
        )
        const found = bestPartition(count, options, objective)
        if (values.length === 0) expect(found).toBeUndefined()
        else expect(objectiveOf(objective, found!)).toBe(Math.min(...values))
      }),
    )
  })

  it('returns stacks that follow each other and add up to its figures', () => {
    fc.assert(
      fc.property(problem, ({ count, options }) => {
        const found = bestPartition(count, options, 'edp')
        if (found === undefined) return
        const ends = found.stacks.map((each) => each.last + 1)
        expect(found.stacks.map((each) => each.first)).toEqual([0, ...ends.slice(0, -1)])
        expect(ends[ends.length - 1]).toBe(count)
        expect(found.energyPj).toBe(found.stacks.reduce((sum, each) => sum + each.energyPj, 0))
      }),
    )
  })
})
