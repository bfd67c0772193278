import type { AccessCounts } from './access-counts.js'
import type { TableProblem, Triple } from './table-problem.js'

/** A figure per memory level. */
export interface PerLevel<T> {
  readonly local: T
  readonly global: T
  readonly dram: T
}

/** Energy or latency per component. */
export interface PerComponent {
  readonly mac: number
  readonly local: number
  readonly global: number
  readonly dram: number
  readonly total: number
}

/** Dynamic energy: buffers split in the side towards the MACs (`upper`) and the fills from outside (`lower`). */
export interface DynamicEnergy extends PerComponent {
  readonly localUpper: number
  readonly localLower: number
  readonly globalUpper: number
  readonly globalLower: number
}

/** Why a table cannot run: the constraint, what the table needs and what there is. */
export interface TableViolation {
  readonly constraint:
    'register-row' | 'absent-row' | 'array-side' | 'capacity' | 'coverage' | 'factor'
  /** Row or buffer, e.g. `PE_ARRAY(X)`, `LOCAL_BUFFER weight`, or a column for `coverage`. */
  readonly where: string
  readonly found: number
  readonly limit: number
  readonly message: string
}

/** Everything the cost model says about one table (specification §6 and §7). */
export interface TableCost {
  readonly problem: TableProblem
  /** Elements that a level sends inward per transfer, for all copies together. */
  readonly tileSend: PerLevel<Triple>
  /** Elements that one instance of a level holds. */
  readonly tileAlloc: PerLevel<Triple>
  /** Tile transfers inward. */
  readonly access: PerLevel<AccessCounts>
  /** MAC units per PE, PEs per chip, chips at work: [x, y]. */
  readonly active: {
    readonly mac: readonly [number, number]
    readonly pe: readonly [number, number]
    readonly chip: readonly [number, number]
  }
  readonly dynamicEnergyPj: DynamicEnergy
  readonly staticEnergyPj: PerComponent
  readonly latencyCycles: PerComponent
  /** Dynamic and static. */
  readonly energyPj: number
  /** energyPj × latencyCycles. */
  readonly edp: number
}

/** What a search minimises. */
export const tableMetrics = ['energy', 'cycles', 'edp'] as const
export type TableMetric = (typeof tableMetrics)[number]

/** The figure of a cost that a metric names. */
export function metricOf(cost: TableCost, metric: TableMetric): number {
  switch (metric) {
    case 'energy':
      return cost.energyPj
    case 'cycles':
      return cost.latencyCycles.total
    case 'edp':
      return cost.edp
  }
}
