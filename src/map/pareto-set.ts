import type { TableMapping } from './table-search.js'

/** Mappings of one layer of which none is beaten by another in energy and latency both. */
export interface ParetoSet {
  /** Least energy first. */
  readonly points: readonly TableMapping[]
  /** Every trade-off is there; false when the run was cancelled before that was proven. */
  readonly complete: boolean
}
