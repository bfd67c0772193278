import type { FoldedCost, TableMetric, TableProblem } from '../../cost/scheduling-table/index.js'
import type { BottomUpRules } from './bottom-up-rules.js'

/** What the stages of one search share. */
export interface StageContext {
  readonly problem: TableProblem
  readonly cost: FoldedCost
  readonly rules: BottomUpRules
  readonly metric: TableMetric
  /** Rows that the accelerator has. */
  readonly real: readonly boolean[]
}
