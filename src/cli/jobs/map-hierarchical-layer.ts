import { InfeasibleError, type Diagnostic } from '../../base/index.js'
import {
  hierarchicalConventions,
  type HierarchicalConventionsName,
} from '../../cost/hierarchical/index.js'
import { mapHierarchicalLayer, type HierarchicalSearch } from '../../map/hierarchical/index.js'
import type {
  HierarchicalAccelerator,
  Layer,
  Run,
  SearchResult,
  UnevenMapping,
} from '../../model/index.js'

/** One layer to be mapped. Only plain values: jobs cross into worker threads. */
export interface HierarchicalLayerJob extends Omit<HierarchicalSearch, 'conventions'> {
  readonly accelerator: HierarchicalAccelerator
  readonly layer: Layer
  readonly semantics: HierarchicalConventionsName
}

/** A mapping as plain values; its cost is evaluated again by whoever receives it. */
export interface HierarchicalLayerOutcome {
  readonly found?: SearchResult<UnevenMapping>
  /** Why there is no mapping. */
  readonly infeasible?: readonly Diagnostic[]
  readonly seconds: number
}

export function run(job: HierarchicalLayerJob, run: Run): HierarchicalLayerOutcome {
  const { accelerator, layer, semantics, ...search } = job
  const conventions = hierarchicalConventions[semantics]
  const started = performance.now()
  const seconds = (): number => (performance.now() - started) / 1000
  try {
    const found = mapHierarchicalLayer(layer, accelerator, { ...search, conventions }, run)
    return { found: { ...found, value: found.value.mapping }, seconds: seconds() }
  } catch (error) {
    if (!(error instanceof InfeasibleError)) throw error
    return { infeasible: error.diagnostics, seconds: seconds() }
  }
}
