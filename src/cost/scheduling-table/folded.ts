import { columnCount, row, type ScheduleTable } from '../../model/index.js'

/**
 * A scheduling table with the two sides of each array multiplied into one row: no cost tells X from Y, only the
 * capacity of a side does. Six rows of eight columns, innermost first.
 */
export type FoldedTable = Int32Array

/** Offsets of the rows of a {@link FoldedTable}. */
export const folded = {
  mac: 0,
  local: columnCount,
  pe: 2 * columnCount,
  global: 3 * columnCount,
  chip: 4 * columnCount,
  dram: 5 * columnCount,
} as const

export const foldedSize = 6 * columnCount

/** Folds a table; its register row must be all ones. */
export function foldTable(table: ScheduleTable, into = new Int32Array(foldedSize)): FoldedTable {
  const at = (r: number, c: number): number => table[r * columnCount + c]
  for (let c = 0; c < columnCount; c++) {
    into[folded.mac + c] = at(row.macX, c) * at(row.macY, c)
    into[folded.local + c] = at(row.localBuffer, c)
    into[folded.pe + c] = at(row.peX, c) * at(row.peY, c)
    into[folded.global + c] = at(row.globalBuffer, c)
    into[folded.chip + c] = at(row.chipX, c) * at(row.chipY, c)
    into[folded.dram + c] = at(row.dram, c)
  }
  return into
}

/** Parts of the cost that {@link FoldedCost} computes on demand; what is not asked for keeps its last value. */
export const part = { dram: 1, global: 2, local: 4, all: 7 } as const

/**
 * The cost of folded tables without allocation: the fast twin of `evaluateTable` and `evaluatePublished`, to which
 * property tests hold it. The factors of every column must multiply to the layer's dimension.
 */
export interface FoldedCost {
  /** Computes the asked parts into the fields. Local-buffer cycles need `local`, fills of it `global`. */
  evaluate(f: FoldedTable, parts: number): void
  localUpperPj: number
  localLowerPj: number
  globalUpperPj: number
  globalLowerPj: number
  dramPj: number
  macCycles: number
  localCycles: number
  globalCycles: number
  dramCycles: number
  /** Sum of all dynamic and static energy; valid after `part.all`. */
  energyPj(): number
  /** Latency; valid after `part.all`. */
  cycles(): number
  /** Whether the tiles of the evaluated table fit their buffers; valid after any call. */
  fits: boolean
}
