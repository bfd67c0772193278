import { tileSizes, type TableMetric } from '../../cost/scheduling-table/index.js'
import { column, columnCount, row, type ScheduleTable } from '../../model/index.js'
import type { TableMapping } from '../table-search.js'

/** Totals of a layer after what it takes over on chip from the layer before. */
export interface CrossLayerCost {
  /** Elements that stay on chip from one layer to the next: not written to DRAM and not read back. */
  readonly overlapElements: number
  readonly dynamicEnergyPj: number
  readonly staticEnergyPj: number
  readonly energyPj: number
  readonly latencyCycles: number
}

/** How the saving of consecutive layers is accounted. */
export type CrossLayerRule = (
  previous: TableMapping | undefined,
  current: TableMapping,
  metric: TableMetric,
) => CrossLayerCost

/** Extents of what one pass of all chips covers: products of all rows but DRAM's. */
export function onChipExtents(table: ScheduleTable): number[] {
  return Array.from({ length: columnCount }, (_, c) => {
    let product = 1
    for (let r = 0; r < row.dram; r++) product *= table[r * columnCount + c]
    return product
  })
}

/**
 * Cross-layer reuse (specification §9, corrected): the last output tile of a layer is the first input tile of the next
 * as far as the two overlap. It is neither written to DRAM nor read back, once, which shortens the DRAM stage and the
 * time that everything leaks, whatever the metric.
 */
export const standardCrossLayer: CrossLayerRule = (previous, current) => {
  const { cost } = current
  const { problem } = cost
  const overlapElements = previous ? overlap(previous, current) : 0
  const { dram } = problem
  const lines = Math.ceil(overlapElements / dram.elementsPerTransfer)
  const cycles =
    cost.latencyCycles.total - lines * (dram.cyclesPerTransfer[0] + dram.cyclesPerTransfer[2])
  const latencyCycles =
    problem.conventions.overlap === 'full' ? cost.latencyCycles.total : Math.max(0, cycles)
  const dynamicEnergyPj =
    cost.dynamicEnergyPj.total - overlapElements * (dram.accessEnergyPj[0] + dram.accessEnergyPj[2])
  const rate = problem.staticPjPerCycle
  const staticEnergyPj = (rate.mac + rate.local + rate.global + rate.dram) * latencyCycles
  return {
    overlapElements,
    dynamicEnergyPj,
    staticEnergyPj,
    energyPj: dynamicEnergyPj + staticEnergyPj,
    latencyCycles,
  }
}

function overlap(previous: TableMapping, current: TableMapping): number {
  const before = onChipExtents(previous.table)
  const now = onChipExtents(current.table)
  const { layer } = current.cost.problem
  const { P, Q, R, S, B, C, K, G } = column
  const height = (now[P] - 1) * layer.strideY + (now[R] - 1) * layer.dilationY + 1
  const width = (now[Q] - 1) * layer.strideX + (now[S] - 1) * layer.dilationX + 1
  const shared =
    Math.min(before[B], now[B]) *
    Math.min(before[P], height) *
    Math.min(before[Q], width) *
    Math.min(before[K] * before[G], now[C] * now[G])
  // No more than either tile holds.
  return Math.min(shared, tileSizes(layer, now)[0])
}
