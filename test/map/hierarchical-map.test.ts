import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import {
  evaluateMapping,
  publishedConventions,
  standardConventions,
} from '../../src/cost/hierarchical/index.js'
import { hierarchicalMapResult } from '../../src/formats/results/map-hierarchical.js'
import { readHierarchicalAccelerator, readNetwork } from '../../src/formats/index.js'
import {
  loma,
  mapHierarchicalLayer,
  orderingSearches,
  salsa,
  spatialCandidates,
} from '../../src/map/hierarchical/index.js'
import { quietRun, unrollingOf } from '../../src/model/index.js'
import { resolveInput } from '../../src/presets/index.js'
import { hierarchicalDocument, hierarchicalText } from '../../src/report/hierarchical/index.js'
import { randomCase } from '../cost/random-problem.js'

const accelerator = readHierarchicalAccelerator(preset('tpu-like-df', 'accelerators'), 'a.yaml')
const network = readNetwork(preset('fsrcnn', 'networks'), 'n.yaml')
const layer = network.layers[2]

describe('map on a hierarchical accelerator', () => {
  test.each(orderingSearches)('%s: the document matches its schema', (search) => {
    const result = mapHierarchicalLayer(
      layer,
      accelerator,
      { search, metric: 'energy', lpfLimit: 6, spatial: 'given', conventions: standardConventions },
      quietRun,
    )
    const found = {
      accelerator,
      network: network.name,
      semantics: 'standard',
      search,
      metric: 'energy',
      seconds: 1,
      layers: [{ index: 3, layer, result, seconds: 1 }],
    } as const
    expect(hierarchicalMapResult.safeParse(hierarchicalDocument(found, true)).error).toBeUndefined()
    expect(hierarchicalText(found, true)).toContain('energy of MACs')
    expect(result.objective).toBeGreaterThanOrEqual(result.lowerBound)
  })

  test('annealing repeats itself for a seed, and its cost is that of its mapping', () => {
    for (let seed = 1; seed <= 30; seed++) {
      const { problem } = randomCase(
        seed,
        { loop: 8, divisible: true, memories: 0 },
        publishedConventions,
      )
      let found
      try {
        found = salsa(problem, { iterations: 50 }, { ...quietRun, seed })
      } catch {
        continue
      }
      expect(salsa(problem, { iterations: 50 }, { ...quietRun, seed })).toEqual(found)
      const cost = evaluateMapping(problem, found.value)
      expect(cost.energyPj).toBeCloseTo(found.objective, 6)
      expect(cost.overflows).toEqual([])
    }
  })

  test('more loops to order never cost more energy', () => {
    for (const index of [2, 3, 5]) {
      const found = [4, 6].map((lpfLimit) => {
        const result = mapHierarchicalLayer(
          network.layers[index],
          accelerator,
          {
            search: 'loma',
            metric: 'energy',
            lpfLimit,
            spatial: 'given',
            conventions: standardConventions,
          },
          quietRun,
        )
        return loma(result.value.problem, { lpfLimit }).objective
      })
      expect(found[1]).toBeLessThanOrEqual(found[0] * (1 + 1e-12))
    }
  })

  test('candidates of the unrolling fit the array and hold the accelerator’s own', () => {
    const candidates = spatialCandidates(layer, accelerator, standardConventions, 12)
    expect(candidates.length).toBe(12)
    expect(candidates[0]).toEqual(unrollingOf(layer, accelerator))
    for (const candidate of candidates) {
      for (const { name, size } of accelerator.array.dimensions) {
        const taken = candidate.filter((each) => each.arrayDimension === name)
        const positions = taken.reduce((product, each) => product * each.factor, 1)
        expect(positions).toBeLessThanOrEqual(size)
      }
    }
  })
})

function preset(name: string, category: 'accelerators' | 'networks'): string {
  return readFileSync(resolveInput(name, category), 'utf8')
}
