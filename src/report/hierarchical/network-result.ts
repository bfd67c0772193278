import type { HierarchicalConventionsName } from '../../cost/hierarchical/index.js'
import type { HierarchicalMapping } from '../../map/hierarchical/index.js'
import type { HierarchicalAccelerator, Layer, SearchResult } from '../../model/index.js'

/** One mapped layer of a network. */
export interface HierarchicalLayerResult {
  /** Place in the network, from 1. */
  readonly index: number
  readonly layer: Layer
  readonly result: SearchResult<HierarchicalMapping>
  readonly seconds: number
}

/** A network mapped layer by layer onto a hierarchical accelerator. */
export interface HierarchicalNetworkResult {
  readonly accelerator: HierarchicalAccelerator
  readonly network: string
  /** Name of the conventions. */
  readonly semantics: HierarchicalConventionsName
  readonly search: string
  readonly metric: 'energy' | 'cycles' | 'edp'
  readonly layers: readonly HierarchicalLayerResult[]
  readonly seconds: number
}

/** Cycles of a layer as its conventions count them. */
export function layerCycles({ cost, problem }: HierarchicalMapping): number {
  return problem.conventions.layerLatency === 'with-off-loading'
    ? cost.latency.totalCycles
    : cost.latency.loadedCycles
}

/** Sums over the layers, one after the other. */
export function totals({ layers }: HierarchicalNetworkResult): {
  readonly energyPj: number
  readonly latencyCycles: number
  readonly edp: number
} {
  const energyPj = layers.reduce((sum, each) => sum + each.result.value.cost.energyPj, 0)
  const latencyCycles = layers.reduce((sum, each) => sum + layerCycles(each.result.value), 0)
  return { energyPj, latencyCycles, edp: energyPj * latencyCycles }
}
