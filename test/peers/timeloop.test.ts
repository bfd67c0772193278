import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  evaluateMapping,
  hierarchicalProblem,
  MappingKernel,
  timeloopConventions,
  type HierarchicalProblem,
} from '../../src/cost/hierarchical/index.js'
import { readHierarchicalAccelerator } from '../../src/formats/index.js'
import { mapHierarchicalLayer } from '../../src/map/hierarchical/index.js'
import { quietRun, type SpatialUnrolling } from '../../src/model/index.js'
import { listPresets } from '../../src/presets/index.js'
import {
  exactSearch,
  rowStationaryMappings,
  rowStationaryUnrollings,
} from './row-stationary-space.js'
import {
  acceleratorOf,
  layerOf,
  mappingOf,
  tensorNames,
  timeloopCases,
  type TimeloopCase,
} from './timeloop-cases.js'

const cases = timeloopCases()
const named = (list: readonly TimeloopCase[]) => list.map((each) => [each.id, each] as const)

/** Of some runs only the energy in µJ with three decimals was kept. */
function tolerance({ nest, energyPj }: TimeloopCase): number {
  return nest === undefined ? 501 / energyPj : 1e-9
}

describe('Timeloop: the given loop nest has the same counts, energy and cycles', () => {
  test.each(named(cases.filter((each) => each.nest !== undefined)))('%s', (_, golden) => {
    const mapping = mappingOf(golden)
    const problem = problemOf(golden, mapping.spatial)
    const cost = evaluateMapping(problem, mapping)
    expect(cost.overflows).toEqual([])
    for (const [level, tensors] of Object.entries(golden.counts ?? {})) {
      for (const [tensor, counts] of Object.entries(tensors)) {
        const name = tensorNames[tensor as keyof typeof tensorNames]
        const p = cost.operands.findIndex((each) => each.name === name)
        const m = problem.operands[p].memories.findIndex((each) => each.name === level)
        const { elements, wordAccesses, energyPj } = cost.operands[p].levels[m]
        const instances = problem.operands[p].mean.instances[m + 1]
        const wordsPerAccess = problem.operands[p].memories[m].readBandwidthBits / 16
        const [reads, updates, drains, fills] = wordAccesses.map(
          (accesses) => (accesses * wordsPerAccess) / instances,
        )
        const { energyPj: energy, ...rest } = counts
        const at = `${tensor} at ${level}`
        expect({ words: elements, instances, reads, fills, updates }, at).toEqual(rest)
        expect(drains, at).toBe(0)
        const own = energyPj.reduce((sum, each) => sum + each, 0)
        expect(relative(own, energy), at).toBeLessThan(1e-6)
      }
    }
    expect(relative(cost.energyPj, golden.energyPj)).toBeLessThan(1e-9)
    expect(cost.latency.totalCycles).toBe(golden.cycles)
  })
})

describe('Timeloop: its own constrained space has as many valid mappings, and its optimum', () => {
  test.each(named(cases.filter((each) => each.exhaustive)))('%s', (_, golden) => {
    let valid = 0
    let best = { objective: Infinity, energyPj: Infinity, cycles: Infinity }
    for (const spatial of rowStationaryUnrollings(golden)) {
      const kernel = new MappingKernel(problemOf(golden, spatial))
      for (const mapping of rowStationaryMappings(golden, spatial)) {
        kernel.load(mapping)
        kernel.evaluate()
        if (kernel.fits[0] === 0) continue
        valid++
        const [energyPj] = kernel.energyPj
        const [cycles] = kernel.totalCycles
        const objective = golden.objective === 'edp' ? energyPj * cycles : energyPj
        if (objective < best.objective) best = { objective, energyPj, cycles }
      }
    }
    expect(valid).toBe(golden.valid)
    expect(relative(best.energyPj, golden.energyPj)).toBeLessThan(tolerance(golden))
    expect(best.cycles).toBe(golden.cycles)
  })
})

/**
 * The row-stationary machine: every unrolling that Timeloop's constraints allow, and any loop order and cuts, so that its
 * space is part of ours. The free machine: all unrollings that fill the array (Timeloop's values are those of random
 * searches).
 */
describe('Timeloop: the exact search reaches or beats it, with a proof', () => {
  const known = new Map<string, ReturnType<typeof search>>()
  test.each(named(cases))('%s', (_, golden) => {
    const { machine, dims, stride, objective: metric, energyPj, cycles } = golden
    const key = JSON.stringify([machine, dims, stride, metric])
    const found = known.get(key) ?? search(golden)
    known.set(key, found)
    const { mapping, cost, problem } = found.value
    expect(found.status).toBe('optimal')
    const theirs = metric === 'edp' ? energyPj * cycles : energyPj
    expect(found.objective).toBeLessThanOrEqual(theirs * (1 + tolerance(golden)))
    expect(cost.overflows).toEqual([])
    const own = evaluateMapping(problem, mapping)
    const objective = own.energyPj * (metric === 'edp' ? own.latency.totalCycles : 1)
    expect(relative(found.objective, objective)).toBeLessThan(1e-9)
  })
})

test('the preset eyeriss-256 is the row-stationary machine', () => {
  const preset = listPresets('accelerators').find((each) => each.name === 'eyeriss-256')
  const text = readFileSync(preset?.path ?? '', 'utf8')
  const accelerator = readHierarchicalAccelerator(text, 'eyeriss-256.yaml')
  for (const golden of cases.filter(({ machine, nest }) => machine === 'eye' && nest)) {
    const mapping = mappingOf(golden)
    const problem = hierarchicalProblem(
      layerOf(golden),
      accelerator,
      mapping.spatial,
      timeloopConventions,
    )
    const cost = evaluateMapping(problem, mapping)
    expect(relative(cost.energyPj, golden.energyPj), golden.id).toBeLessThan(1e-9)
    expect(cost.latency.totalCycles, golden.id).toBe(golden.cycles)
  }
})

function search(golden: TimeloopCase) {
  return mapHierarchicalLayer(layerOf(golden), acceleratorOf(golden), exactSearch(golden), quietRun)
}

function problemOf(golden: TimeloopCase, spatial: SpatialUnrolling): HierarchicalProblem {
  return hierarchicalProblem(layerOf(golden), acceleratorOf(golden), spatial, timeloopConventions)
}

function relative(got: number, want: number): number {
  return Math.abs(got - want) / Math.max(Math.abs(want), 1e-12)
}
