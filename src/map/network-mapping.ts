import type { TableMetric } from '../cost/scheduling-table/index.js'
import {
  shapeKey,
  type SearchResult,
  type TableAccelerator,
  type TableLayer,
} from '../model/index.js'
import type { ParetoSet } from './pareto-set.js'
import type { TableMapping } from './table-search.js'

/** One layer of a network with its mapping. */
export interface MappedLayer {
  /** Place in the network, from 1. */
  readonly index: number
  readonly layer: TableLayer
  readonly result: SearchResult<TableMapping>
  /** Time of the search; 0 when another layer of the same shape was solved in its stead. */
  readonly seconds: number
  /** Index of the layer whose search this result is from. */
  readonly sameAs?: number
  /** Objective of the bottom-up search, when it was run for comparison. */
  readonly bottomUpObjective?: number
  /** Mappings that no other beats in both energy and latency, when they were asked for. */
  readonly pareto?: ParetoSet
}

/** The mappings of a network's layers, run one after the other. */
export interface NetworkMapping {
  readonly accelerator: TableAccelerator
  readonly network: string
  readonly metric: TableMetric
  readonly semantics: 'standard' | 'published'
  readonly search: string
  readonly layers: readonly MappedLayer[]
  /** Layers without multiply-accumulates, which have no mapping. */
  readonly skipped: readonly string[]
  /** Time from the first search to the last result. */
  readonly seconds: number
}

/** Sums over the layers; EDP is that of the whole run: total energy × total latency. */
export function networkTotals(mapping: NetworkMapping): {
  readonly energyPj: number
  readonly latencyCycles: number
  readonly edp: number
} {
  let energyPj = 0
  let latencyCycles = 0
  for (const { result } of mapping.layers) {
    energyPj += result.value.cost.energyPj
    latencyCycles += result.value.cost.latencyCycles.total
  }
  return { energyPj, latencyCycles, edp: energyPj * latencyCycles }
}

/** Positions of the first layer of each shape; every other layer poses the same problem as one of them. */
export function distinctLayers(layers: readonly TableLayer[]): {
  readonly first: readonly number[]
  /** Per layer: position in `first`. */
  readonly of: readonly number[]
} {
  const seen = new Map<string, number>()
  const first: number[] = []
  const of = layers.map((layer, i) => {
    const key = shapeKey(layer)
    let place = seen.get(key)
    if (place === undefined) {
      place = first.length
      seen.set(key, place)
      first.push(i)
    }
    return place
  })
  return { first, of }
}
