export type { AccessCounts } from './access-counts.js'
export type { TableConventions } from './conventions.js'
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
export { published, standard, tableConventions } from './conventions.js'
export { evaluateTable } from './evaluate-table.js'
export { metricOf, tableMetrics } from './table-cost.js'
export { tableProblem } from './table-problem.js'
export { tileSizes } from './tiles.js'
