import type { TableCost, TableViolation } from '../../cost/scheduling-table/index.js'
import { realRows, tableToRows, type ScheduleTable } from '../../model/index.js'
import { explainCost, type ExplainedFigure } from '../map/index.js'
import { tableStats, type TableStats } from './table-stats.js'

/** One analysed mapping: its cost, and what it breaks. */
export interface Analysis {
  readonly network: string | null
  readonly table: ScheduleTable
  readonly cost: TableCost
  readonly violations: readonly TableViolation[]
}

/** What `heddle analyze --json` prints of one mapping. */
export interface AnalysisDocument {
  readonly accelerator: string
  readonly network: string | null
  readonly layer: string
  readonly semantics: 'standard' | 'published'
  readonly valid: boolean
  readonly violations: readonly TableViolation[]
  readonly energyPj: number
  readonly dynamicEnergyPj: number
  readonly staticEnergyPj: number
  readonly latencyCycles: number
  readonly edp: number
  readonly dataflow: Readonly<Record<string, string>>
  readonly mapping: Readonly<Record<string, readonly number[]>>
  readonly stats: TableStats
  readonly explanation?: readonly ExplainedFigure[]
}

/** The document of an analysis. */
export function analysisDocument(analysis: Analysis, explain: boolean): AnalysisDocument {
  const { cost, table, violations } = analysis
  const { problem } = cost
  const real = realRows(problem.accelerator)
  return {
    accelerator: problem.accelerator.name,
    network: analysis.network,
    layer: problem.layer.name,
    semantics: problem.conventions.name,
    valid: violations.length === 0,
    violations,
    energyPj: cost.energyPj,
    dynamicEnergyPj: cost.dynamicEnergyPj.total,
    staticEnergyPj: cost.staticEnergyPj.total,
    latencyCycles: cost.latencyCycles.total,
    edp: cost.edp,
    dataflow: Object.fromEntries(Object.entries(problem.dataflow)),
    mapping: tableToRows(table, (r) => real[r]),
    stats: tableStats(cost),
    ...(explain ? { explanation: explainCost(cost) } : {}),
  }
}
