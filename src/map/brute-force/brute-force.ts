import {
  foldedCost,
  part,
  tableCost,
  tableProblem,
  type FoldedCost,
  type TableMetric,
  type TableProblem,
} from '../../cost/scheduling-table/index.js'
import {
  columnCount,
  dataflowChoices,
  realRows,
  rowCount,
  tableSize,
  type Run,
} from '../../model/index.js'
import { factorings } from '../factor-lists.js'
import { foldOfRow, sideOfRow } from '../fold-rows.js'
import { noMappingFits } from '../no-mapping-fits.js'
import type { TableMapping, TableSearch } from '../table-search.js'

const POLL_EVERY = 8192

interface Found {
  objective: number
  dramProduct: number
  table?: Int32Array
}

/**
 * Every table of the accelerator's rows, in the published order (specification §8.1): a proof for small layers, and the
 * measure of the other searches. Lowest objective; then the smallest DRAM row; then the first. Only what breaks a
 * constraint however it is completed is left out.
 */
export const bruteForce: TableSearch = (accelerator, layer, options, run) => {
  let best: TableMapping | undefined
  let bestObjective = Infinity
  const totals = { evaluations: 0, side: 0, capacity: 0, stopped: false }
  for (const dataflow of dataflowChoices(accelerator, options.dataflow)) {
    const problem = tableProblem(accelerator, layer, dataflow, options.conventions)
    const found = enumerate(problem, options.metric, run, totals)
    if (found.table !== undefined && found.objective < bestObjective) {
      bestObjective = found.objective
      best = { table: found.table, dataflow, cost: tableCost(problem, found.table) }
    }
  }
  if (best === undefined) {
    throw noMappingFits(
      tableProblem(
        accelerator,
        layer,
        dataflowChoices(accelerator, 'fixed')[0],
        options.conventions,
      ),
    )
  }
  return {
    value: best,
    objective: bestObjective,
    lowerBound: totals.stopped ? 0 : bestObjective,
    status: totals.stopped ? 'gap' : 'optimal',
    evaluations: totals.evaluations,
    pruned: { 'array too small': totals.side, 'buffer too small': totals.capacity },
  }
}

function enumerate(
  problem: TableProblem,
  metric: TableMetric,
  run: Run,
  totals: { evaluations: number; side: number; capacity: number; stopped: boolean },
): Found {
  const cost = foldedCost(problem)
  const real = realRows(problem.accelerator)
  const rows = Array.from({ length: rowCount }, (_, r) => r).filter((r) => r > 0 && real[r])
  const limits = rows.map((r) => sideOfRow(problem, r))
  const levels = rows.length
  const lists = problem.layer.dims.map((n) => factorings(n, levels))
  const f = new Int32Array(6 * columnCount).fill(1)
  const digits = new Int32Array(columnCount)
  const used = new Float64Array((columnCount + 1) * levels).fill(1)
  const best: Found = { objective: Infinity, dramProduct: Infinity }
  let first = true

  const setColumn = (c: number, factors: readonly number[]): void => {
    for (let at = c; at < f.length; at += columnCount) f[at] = 1
    for (let l = 0; l < levels; l++) f[foldOfRow(rows[l]) + c] *= factors[l]
  }
  const leaf = (): void => {
    cost.evaluate(f, part.all)
    totals.evaluations++
    if (!cost.fits) {
      totals.capacity++
      return
    }
    const objective = objectiveOf(cost, metric, problem)
    if (objective > best.objective) return
    let dramProduct = 1
    for (let c = 0; c < columnCount; c++) dramProduct *= lists[c][digits[c]][levels - 1]
    if (objective === best.objective && dramProduct >= best.dramProduct) return
    best.objective = objective
    best.dramProduct = dramProduct
    best.table = buildTable(rows, lists, digits)
  }
  const descend = (c: number): boolean => {
    if (c === columnCount) {
      // The very first table, everything in DRAM, comes last.
      if (first) first = false
      else leaf()
      if (totals.evaluations % POLL_EVERY === 0 && run.cancelled()) totals.stopped = true
      return !totals.stopped
    }
    for (let d = 0; d < lists[c].length; d++) {
      const factors = lists[c][d]
      let fits = true
      for (let l = 0; l < levels; l++) {
        const product = used[c * levels + l] * factors[l]
        used[(c + 1) * levels + l] = product
        if (product > limits[l]) fits = false
      }
      if (!fits) {
        totals.side++
        continue
      }
      setColumn(c, factors)
      digits[c] = d
      // Tiles only grow with the columns still open, so what overflows now stays too large.
      if (c < columnCount - 1 && lists[c].length > 1) {
        cost.evaluate(f, 0)
        if (!cost.fits) {
          totals.capacity++
          continue
        }
      }
      if (!descend(c + 1)) return false
    }
    for (let at = c; at < f.length; at += columnCount) f[at] = 1
    return true
  }
  descend(0)
  digits.fill(0)
  for (let c = 0; c < columnCount; c++) setColumn(c, lists[c][0])
  leaf()
  return best
}

function objectiveOf(cost: FoldedCost, metric: TableMetric, problem: TableProblem): number {
  switch (metric) {
    case 'energy':
      return cost.energyPj()
    case 'cycles':
      return cost.cycles()
    case 'edp': {
      const edp = cost.energyPj() * cost.cycles()
      return problem.conventions.arithmetic === 'fp32-u32' ? Math.fround(edp) : edp
    }
  }
}

function buildTable(
  rows: readonly number[],
  lists: readonly (readonly (readonly number[])[])[],
  digits: Int32Array,
): Int32Array {
  const table = new Int32Array(tableSize).fill(1)
  rows.forEach((r, l) => {
    for (let c = 0; c < columnCount; c++) table[r * columnCount + c] = lists[c][digits[c]][l]
  })
  return table
}
