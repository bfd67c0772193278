import {
  columnCount,
  row,
  tableSize,
  type ScheduleTable,
  type TableArray,
} from '../../model/index.js'
import { arraySides } from './array-shapes.js'
import type { FoldedMapping } from './inner-evaluator.js'
import type { TileLattice } from './tile-lattice.js'

/**
 * Writes a folded mapping as a scheduling table: merged dimensions are dealt out to their columns and spatial unrollings to
 * the two sides of their arrays, prime by prime. No formula tells the ways to do so apart.
 */
export function unfoldMapping(
  lattice: TileLattice,
  mapping: FoldedMapping,
  dims: readonly number[],
  arrays: { readonly mac: TableArray; readonly pe: TableArray; readonly chips: TableArray },
): ScheduleTable {
  const table = new Int32Array(tableSize).fill(1)
  const top = lattice.size - 1
  const localTile = mapping.pesTile - mapping.pes
  const levels: { point: number; rows: readonly number[]; array?: TableArray }[] = [
    { point: mapping.macs, rows: [row.macX, row.macY], array: arrays.mac },
    { point: localTile - mapping.macs, rows: [row.localBuffer] },
    { point: mapping.pes, rows: [row.peX, row.peY], array: arrays.pe },
    { point: mapping.globalTile - mapping.pesTile, rows: [row.globalBuffer] },
    { point: mapping.chips, rows: [row.chipX, row.chipY], array: arrays.chips },
    { point: top - mapping.chipsTile, rows: [row.dram] },
  ]
  const left = [...dims]
  for (const { point, rows, array } of levels) {
    const sides = array && arraySides(lattice.volume[point], array)
    let xLeft = sides?.x ?? 1
    for (const axis of lattice.axes) {
      const { columns } = lattice.dimensions[axis.dimension]
      let exponent = Math.floor(point / axis.step) % (axis.max + 1)
      for (const c of columns) {
        for (; exponent > 0 && left[c] % axis.prime === 0; exponent--) {
          left[c] /= axis.prime
          const onX = array !== undefined && xLeft % axis.prime === 0
          if (onX) xLeft /= axis.prime
          table[rows[array === undefined || onX ? 0 : 1] * columnCount + c] *= axis.prime
        }
      }
    }
  }
  return table
}
