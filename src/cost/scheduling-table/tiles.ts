import { columnCount, rowCount, type ScheduleTable, type TableLayer } from '../../model/index.js'
import type { Triple } from './table-problem.js'

/** Row i of the result is the product of rows 0 … i of the table, column by column (`pre` of specification §6). */
export function prefixProducts(table: ScheduleTable): Float64Array {
  const pre = new Float64Array(rowCount * columnCount)
  for (let i = 0; i < pre.length; i++)
    pre[i] = table[i] * (i < columnCount ? 1 : pre[i - columnCount])
  return pre
}

/** Extents K, B, P, Q, C, R, S, G of prefix row `r`, multiplied by those of further rows of the table. */
export function extents(
  table: ScheduleTable,
  pre: Float64Array,
  r: number,
  further: readonly number[] = [],
): number[] {
  return Array.from({ length: columnCount }, (_, c) =>
    further.reduce((product, f) => product * table[f * columnCount + c], pre[r * columnCount + c]),
  )
}

/** Elements of input, weight and output that a block of the loop nest with these extents touches; halos are shared. */
export function tileSizes(layer: TableLayer, v: ArrayLike<number>): Triple {
  const [k, b, p, q, c, r, s, g] = Array.from(v)
  const height = (p - 1) * layer.strideY + (r - 1) * layer.dilationY + 1
  const width = (q - 1) * layer.strideX + (s - 1) * layer.dilationX + 1
  return [b * c * g * height * width, k * c * r * s * g, k * b * p * q * g]
}
