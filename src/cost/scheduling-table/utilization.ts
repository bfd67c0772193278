import { operands } from '../../model/index.js'
import type { TableCost } from './table-cost.js'
import type { LevelModel, Triple } from './table-problem.js'

/**
 * How full each buffer is and how much of each array works, in percent: `LB_shared` or `LB_input` …, the same for `GB`,
 * `mac`, `pe`, `chip`. Operands that bypass a buffer are left out (specification §6).
 */
export function utilizationPercent(cost: TableCost): Record<string, number> {
  const { problem, tileAlloc, active } = cost
  const round = problem.conventions.arithmetic === 'fp32-u32' ? Math.fround : (n: number) => n
  const percent = (part: number, whole: number): number => round(100 * round(part / whole))
  const buffer = (name: string, level: LevelModel, tile: Triple): [string, number][] => {
    if (!level.present) return []
    if (level.shared) {
      const held = tile.reduce((sum, n, x) => sum + (level.bypassed[x] ? 0 : n), 0)
      return [[`${name}_shared`, percent(held, level.capacity[0])]]
    }
    return operands.flatMap((operand, x): [string, number][] =>
      level.bypassed[x] ? [] : [[`${name}_${operand}`, percent(tile[x], level.capacity[x])]],
    )
  }
  const array = (
    units: readonly [number, number],
    capacity: { readonly x: number; readonly y: number },
  ): number => percent(units[0] * units[1], capacity.x * capacity.y)
  return Object.fromEntries([
    ...buffer('LB', problem.local, tileAlloc.local),
    ...buffer('GB', problem.global, tileAlloc.global),
    ['mac', array(active.mac, problem.macArray)],
    ['pe', array(active.pe, problem.peArray)],
    ['chip', array(active.chip, problem.chips)],
  ])
}
