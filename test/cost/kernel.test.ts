import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRng, InputError } from '../../src/base/index.js'
import {
  evaluateMapping,
  MappingKernel,
  nnDataflowConventions,
  publishedConventions,
  standardConventions,
  timeloopConventions,
  zigzagConventions,
  type HierarchicalCost,
} from '../../src/cost/hierarchical/index.js'
import { randomCase, randomMapping } from './random-problem.js'

function expectSame(kernel: MappingKernel, lane: number, cost: HierarchicalCost): void {
  // Averages of elements are multiplied up in another order than in the detailed evaluation.
  if (kernel.problem.conventions.elementRounding === 'half-even') {
    expect(kernel.energyPj[lane]).toBe(cost.energyPj)
  } else expect(kernel.energyPj[lane] / cost.energyPj).toBeCloseTo(1, 12)
  expect(kernel.loadedCycles[lane]).toBe(cost.latency.loadedCycles)
  expect(kernel.totalCycles[lane]).toBe(cost.latency.totalCycles)
  expect(kernel.fits[lane] === 1).toBe(cost.overflows.length === 0)
}

describe('the fast kernel', () => {
  test.each([
    standardConventions,
    publishedConventions,
    zigzagConventions,
    timeloopConventions,
    nnDataflowConventions,
  ])(
    'gives the numbers of the detailed evaluation, whatever it has seen ($name)',
    (conventions) => {
      fc.assert(
        fc.property(
          fc.integer({ min: 1, max: 1e9 }),
          fc.constantFrom(12, 30),
          fc.integer({ min: 0, max: 4 }),
          (seed, loop, memories) => {
            const size = { loop, divisible: false, memories }
            const { problem, mapping } = randomCase(seed, size, conventions)
            const rng = createRng(seed)
            const mappings = [
              mapping,
              ...Array.from({ length: 4 }, () => randomMapping(rng, problem)),
            ]
            const one = new MappingKernel(problem)
            const batch = new MappingKernel(problem, 7)
            mappings.forEach((each, lane) => batch.load(each, lane))
            batch.evaluate(mappings.length)
            mappings.forEach((each, lane) => {
              one.load(each)
              one.evaluate()
              const cost = evaluateMapping(problem, each)
              expectSame(one, 0, cost)
              expectSame(batch, lane, cost)
            })
          },
        ),
        { numRuns: 250 },
      )
    },
  )

  test('refuses a loop that is none of the problem', () => {
    const { problem } = randomCase(7, { loop: 8, divisible: true, memories: 2 })
    expect(() => new MappingKernel(problem).kindOf('OX', 10_007)).toThrow(InputError)
  })
})
