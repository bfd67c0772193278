import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRng, InfeasibleError } from '../../src/base/index.js'
import { batchMemory } from '../../src/cost/hierarchical/batch-memory.js'
import {
  publishedConventions,
  standardConventions,
  timeloopConventions,
  zigzagConventions,
  type HierarchicalConventions,
  type HierarchicalProblem,
} from '../../src/cost/hierarchical/index.js'
import {
  orderingSpace,
  withLatency,
  type OrderingSpace,
} from '../../src/map/ordering/ordering-space.js'
import { randomCase, randomMapping } from '../cost/random-problem.js'

function spaceOf(
  problem: HierarchicalProblem,
  latency: 'totalCycles' | 'loadedCycles',
): OrderingSpace | undefined {
  try {
    return withLatency(orderingSpace(problem), latency)
  } catch (error) {
    if (error instanceof InfeasibleError) return undefined
    throw error
  }
}

describe('no mapping is faster than a line that bounds latency', () => {
  test.each<HierarchicalConventions>([
    standardConventions,
    publishedConventions,
    zigzagConventions,
    timeloopConventions,
  ])('$name', (conventions) => {
    let compared = 0
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), fc.boolean(), (seed, stores) => {
        const size = { loop: 12, divisible: false, memories: 4 }
        const { problem } = randomCase(seed, size, conventions)
        const latency = stores ? 'totalCycles' : 'loadedCycles'
        const space = spaceOf(problem, latency)
        if (space?.lines === undefined) return
        const { kernel, lines } = space
        const rng = createRng(seed)
        for (let i = 0; i < 5; i++) {
          kernel.load(randomMapping(rng, problem))
          kernel.evaluate()
          for (let line = 0; line < lines.count; line++) {
            const cycles = cyclesOf(space, line)
            expect(cycles).toBeLessThanOrEqual(kernel[latency][0] * (1 + 1e-12))
            compared++
          }
        }
      }),
      { numRuns: 400 },
    )
    expect(compared).toBeGreaterThan(1000)
  })
})

/** A line of the mapping that the kernel has evaluated, cut by cut from the inside. */
function cyclesOf({ kernel, lines, problem, lattice }: OrderingSpace, line: number): number {
  if (lines === undefined) return 0
  const { stationary, states } = batchMemory
  const { tables } = kernel
  const slider = problem.operands.findIndex((each) => each.operand.sliding.length > 0)
  let cycles = lines.baseCycles[line]
  let firstPeriod = Infinity
  problem.operands.forEach(({ memories }, p) => {
    for (let b = 1; b < memories.length; b++) {
      const row = p * tables.stride + b
      const at = states[stationary[row]] * lines.count + line
      const least = p === slider ? lines.sliding?.least : undefined
      cycles += (least ?? lines.cycles[p])[b][at]
      const bit = lines.waitBit[line]
      const period = lattice.cycles[states[stationary[row]]]
      const waits = bit >= 0 && ((lines.waits[p][b][states[stationary[row]]] >> bit) & 1) === 1
      if (waits) firstPeriod = Math.min(firstPeriod, period)
    }
  })
  return cycles + (firstPeriod < Infinity ? firstPeriod : 0)
}
