/** Loop dimensions in the column order of a scheduling table: K output channels, B batch, P/Q output rows/columns, C input channels, R/S kernel rows/columns, G groups. */
export const tableColumns = ['K', 'B', 'P', 'Q', 'C', 'R', 'S', 'G'] as const
export type TableColumn = (typeof tableColumns)[number]

/** Rows of a scheduling table, innermost first: temporal levels hold loops, spatial rows hold parallel copies. */
export const tableRows = [
  'REGISTER',
  'MAC_ARRAY(X)',
  'MAC_ARRAY(Y)',
  'LOCAL_BUFFER',
  'PE_ARRAY(X)',
  'PE_ARRAY(Y)',
  'GLOBAL_BUFFER',
  'MULTI_CHIPS(X)',
  'MULTI_CHIPS(Y)',
  'DRAM',
] as const
export type TableRow = (typeof tableRows)[number]

/** Column indices of {@link ScheduleTable}. */
export const column = { K: 0, B: 1, P: 2, Q: 3, C: 4, R: 5, S: 6, G: 7 } as const

/** Row indices of {@link ScheduleTable}. */
export const row = {
  register: 0,
  macX: 1,
  macY: 2,
  localBuffer: 3,
  peX: 4,
  peY: 5,
  globalBuffer: 6,
  chipX: 7,
  chipY: 8,
  dram: 9,
} as const

export const columnCount = 8
export const rowCount = 10
export const tableSize = rowCount * columnCount

/**
 * Mapping of one layer: 80 loop factors ≥ 1, row-major (`factors[8 * row + column]`), rows innermost first. The product
 * of a column over all rows is the layer's dimension.
 */
export type ScheduleTable = ArrayLike<number>

/** A table as files and JSON hold it: factors K, B, P, Q, C, R, S, G by row name; an absent row is all ones. */
export type TableByRow = Readonly<Partial<Record<TableRow, readonly number[]>>>

/** Flat table of named rows. */
export function tableFromRows(rows: TableByRow): Int32Array {
  const table = new Int32Array(tableSize).fill(1)
  tableRows.forEach((name, r) => {
    const factors = rows[name]
    if (factors) for (let c = 0; c < columnCount; c++) table[r * columnCount + c] = factors[c] ?? 1
  })
  return table
}

/** Named rows of a flat table; rows for which `shown` is false are left out. */
export function tableToRows(
  table: ScheduleTable,
  shown: (row: number) => boolean = () => true,
): Record<string, number[]> {
  const rows: Record<string, number[]> = {}
  tableRows.forEach((name, r) => {
    if (shown(r))
      rows[name] = Array.from({ length: columnCount }, (_, c) => table[r * columnCount + c])
  })
  return rows
}

/** Product of the eight factors of one row. */
export function rowProduct(table: ScheduleTable, r: number): number {
  let product = 1
  for (let c = 0; c < columnCount; c++) product *= table[r * columnCount + c]
  return product
}

/** The table with every loop in DRAM: always covers the layer, seldom good. */
export function tableInDram(dims: ArrayLike<number>): Int32Array {
  const table = new Int32Array(tableSize).fill(1)
  for (let c = 0; c < columnCount; c++) table[row.dram * columnCount + c] = dims[c]
  return table
}
