import { describe, expect, test } from 'vitest'
import {
  evaluateMapping,
  hierarchicalProblem,
  timeloopConventions,
} from '../../src/cost/hierarchical/index.js'
import {
  acceleratorOf,
  layerOf,
  mappingOf,
  tensorNames,
  timeloopCases,
  type TimeloopCase,
} from './timeloop-cases.js'

const cases = timeloopCases()
const mapped = cases.filter((each) => each.nest !== undefined)
const named = (list: readonly TimeloopCase[]) => list.map((each) => [each.id, each] as const)

describe('Timeloop: the given loop nest', () => {
  test.each(named(mapped))('%s', (_, golden) => {
    const mapping = mappingOf(golden)
    const problem = hierarchicalProblem(
      layerOf(golden),
      acceleratorOf(golden),
      mapping.spatial,
      timeloopConventions,
    )
    const cost = evaluateMapping(problem, mapping)
    expect(cost.overflows).toEqual([])
    for (const [level, tensors] of Object.entries(golden.counts ?? {})) {
      for (const [tensor, counts] of Object.entries(tensors)) {
        const name = tensorNames[tensor as keyof typeof tensorNames]
        const p = cost.operands.findIndex((each) => each.name === name)
        const m = problem.operands[p].memories.findIndex((each) => each.name === level)
        const memory = problem.operands[p].memories[m]
        const { elements, wordAccesses, energyPj } = cost.operands[p].levels[m]
        const instances = problem.operands[p].mean.instances[m + 1]
        const wordsPerAccess = memory.readBandwidthBits / 16
        const [toLow, fromLow, toHigh, fromHigh] = wordAccesses.map(
          (accesses) => (accesses * wordsPerAccess) / instances,
        )
        expect(
          { words: elements, instances, reads: toLow + toHigh, updates: fromLow, fills: fromHigh },
          `${tensor} at ${level}`,
        ).toEqual({
          words: counts.words,
          instances: counts.instances,
          reads: counts.reads,
          updates: counts.updates,
          fills: counts.fills,
        })
        const energy = energyPj.reduce((sum, each) => sum + each, 0)
        expect(relative(energy, counts.energyPj), `${tensor} at ${level}`).toBeLessThan(1e-6)
      }
    }
    expect(relative(cost.energyPj, golden.energyPj)).toBeLessThan(1e-9)
    expect(cost.latency.totalCycles).toBe(golden.cycles)
  })
})

function relative(got: number, want: number): number {
  return Math.abs(got - want) / Math.max(Math.abs(want), 1e-12)
}
