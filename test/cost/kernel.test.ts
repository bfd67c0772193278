import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  evaluateMapping,
  MappingKernel,
  publishedConventions,
  standardConventions,
  timeloopConventions,
  zigzagConventions,
} from '../../src/cost/hierarchical/index.js'
import { randomCase } from './random-problem.js'

describe('the fast kernel', () => {
  const unitsRead = {
    ...standardConventions,
    name: 'units read partial sums',
    firstPartialSumRead: 'charged-in-units',
  } as const
  test.each([
    standardConventions,
    publishedConventions,
    zigzagConventions,
    timeloopConventions,
    unitsRead,
  ])('gives the numbers of the detailed evaluation ($name)', (conventions) => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (seed) => {
        const size = { loop: 12, divisible: false, memories: 4 }
        const { problem, mapping } = randomCase(seed, size, conventions)
        const cost = evaluateMapping(problem, mapping)
        const kernel = new MappingKernel(problem)
        kernel.load(mapping)
        kernel.evaluate()
        expect(kernel.energyPj).toBeCloseTo(cost.energyPj, 6)
        expect(kernel.loadedCycles).toBe(cost.latency.loadedCycles)
        expect(kernel.totalCycles).toBe(cost.latency.totalCycles)
        expect(kernel.fits).toBe(cost.overflows.length === 0)
      }),
      { numRuns: 250 },
    )
  })
})
