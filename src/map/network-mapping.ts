import type { TableMetric } from '../cost/scheduling-table/index.js'
import {
  shapeKey,
  type SearchResult,
  type TableAccelerator,
  type TableLayer,
} from '../model/index.js'
import type { CrossLayerCost } from './cross-layer/index.js'
import type { ChipPartition } from './multi-chip/index.js'
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
  /** Totals with cross-layer reuse, when it was asked for; the mapping's own cost is without. */
  readonly crossLayer?: CrossLayerCost
}

/** Totals of a layer after what it takes over on chip from the layer before: the cost that the network's sum counts. */
export function layerTotals(mapped: MappedLayer): {
  readonly dynamicEnergyPj: number
  readonly staticEnergyPj: number
  readonly energyPj: number
  readonly latencyCycles: number
} {
  const { cost } = mapped.result.value
  return (
    mapped.crossLayer ?? {
      dynamicEnergyPj: cost.dynamicEnergyPj.total,
      staticEnergyPj: cost.staticEnergyPj.total,
      energyPj: cost.energyPj,
      latencyCycles: cost.latencyCycles.total,
    }
  )
}

/** The mappings of a network's layers, run one after the other. */
export interface NetworkMapping {
  readonly accelerator: TableAccelerator
  readonly network: string
  readonly metric: TableMetric
  readonly semantics: 'standard' | 'published'
  readonly search: string
  readonly layers: readonly MappedLayer[]
  /** How sibling layers share the chips, when that was asked for; their mappings are among `layers`. */
  readonly partition?: ChipPartition
  /** Layers without multiply-accumulates, which have no mapping. */
  readonly skipped: readonly string[]
  /** Time from the first search to the last result. */
  readonly seconds: number
}

/**
 * Sums over the layers; EDP is that of the whole run: total energy × total latency. Layers that run side by side on shares of
 * the chips count the latency of the slowest.
 */
export function networkTotals(mapping: NetworkMapping): {
  readonly energyPj: number
  readonly latencyCycles: number
  readonly edp: number
} {
  let energyPj = 0
  let latencyCycles = 0
  let sideBySide = 0
  mapping.layers.forEach((mapped, i) => {
    const totals = layerTotals(mapped)
    energyPj += totals.energyPj
    if (mapping.partition?.layers[i]?.parallel)
      sideBySide = Math.max(sideBySide, totals.latencyCycles)
    else latencyCycles += totals.latencyCycles
  })
  latencyCycles += sideBySide
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
