import { describe, expect, test } from 'vitest'
import {
  evaluateMapping,
  hierarchicalProblem,
  nnDataflowConventions,
} from '../../src/cost/hierarchical/index.js'
import {
  mapHierarchicalLayer,
  unrollings,
  type HierarchicalSearch,
} from '../../src/map/hierarchical/index.js'
import { spreadKey } from '../../src/map/hierarchical/unrollings.js'
import { bypassing, quietRun, type SpatialUnrolling } from '../../src/model/index.js'
import {
  accelerator,
  accessesOf,
  costByTheirRules,
  idleShare,
  layerOf,
  leapShare,
  levels,
  mappingOf,
  networks,
  unrollingOf,
} from './nn-dataflow-cases.js'

/**
 * Additions are left out: nn_dataflow fetches one of their two inputs only, so no mapping that computes them is as cheap.
 */
const layers = networks
  .flatMap(({ network, layers: own }) =>
    own.map((peer) => [`${network} ${peer.name}`, peer] as const),
  )
  .filter(([, { type }]) => type !== 'EltwiseLayer')

const search: HierarchicalSearch = {
  search: 'optimal',
  metric: 'energy',
  lpfLimit: 6,
  spatial: 'given',
  conventions: nnDataflowConventions,
}

/** Layers whose unrollings are few enough for a test; `npm run bench -- peers` searches all of them. */
const light = layers.filter(([, { P, R }]) => P <= 14 && (R !== 3 || P <= 7))

describe('nn_dataflow', () => {
  /**
   * Two counts differ, both by known shares. The array's interconnect of nn_dataflow also serves units that stand idle in
   * an incomplete pass, except those that have no data of their own there; and rows and columns between those that a
   * stride reads (1×1 kernels of stride 2) are fetched with them.
   */
  test.each(layers)('%s: the given mapping has the same accesses and cycles', (_, peer) => {
    const mapping = mappingOf(peer)
    const seen = bypassing(accelerator, mapping.bypass ?? {})
    const layer = layerOf(peer)
    const problem = hierarchicalProblem(layer, seen, mapping.spatial, nnDataflowConventions)
    const cost = evaluateMapping(problem, mapping)
    expect(cost.overflows).toEqual([])
    expect(cost.latency.temporalCycles).toBe(peer.cycles)
    const counted = accessesOf(problem, cost)
    for (const level of levels) {
      counted[level].forEach((own, tensor) => {
        const idle = level === 'ITCN' ? idleShare(peer, mapping.spatial, tensor) : 1
        const leaps = level !== 'REGF' && tensor === 1 ? leapShare(peer, level) : 1
        const theirs = peer.accesses[level][tensor]
        expect(own * idle * leaps, `${level} ${tensor}`).toBeCloseTo(theirs, 3)
      })
    }
    expect(costByTheirRules(peer, mapping.spatial, counted) / peer.cost).toBeCloseTo(1, 12)
  })

  test.each(layers)('%s: their unrolling is among those that are searched', (_, peer) => {
    const layer = layerOf(peer)
    const key = (unrolling: SpatialUnrolling) => spreadKey(unrolling, layer, accelerator)
    const candidates = new Set(unrollings(layer, accelerator).map(key))
    expect(candidates.has(key(unrollingOf(peer)))).toBe(true)
  })

  test.each(layers)(
    '%s: the exact search under their unrolling reaches their optimum',
    (_, peer) => {
      const layer = { ...layerOf(peer), unrolling: { [accelerator.name]: unrollingOf(peer) } }
      const found = mapHierarchicalLayer(layer, accelerator, search, quietRun)
      const { problem, cost, mapping } = found.value
      expect(found.status).toBe('optimal')
      expect(found.objective).toBeLessThanOrEqual(peer.cost * (1 + 1e-12))
      expect(cost.energyPj / found.objective).toBeCloseTo(1, 10)
      expect(cost.overflows).toEqual([])
      // By their rules too, the two in which ours differ included.
      const theirs = costByTheirRules(peer, mapping.spatial, accessesOf(problem, cost))
      expect(theirs).toBeLessThanOrEqual(peer.cost * (1 + 1e-12))
    },
  )

  test.each(light)('%s: over all unrollings it is as good or better, and proven', (_, peer) => {
    const options = { ...search, spatial: 24 }
    const found = mapHierarchicalLayer(layerOf(peer), accelerator, options, quietRun)
    expect(found.status).toBe('optimal')
    expect(found.objective).toBeLessThanOrEqual(peer.cost * (1 + 1e-12))
    expect(found.value.cost.energyPj / found.objective).toBeCloseTo(1, 10)
    expect(found.value.cost.overflows).toEqual([])
  })
})
