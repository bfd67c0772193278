import { describe, expect, test } from 'vitest'
import { InfeasibleError } from '../../src/base/index.js'
import {
  BoundaryTerms,
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
import { spreadKey } from '../../src/map/hierarchical/unrollings.js'
import { boundedVariants } from '../../src/map/hierarchical/variant-floors.js'
import { operandFloorPj, orderingSpace, searchEnergy } from '../../src/map/ordering/index.js'
import {
  bypassing,
  loopDims,
  quietRun,
  type HierarchicalAccelerator,
  type Layer,
  type LoopDim,
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

/** All ways to fill one array dimension after another with loops in their order, as the definition has it. */
function plainUnrollings(layer: Layer, accelerator: HierarchicalAccelerator): SpatialUnrolling[] {
  type Passes = Layer['dims']
  const choices = (dim: LoopDim, room: number, passes: Passes): number[] => {
    const iterations = passes[dim]
    const most = (places: number) => Math.ceil(iterations / Math.ceil(iterations / places))
    const divisors = Array.from({ length: Math.min(iterations, room) }, (_, i) => i + 1)
      .slice(1)
      .filter((n) => iterations % n === 0)
    const beside = [1, ...loopDims.filter((other) => other !== dim).map((other) => passes[other])]
      .map((others) => Math.floor(room / others))
      .filter((places) => places > 1)
    return [...new Set([...divisors, ...beside.map(most)])]
  }
  type Spread = readonly [unrolling: SpatialUnrolling, passes: Passes]
  const fill = (
    [unrolling, passes]: Spread,
    name: string,
    room: number,
    first: number,
  ): Spread[] => {
    if (room < 2 || loopDims.every((dim) => passes[dim] === 1)) return [[unrolling, passes]]
    return loopDims
      .slice(first)
      .flatMap((dim, i) =>
        passes[dim] === 1
          ? []
          : choices(dim, room, passes).flatMap((factor) =>
              fill(
                [
                  [...unrolling, { arrayDimension: name, dim, factor }],
                  { ...passes, [dim]: Math.ceil(passes[dim] / factor) },
                ],
                name,
                Math.floor(room / factor),
                first + i + 1,
              ),
            ),
      )
  }
  return accelerator.array.dimensions
    .reduce<Spread[]>(
      (found, { name, size }) => found.flatMap((each) => fill(each, name, size, 0)),
      [[[], layer.dims]],
    )
    .map(([unrolling]) => unrolling)
}

/** Least energy of a variant, its search run to the end. */
function leastEnergyPj(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  unrolling: SpatialUnrolling,
): number {
  try {
    const problem = hierarchicalProblem(layer, accelerator, unrolling)
    return searchEnergy(orderingSpace(problem), quietRun).energyPj
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

  test('the bound of a variant is what its operands need one by one, however many variants share it', () => {
    for (const [seed, layer, accelerator] of all.slice(0, 20)) {
      const spread = unrollings(layer, accelerator)
      const bypasses = bypassCandidates(layer, accelerator, 'auto')
      const variants = boundedVariants(layer, accelerator, spread, bypasses, standardConventions)
      for (const { unrolling, bypass, floorPj } of variants) {
        const seen = bypassing(accelerator, bypass)
        const problem = hierarchicalProblem(layer, seen, unrolling)
        const terms = new BoundaryTerms(problem)
        const alone = problem.operands.map((_, p) => operandFloorPj(terms, p))
        const sum = alone.reduce((total, each) => total + each, problem.macEnergyPj)
        if (sum === Infinity) expect(floorPj, `seed ${seed}`).toBe(Infinity)
        else expect(floorPj / sum, `seed ${seed}`).toBeCloseTo(1, 10)
      }
    }
  })

  test('unrollings are those that a plain recursion finds, in its order', () => {
    for (let seed = 1; seed <= 200; seed++) {
      const { layer, accelerator } = randomCase(seed, {
        loop: 12,
        divisible: false,
        memories: 3,
      }).problem
      const [own, ...found] = unrollings(layer, accelerator)
      const keys = new Set<string>()
      const plain = plainUnrollings(layer, accelerator).filter((each) => {
        const key = spreadKey(each, layer, accelerator)
        return !keys.has(key) && keys.add(key)
      })
      const rest = plain.filter((each) => JSON.stringify(each) !== JSON.stringify(own))
      const none = [own, ...rest].every((each) => each.length > 0) ? [[]] : []
      expect(found, `seed ${seed}`).toEqual([...rest, ...none])
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
