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
} from '../../src/cost/hierarchical/index.js'
import { randomCase, randomMapping } from './random-problem.js'

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
            const kernel = new MappingKernel(problem)
            for (const each of [
              mapping,
              ...Array.from({ length: 4 }, () => randomMapping(rng, problem)),
            ]) {
              const cost = evaluateMapping(problem, each)
              kernel.load(each)
              kernel.evaluate()
              // Averages of elements are multiplied up in another order than in the detailed evaluation.
              if (conventions.elementRounding === 'half-even')
                expect(kernel.energyPj).toBe(cost.energyPj)
              else expect(kernel.energyPj / cost.energyPj).toBeCloseTo(1, 12)
              expect(kernel.loadedCycles).toBe(cost.latency.loadedCycles)
              expect(kernel.totalCycles).toBe(cost.latency.totalCycles)
              expect(kernel.fits).toBe(cost.overflows.length === 0)
            }
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
