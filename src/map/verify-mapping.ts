import {
  columnCount,
  dataflowChoices,
  rowCount,
  type SearchResult,
  type TableAccelerator,
  type TableLayer,
} from '../model/index.js'
import { checkTable, metricOf, tableCost, tableProblem } from '../cost/scheduling-table/index.js'
import type { TableMapping, TableSearchOptions } from './table-search.js'

/** Relative distance within which two 64-bit evaluations of one mapping agree. */
const AGREES = 1e-9

/**
 * Verifies a search result from nothing but its table and dataflow, with none of the search's code: the loops cover the layer,
 * every array and buffer is large enough, the dataflow is among those allowed, the objective is what the cost model says, and
 * the stated bound and status go together.
 * @returns every fault; empty when the result stands
 */
export function verifyMapping(
  accelerator: TableAccelerator,
  layer: TableLayer,
  options: TableSearchOptions,
  result: SearchResult<TableMapping>,
): string[] {
  const { table, dataflow } = result.value
  if (table.length !== rowCount * columnCount) return [`the table has ${table.length} factors`]
  const faults: string[] = []
  const allowed = dataflowChoices(accelerator, options.dataflow).some((choice) =>
    (['REGISTER', 'LOCAL_BUFFER', 'GLOBAL_BUFFER'] as const).every(
      (level) => (choice[level] ?? 'none') === (dataflow[level] ?? 'none'),
    ),
  )
  if (!allowed) faults.push(`the dataflow ${JSON.stringify(dataflow)} was not to be considered`)
  const problem = tableProblem(accelerator, layer, dataflow, options.conventions)
  faults.push(...checkTable(problem, table).map((violation) => violation.message))
  const objective = metricOf(tableCost(problem, table), options.metric)
  if (!agrees(objective, result.objective))
    faults.push(`the mapping's ${options.metric} is ${objective}, reported is ${result.objective}`)
  if (result.lowerBound > result.objective)
    faults.push(`the lower bound ${result.lowerBound} lies above the objective`)
  if (result.status === 'optimal' && !agrees(result.lowerBound, result.objective))
    faults.push(`reported optimal with the lower bound ${result.lowerBound} below the objective`)
  return faults
}

function agrees(a: number, b: number): boolean {
  return Math.abs(a - b) <= AGREES * Math.max(Math.abs(a), Math.abs(b))
}
