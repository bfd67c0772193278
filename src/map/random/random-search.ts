import { createRng, type Rng } from '../../base/index.js'
import {
  foldedCost,
  metricOf,
  part,
  tableCost,
  tableProblem,
  type TableProblem,
} from '../../cost/scheduling-table/index.js'
import {
  columnCount,
  dataflowChoices,
  realRows,
  row,
  rowCount,
  tableSize,
} from '../../model/index.js'
import { foldOfRow, sideOfRow } from '../fold-rows.js'
import { noMappingFits } from '../no-mapping-fits.js'
import type { TableMapping, TableSearch } from '../table-search.js'

/** Valid tables drawn per dataflow. */
const SAMPLES = 10_000

/**
 * The best of ten thousand random tables that fit: what a mapper without a model of the problem finds. Each prime
 * factor of each dimension goes to a random row in which it still fits.
 */
export const randomSearch: TableSearch = (accelerator, layer, options, run) => {
  const rng = createRng(run.seed)
  let best: TableMapping | undefined
  let bestObjective = Infinity
  let evaluations = 0
  for (const dataflow of dataflowChoices(accelerator, options.dataflow)) {
    const problem = tableProblem(accelerator, layer, dataflow, options.conventions)
    const sampler = new TableSampler(problem, rng)
    for (let i = 0; i < SAMPLES && !(i % 256 === 0 && run.cancelled() && best); i++) {
      const table = sampler.draw()
      if (table === undefined) break
      evaluations++
      const objective = sampler.objective(options.metric)
      if (objective >= bestObjective) continue
      bestObjective = objective
      best = { table, dataflow, cost: tableCost(problem, table) }
    }
  }
  if (best === undefined) {
    const dataflow = dataflowChoices(accelerator, 'fixed')[0]
    throw noMappingFits(tableProblem(accelerator, layer, dataflow, options.conventions))
  }
  return {
    value: best,
    objective: metricOf(best.cost, options.metric),
    lowerBound: 0,
    status: 'heuristic',
    evaluations,
    pruned: {},
  }
}

/** Draws tables that fit. */
class TableSampler {
  private readonly problem: TableProblem
  private readonly rng: Rng
  private readonly cost
  private readonly rows: readonly number[]
  /** Prime factors of the layer's dimensions: column and prime. */
  private readonly primes: readonly { readonly column: number; readonly prime: number }[]
  private readonly f = new Int32Array(6 * columnCount)

  constructor(problem: TableProblem, rng: Rng) {
    this.problem = problem
    this.rng = rng
    this.cost = foldedCost(problem)
    const real = realRows(problem.accelerator)
    this.rows = Array.from({ length: rowCount }, (_, r) => r).filter((r) => r > 0 && real[r])
    this.primes = problem.layer.dims.flatMap((n, column) =>
      primeFactors(n).map((prime) => ({ column, prime })),
    )
  }

  /** A table that fits, or undefined when not even all loops in DRAM do. */
  draw(): Int32Array | undefined {
    const { f, cost, problem, rng, rows } = this
    const table = new Int32Array(tableSize).fill(1)
    f.fill(1)
    cost.evaluate(f, 0)
    if (!cost.fits) return undefined
    const side = new Float64Array(rowCount).fill(1)
    for (const { column, prime } of shuffled(this.primes, rng)) {
      let r = rows[rng.below(rows.length)]
      const at = foldOfRow(r) + column
      f[at] *= prime
      cost.evaluate(f, 0)
      if (side[r] * prime > sideOfRow(problem, r) || !cost.fits) {
        f[at] /= prime
        r = row.dram
        f[foldOfRow(r) + column] *= prime
      }
      side[r] *= prime
      table[r * columnCount + column] *= prime
    }
    cost.evaluate(f, part.all)
    return table
  }

  /** Objective of the table drawn last. */
  objective(metric: 'energy' | 'cycles' | 'edp'): number {
    if (metric === 'energy') return this.cost.energyPj()
    if (metric === 'cycles') return this.cost.cycles()
    return this.cost.energyPj() * this.cost.cycles()
  }
}

function primeFactors(n: number): number[] {
  const found: number[] = []
  for (let p = 2; p * p <= n; p++) {
    while (n % p === 0) {
      found.push(p)
      n /= p
    }
  }
  if (n > 1) found.push(n)
  return found
}

function shuffled<T>(items: readonly T[], rng: Rng): T[] {
  const copy = [...items]
  for (let i = copy.length - 1; i > 0; i--) {
    const j = rng.below(i + 1)
    ;[copy[i], copy[j]] = [copy[j], copy[i]]
  }
  return copy
}
