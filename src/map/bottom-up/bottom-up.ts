import {
  checkTable,
  foldedCost,
  metricOf,
  tableCost,
  tableProblem,
  type TableProblem,
} from '../../cost/scheduling-table/index.js'
import {
  dataflowChoices,
  realRows,
  row,
  tableInDram,
  type Run,
  type SearchResult,
  type TableAccelerator,
  type TableLayer,
} from '../../model/index.js'
import { noMappingFits } from '../no-mapping-fits.js'
import type { TableMapping, TableSearchOptions } from '../table-search.js'
import type { BottomUpRules } from './bottom-up-rules.js'
import { runStage } from './run-stage.js'
import type { StageContext } from './stage-context.js'

/** A table on its way through the stages, and how it was chosen so far. */
export interface Candidate {
  readonly table: Int32Array
  readonly strategy: readonly ('PM' | 'SP')[]
}

/**
 * The bottom-up heuristic (specification §8.2): fixes the levels from DRAM inwards, each by its own part of the cost,
 * and keeps at most two tables per stage and candidate. Proves nothing. A DRAM row that differs from the layer's
 * dimensions at entry is taken as fixed (used by the partitioning of sibling layers over chips).
 */
export function bottomUpWith(
  rules: BottomUpRules,
  accelerator: TableAccelerator,
  layer: TableLayer,
  options: TableSearchOptions,
  run: Run,
  start: Int32Array = tableInDram(layer.dims),
): SearchResult<TableMapping> {
  const choices = dataflowChoices(accelerator, options.dataflow)
  let evaluations = 0
  let tooLarge = 0
  const first = tableProblem(accelerator, layer, choices[0], options.conventions)
  let best: TableMapping = {
    table: start,
    dataflow: choices[0],
    cost: tableCost(first, start),
    strategy: '',
  }
  // Every other table holds more on chip than the start: when that does not fit, nothing does.
  if (!runs(first, start)) throw noMappingFits(first)
  let bestObjective = metricOf(best.cost, options.metric)
  for (const dataflow of choices) {
    if (run.cancelled()) break
    const problem = tableProblem(accelerator, layer, dataflow, options.conventions)
    const context: StageContext = {
      problem,
      cost: foldedCost(problem),
      rules,
      metric: options.metric,
      real: realRows(accelerator),
    }
    let candidates: readonly Candidate[] = [{ table: start, strategy: [] }]
    for (const [end, begin] of stagesOf(problem, start)) {
      candidates = candidates.flatMap((candidate) => {
        const result = runStage(context, candidate.table, end, begin)
        evaluations += result.evaluations
        tooLarge += result.tooLarge
        return survivors(candidate, result)
      })
    }
    const found = cheapest(problem, candidates, options)
    if (found !== undefined && metricOf(found.cost, options.metric) < bestObjective) {
      best = found
      bestObjective = metricOf(found.cost, options.metric)
    }
  }
  return {
    value: best,
    objective: bestObjective,
    lowerBound: 0,
    status: 'heuristic',
    evaluations,
    pruned: { 'buffer too small': tooLarge },
  }
}

function survivors(
  candidate: Candidate,
  result: { readonly pm?: Int32Array; readonly sp?: Int32Array },
): Candidate[] {
  const { pm, sp } = result
  if (pm === undefined) return [candidate]
  const kept: Candidate[] = [{ table: pm, strategy: [...candidate.strategy, 'PM'] }]
  if (sp?.some((factor, i) => factor !== pm[i])) {
    kept.push({ table: sp, strategy: [...candidate.strategy, 'SP'] })
  }
  return kept
}

/** First of the lowest total cost; a table that cannot run is passed over. */
function cheapest(
  problem: TableProblem,
  candidates: readonly Candidate[],
  options: TableSearchOptions,
): TableMapping | undefined {
  let best: TableMapping | undefined
  for (const { table, strategy } of candidates) {
    if (!runs(problem, table)) continue
    const cost = tableCost(problem, table)
    if (best && metricOf(cost, options.metric) >= metricOf(best.cost, options.metric)) continue
    best = { table, dataflow: problem.dataflow, cost, strategy: strategy.join('-') }
  }
  return best
}

/** From the outermost level inwards: the row whose loops are split, and the next inner level with a stationarity. */
function stagesOf(problem: TableProblem, start: Int32Array): [number, number][] {
  const { dataflow, layer } = problem
  const held: number[] = [row.dram]
  if ((dataflow.GLOBAL_BUFFER ?? 'none') !== 'none') held.push(row.globalBuffer)
  if ((dataflow.LOCAL_BUFFER ?? 'none') !== 'none') held.push(row.localBuffer)
  const stages = held.map((end, i): [number, number] => [end, held[i + 1] ?? row.register])
  const fixed = layer.dims.some((n, c) => start[row.dram * layer.dims.length + c] !== n)
  return fixed ? stages.slice(1) : stages
}

function runs(problem: TableProblem, table: Int32Array): boolean {
  return checkTable(problem, table).length === 0
}
