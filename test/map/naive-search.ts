import {
  columnCount,
  dataflowChoices,
  realRows,
  tableSize,
  type TableAccelerator,
  type TableLayer,
} from '../../src/model/index.js'
import {
  evaluateTable,
  isValidTable,
  tableProblem,
  type TableConventions,
  type TableCost,
} from '../../src/cost/scheduling-table/index.js'

/** Every valid table of a layer under every dataflow, the slow and obvious way. */
export function* everyTable(
  accelerator: TableAccelerator,
  layer: TableLayer,
  dataflow: 'fixed' | 'flexible',
  conventions: TableConventions,
): Generator<TableCost> {
  const rows = realRows(accelerator).flatMap((real, r) => (real && r > 0 ? [r] : []))
  for (const choice of dataflowChoices(accelerator, dataflow)) {
    const problem = tableProblem(accelerator, layer, choice, conventions)
    for (const table of fill(0, new Int32Array(tableSize).fill(1))) {
      if (isValidTable(problem, table)) yield evaluateTable(problem, table)
    }
  }

  function* fill(column: number, table: Int32Array): Generator<Int32Array> {
    if (column === columnCount) yield table
    else yield* split(column, 0, layer.dims[column], table)
  }

  function* split(c: number, i: number, rest: number, table: Int32Array): Generator<Int32Array> {
    if (i === rows.length - 1) {
      table[rows[i] * columnCount + c] = rest
      yield* fill(c + 1, table)
      return
    }
    for (let f = 1; f <= rest; f++) {
      if (rest % f !== 0) continue
      table[rows[i] * columnCount + c] = f
      yield* split(c, i + 1, rest / f, table)
    }
    table[rows[i] * columnCount + c] = 1
  }
}
