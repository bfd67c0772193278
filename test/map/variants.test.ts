import { describe, expect, test } from 'vitest'
import { InfeasibleError } from '../../src/base/index.js'
import {
  evaluateMapping,
  hierarchicalProblem,
  standardConventions,
} from '../../src/cost/hierarchical/index.js'
import {
  bypassCandidates,
  mapHierarchicalLayer,
  unrollings,
  type HierarchicalSearch,
} from '../../src/map/hierarchical/index.js'
import { boundedVariants } from '../../src/map/hierarchical/variant-floors.js'
import { orderingSpace, searchEnergy } from '../../src/map/ordering/index.js'
import {
  bypassing,
  quietRun,
  type HierarchicalAccelerator,
  type Layer,
  type SpatialUnrolling,
} from '../../src/model/index.js'
import { randomCase } from '../cost/random-problem.js'

const everything: HierarchicalSearch = {
  search: 'optimal',
  metric: 'energy',
  lpfLimit: 6,
  spatial: Infinity,
  bypass: 'auto',
  conventions: standardConventions,
}

/** Random layers and accelerators with few enough variants to search every one to its end. */
function cases(count: number): [number, Layer, HierarchicalAccelerator][] {
  const found: [number, Layer, HierarchicalAccelerator][] = []
  for (let seed = 1; found.length < count; seed++) {
    const { problem } = randomCase(seed, { loop: 6, divisible: false, memories: 2 })
    const { layer, accelerator } = problem
    // An addition's problem already sees its two inputs side by side.
    if (layer.operator === 'add') continue
    const variants =
      unrollings(layer, accelerator).length * bypassCandidates(layer, accelerator, 'auto').length
    if (variants > 1 && variants <= 100) found.push([seed, layer, accelerator])
  }
  return found
}

/** Least energy of a variant, its search run to the end. */
function leastEnergyPj(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  unrolling: SpatialUnrolling,
): number {
  try {
    const problem = hierarchicalProblem(layer, accelerator, unrolling)
    return searchEnergy(orderingSpace(problem, false), quietRun).energyPj
  } catch (error) {
    if (error instanceof InfeasibleError) return Infinity
    throw error
  }
}

describe('unrollings and bypasses together', () => {
  const all = cases(40)

  test('the search finds the best of all variants and proves it; no bound exceeds its variant', () => {
    for (const [seed, layer, accelerator] of all) {
      const spread = unrollings(layer, accelerator)
      const bypasses = bypassCandidates(layer, accelerator, 'auto')
      const variants = boundedVariants(layer, accelerator, spread, bypasses, standardConventions)
      expect(variants.length).toBe(spread.length * bypasses.length)
      let least = Infinity
      for (const { unrolling, bypass, floorPj } of variants) {
        const energyPj = leastEnergyPj(layer, bypassing(accelerator, bypass), unrolling)
        expect(floorPj, `seed ${seed}`).toBeLessThanOrEqual(energyPj * (1 + 1e-9))
        least = Math.min(least, energyPj)
      }
      if (least === Infinity) {
        expect(() => mapHierarchicalLayer(layer, accelerator, everything, quietRun)).toThrow(
          InfeasibleError,
        )
        continue
      }
      const found = mapHierarchicalLayer(layer, accelerator, everything, quietRun)
      expect(found.status, `seed ${seed}`).toBe('optimal')
      expect(found.objective / least, `seed ${seed}`).toBeCloseTo(1, 9)
      const { mapping } = found.value
      const seen = bypassing(accelerator, mapping.bypass ?? {})
      const cost = evaluateMapping(hierarchicalProblem(layer, seen, mapping.spatial), mapping)
      expect(cost.energyPj / least, `seed ${seed}`).toBeCloseTo(1, 9)
      expect(cost.overflows).toEqual([])
    }
  })

  test('stopped after a few variants, the bound still holds', () => {
    for (const [seed, layer, accelerator] of all.slice(0, 20)) {
      let best, some
      try {
        best = mapHierarchicalLayer(layer, accelerator, everything, quietRun)
        some = mapHierarchicalLayer(
          layer,
          accelerator,
          { ...everything, spatial: 1, states: 0 },
          quietRun,
        )
      } catch (error) {
        if (error instanceof InfeasibleError) continue
        throw error
      }
      expect(some.objective, `seed ${seed}`).toBeGreaterThanOrEqual(best.objective * (1 - 1e-9))
      expect(some.lowerBound, `seed ${seed}`).toBeLessThanOrEqual(best.objective * (1 + 1e-9))
      if (some.status === 'optimal') expect(some.objective / best.objective).toBeCloseTo(1, 9)
    }
  })

  test('only memories that the accelerator names are passed by unless asked otherwise', () => {
    const [, layer, accelerator] = all.find(([, , each]) => each.memories.length > 1) ?? all[0]
    const some = accelerator.memories.map((memory, index) =>
      index === 0 ? { ...memory, mayBypass: [memory.operands[0]] } : memory,
    )
    const given = bypassCandidates(layer, { ...accelerator, memories: some }, 'given')
    const auto = bypassCandidates(layer, accelerator, 'auto')
    expect(bypassCandidates(layer, accelerator, 'given')).toEqual([{}])
    expect(given.length).toBeLessThanOrEqual(2)
    expect(auto[0]).toEqual({})
    expect(auto.length).toBeGreaterThan(given.length)
  })
})
