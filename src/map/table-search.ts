import type { TableConventions, TableCost, TableMetric } from '../cost/scheduling-table/index.js'
import type {
  Run,
  ScheduleTable,
  SearchResult,
  TableAccelerator,
  TableDataflow,
  TableLayer,
} from '../model/index.js'

/** What a search of scheduling tables minimises, and among what. */
export interface TableSearchOptions {
  readonly metric: TableMetric
  /** `fixed`: the accelerator's stationarities; `flexible`: every combination is a candidate. */
  readonly dataflow: 'fixed' | 'flexible'
  readonly conventions: TableConventions
}

/** A mapping that a search returns. */
export interface TableMapping {
  readonly table: ScheduleTable
  readonly dataflow: TableDataflow
  readonly cost: TableCost
  /** How a heuristic arrived at it, e.g. `PM-SP-PM`. */
  readonly strategy?: string
}

/**
 * A search over the scheduling tables of one layer. The value's cost is that of `evaluateTable` under the options'
 * conventions; the table passes `checkTable` unless a published search returns its start table.
 * @throws InfeasibleError naming the constraint that no table meets
 */
export type TableSearch = (
  accelerator: TableAccelerator,
  layer: TableLayer,
  options: TableSearchOptions,
  run: Run,
) => SearchResult<TableMapping>
