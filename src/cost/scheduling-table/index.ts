import type { ScheduleTable } from '../../model/index.js'
import { evaluateTable } from './evaluate-table.js'
import type { FoldedCost } from './folded.js'
import { Float64FoldedCost } from './folded-cost.js'
import { evaluatePublished } from './published/evaluate-published.js'
import { PublishedFoldedCost } from './published/folded-published.js'
import type { TableCost } from './table-cost.js'
import type { TableProblem } from './table-problem.js'

export type { AccessCounts } from './access-counts.js'
export type { TableConventions } from './conventions.js'
export type { FoldedCost, FoldedTable } from './folded.js'
export type {
  DynamicEnergy,
  PerComponent,
  PerLevel,
  TableCost,
  TableMetric,
  TableViolation,
} from './table-cost.js'
export type { LevelModel, TableProblem, Triple } from './table-problem.js'
export { checkTable, isValidTable } from './check-table.js'
export { foldTable, folded, foldedSize, part } from './folded.js'
export { published, standard, tableConventions } from './conventions.js'
export { evaluateTable } from './evaluate-table.js'
export { metricOf, tableMetrics } from './table-cost.js'
export { tableProblem } from './table-problem.js'
export { tileSizes } from './tiles.js'
export { transferCycles } from './transfer-cycles.js'
export { utilizationPercent } from './utilization.js'

/** Cost of a table in the arithmetic that the problem's conventions ask for: the figure that Heddle reports. */
export function tableCost(problem: TableProblem, table: ScheduleTable): TableCost {
  return problem.conventions.arithmetic === 'fp32-u32'
    ? evaluatePublished(problem, table)
    : evaluateTable(problem, table)
}

/** Allocation-free costs of many tables of one problem, in the arithmetic that its conventions ask for. */
export function foldedCost(problem: TableProblem): FoldedCost {
  return problem.conventions.arithmetic === 'fp32-u32'
    ? new PublishedFoldedCost(problem)
    : new Float64FoldedCost(problem)
}
