import { folded, type TableProblem } from '../cost/scheduling-table/index.js'
import { row } from '../model/index.js'

const FOLD_OF_ROW = new Map<number, number>([
  [row.macX, folded.mac],
  [row.macY, folded.mac],
  [row.localBuffer, folded.local],
  [row.peX, folded.pe],
  [row.peY, folded.pe],
  [row.globalBuffer, folded.global],
  [row.chipX, folded.chip],
  [row.chipY, folded.chip],
  [row.dram, folded.dram],
])

/** Where a row of a scheduling table lies in a folded one; the register row has no place there. */
export function foldOfRow(r: number): number {
  const at = FOLD_OF_ROW.get(r)
  if (at === undefined) throw new RangeError(`row ${r} is not part of a folded table`)
  return at
}

/** Units side by side that a row may use; Infinity for a memory level. */
export function sideOfRow(problem: TableProblem, r: number): number {
  const { macArray, peArray, chips } = problem
  switch (r) {
    case row.macX:
      return macArray.x
    case row.macY:
      return macArray.y
    case row.peX:
      return peArray.x
    case row.peY:
      return peArray.y
    case row.chipX:
      return chips.x
    case row.chipY:
      return chips.y
    default:
      return Infinity
  }
}
