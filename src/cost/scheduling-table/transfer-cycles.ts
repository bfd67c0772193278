import type { AccessCounts } from './access-counts.js'
import type { TableConventions } from './conventions.js'
import type { PerLevel, TableCost } from './table-cost.js'
import type { LevelModel, Triple } from './table-problem.js'

/** Cycles in which each operand keeps one level busy; zeros for a level that does not exist. */
export function operandCycles(
  level: LevelModel,
  tile: Triple,
  count: AccessCounts,
  rounding: TableConventions['lineRounding'],
): Triple {
  const cycles = (x: 0 | 1 | 2, transfers: number): number => {
    if (!level.present) return 0
    const lines =
      rounding === 'per-transfer'
        ? transfers * Math.ceil(tile[x] / level.elementsPerTransfer)
        : Math.ceil((tile[x] * transfers) / level.elementsPerTransfer)
    return lines * level.cyclesPerTransfer[x]
  }
  return [cycles(0, count[0]), cycles(1, count[1]), cycles(2, count[2] + count[3])]
}

/**
 * What the cycles of each level are made of: a shared level adds its operands up, separate buffers work at once and
 * the slowest counts.
 */
export function transferCycles(cost: TableCost): PerLevel<Triple> {
  const { problem, tileSend, access } = cost
  const of = (level: keyof PerLevel<Triple>): Triple =>
    operandCycles(problem[level], tileSend[level], access[level], problem.conventions.lineRounding)
  return { local: of('local'), global: of('global'), dram: of('dram') }
}
