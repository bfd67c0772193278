import type { TableMapping } from '../table-search.js'

/** How sibling layers (which read one input) share the chips of an accelerator. */
export interface ChipPartition {
  readonly layers: readonly PartitionedLayer[]
  /** Metric of all layers together, savings deducted. */
  readonly objective: number
  /** Published semantics: the partition's own cost, which its printed result subtracts from the layers' costs (Q32). */
  readonly partitionCost?: number
  readonly evaluations: number
}

/** One sibling: alone on all chips, or side by side with others on some of them. */
export interface PartitionedLayer {
  readonly parallel: boolean
  readonly chips: number
  readonly mapping: TableMapping
}
