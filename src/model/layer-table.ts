import type { TableDataflow } from './table-accelerator.js'
import type { TableByRow } from './schedule-table.js'

/** A mapping of one named layer, as files hold it. */
export interface LayerTable {
  readonly kind: 'scheduling-table'
  readonly layer: string
  /** Absent: the accelerator's own. */
  readonly dataflow?: TableDataflow
  /** Rows that are absent are all ones. */
  readonly rows: TableByRow
}
