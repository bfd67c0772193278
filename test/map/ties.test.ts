import { describe, expect, test } from 'vitest'
import { InfeasibleError } from '../../src/base/index.js'
import {
  evaluateMapping,
  publishedConventions,
  standardConventions,
  timeloopConventions,
  type HierarchicalConventions,
  type HierarchicalProblem,
} from '../../src/cost/hierarchical/index.js'
import { enumerateOrderings } from '../../src/map/ordering/enumerate-orderings.js'
import { mappingOf } from '../../src/map/ordering/mapping-of.js'
import { optimalOrdering } from '../../src/map/ordering/optimal-ordering.js'
import { orderingSpace } from '../../src/map/ordering/ordering-space.js'
import { quietRun } from '../../src/model/index.js'
import { randomCase } from '../cost/random-problem.js'

/** Ties that the search looks at before it makes bounds of latency, and as many as a test has the time for. */
const FEW = 2000
const MOST = 30_000

/** Fewest cycles among mappings of a given energy, without bounds of latency, or undefined when there are too many or few. */
function fewestCycles(problem: HierarchicalProblem, energyPj: number): number | undefined {
  const space = orderingSpace(problem)
  let fewest = Infinity
  const visitor = {
    wants: (leastPj: number): boolean => leastPj <= energyPj * (1 + 1e-12),
    priority: (leastPj: number): number => leastPj,
    visit: (steps: Parameters<typeof mappingOf>[1]): void => {
      const { latency } = evaluateMapping(problem, mappingOf(space, steps))
      fewest = Math.min(fewest, latency.totalCycles)
    },
  }
  const { nodes, complete } = enumerateOrderings(space, visitor, MOST, quietRun)
  return complete && nodes > FEW ? fewest : undefined
}

describe('of many mappings of least energy, the fastest is found', () => {
  test.each<HierarchicalConventions>([
    standardConventions,
    publishedConventions,
    { ...timeloopConventions, inputHalo: 'refetched' },
  ])('$name', (conventions) => {
    let compared = 0
    const size = { loop: 24, divisible: true, memories: 2 }
    for (let seed = 1; seed <= 400 && compared < 8; seed++) {
      const { problem } = randomCase(seed, size, conventions)
      try {
        const { value, objective } = optimalOrdering(problem, { metric: 'energy' }, quietRun)
        const fewest = fewestCycles(problem, objective)
        if (fewest === undefined) continue
        compared++
        expect(value.cost.latency.totalCycles, `seed ${seed}`).toBe(fewest)
      } catch (error) {
        if (!(error instanceof InfeasibleError)) throw error
      }
    }
    expect(compared).toBeGreaterThanOrEqual(3)
  })
})
