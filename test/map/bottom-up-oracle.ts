import {
  checkTable,
  metricOf,
  tableCost,
  tableProblem,
  type TableConventions,
  type TableCost,
  type TableProblem,
} from '../../src/cost/scheduling-table/index.js'
import {
  columnCount,
  dataflowChoices,
  realRows,
  row,
  rowProduct,
  tableInDram,
  type TableAccelerator,
  type TableDataflow,
  type TableLayer,
} from '../../src/model/index.js'

/** All ways to write n as an ordered product of `levels` factors: first factor ascending, then the next (specification §8). */
export function factorings(n: number, levels: number): number[][] {
  if (levels === 1) return [[n]]
  const found: number[][] = []
  for (let f = 1; f <= n; f++) {
    if (n % f !== 0) continue
    for (const rest of factorings(n / f, levels - 1)) found.push([f, ...rest])
  }
  return found
}

/** Digits of a mixed-radix counter over the columns, G fastest. */
class Counter {
  readonly digits = new Array<number>(columnCount).fill(0)

  advance(sizes: readonly number[]): void {
    this.digits[columnCount - 1]++
    for (let c = columnCount - 1; c >= 0; c--) {
      if (this.digits[c] < sizes[c]) continue
      this.digits[c] = 0
      if (c > 0) this.digits[c - 1]++
    }
  }
}

interface Candidate {
  readonly table: Int32Array
  readonly strategy: readonly string[]
}

/** The published bottom-up search, written as the specification reads (§8.2), slow and plain. */
export function bottomUpOracle(
  accelerator: TableAccelerator,
  layer: TableLayer,
  metric: 'energy' | 'cycles',
  mode: 'fixed' | 'flexible',
  conventions: TableConventions,
): { readonly cost: TableCost; readonly table: Int32Array; readonly strategy: string } {
  const choices = dataflowChoices(accelerator, mode)
  const start = tableInDram(layer.dims)
  let best = {
    cost: tableCost(tableProblem(accelerator, layer, choices[0], conventions), start),
    table: start,
    strategy: '',
  }
  for (const dataflow of choices) {
    const problem = tableProblem(accelerator, layer, dataflow, conventions)
    let candidates: Candidate[] = [{ table: tableInDram(layer.dims), strategy: [] }]
    for (const [end, begin] of stages(accelerator, dataflow)) {
      candidates = candidates.flatMap((each) => runStage(problem, each, end, begin, metric))
    }
    let found: typeof best | undefined
    for (const { table, strategy } of candidates) {
      const cost = tableCost(problem, table)
      if (found === undefined || metricOf(cost, metric) < metricOf(found.cost, metric))
        found = { cost, table, strategy: strategy.join('-') }
    }
    if (found && metricOf(found.cost, metric) < metricOf(best.cost, metric)) best = found
  }
  return best
}

function stages(accelerator: TableAccelerator, dataflow: TableDataflow): [number, number][] {
  const held: number[] = [row.dram]
  const real = realRows(accelerator)
  if (real[row.globalBuffer] && (dataflow.GLOBAL_BUFFER ?? 'none') !== 'none')
    held.push(row.globalBuffer)
  if (real[row.localBuffer] && (dataflow.LOCAL_BUFFER ?? 'none') !== 'none')
    held.push(row.localBuffer)
  return held.map((end, i) => [end, held[i + 1] ?? row.register])
}

function runStage(
  problem: TableProblem,
  candidate: Candidate,
  end: number,
  begin: number,
  metric: 'energy' | 'cycles',
): Candidate[] {
  const real = realRows(problem.accelerator)
  const outerRows = Array.from({ length: end - begin }, (_, i) => begin + 1 + i).filter(
    (r) => real[r],
  )
  const table = candidate.table.slice()
  const dims = Array.from({ length: columnCount }, (_, c) => table[end * columnCount + c])
  const outerLists = dims.map((n) => factorings(n, outerRows.length))
  const outerSizes = outerLists.map((list) => list.length)
  const outer = new Counter()
  const inner = new Counter()
  let innerPasses = 0
  let pm: Int32Array | undefined
  let sp: Int32Array | undefined
  let bestPm = Infinity
  let bestProduct = 0
  let bestSpared = 0
  let bestSp = Infinity
  let bestDegree = 0
  const last = begin === row.register
  const outerCount = outerSizes.reduce((a, b) => a * b, 1)
  for (let i = 0; i < outerCount; i++) {
    outer.advance(outerSizes)
    outer.digits.forEach((digit, c) =>
      outerRows.forEach((r, level) => (table[r * columnCount + c] = outerLists[c][digit][level])),
    )
    if (!runs(problem, table)) continue
    const value = Array.from({ length: columnCount }, (_, c) => table[end * columnCount + c])
    const lists = value.map((n) => factorings(n, 2))
    const sizes = lists.map((list) => list.length)
    const steps = sizes.reduce((a, b) => a * b, 1) + (innerPasses++ > 0 ? 1 : 0)
    for (let j = 0; j < steps; j++) {
      inner.advance(sizes)
      inner.digits.forEach((digit, c) => {
        table[begin * columnCount + c] = lists[c][digit][0]
        table[end * columnCount + c] = lists[c][digit][1]
      })
      if (!runs(problem, table)) continue
      const c = stageCost(problem, table, end, metric)
      const product = rowProduct(table, end)
      const spared = sparedBy(problem, table, end)
      if (
        c < bestPm ||
        (c === bestPm &&
          (product < bestProduct || (product === bestProduct && spared > bestSpared)))
      ) {
        bestPm = c
        bestProduct = product
        bestSpared = spared
        pm = table.slice()
      }
      if (last) continue
      const degree = degreeOf(table, begin)
      if (degree > bestDegree) {
        bestDegree = degree
        sp = table.slice()
      } else if (degree === bestDegree && c < bestSp) {
        bestSp = c
        sp = table.slice()
      }
    }
    for (let r = begin; r <= end; r++)
      if (real[r]) table.fill(1, r * columnCount, (r + 1) * columnCount)
  }
  if (pm === undefined) return [candidate]
  const result = [{ table: pm, strategy: [...candidate.strategy, 'PM'] }]
  const other = sp
  if (other && other.some((factor, i) => factor !== result[0].table[i]))
    result.push({ table: other, strategy: [...candidate.strategy, 'SP'] })
  return result
}

/** Validity while the table is being built: the columns need not multiply to the layer's yet. */
function runs(problem: TableProblem, table: Int32Array): boolean {
  return checkTable(problem, table).every((violation) => violation.constraint === 'coverage')
}

function degreeOf(table: Int32Array, begin: number): number {
  let degree = 1
  for (let c = 0; c < columnCount; c++) degree *= countedFactors(table[begin * columnCount + c]) + 1
  return degree
}

/** Prime factors with multiplicity, except a prime that remains at the end: 2 counts none, 4 two, 6 one (Q24). */
export function countedFactors(n: number): number {
  let count = 0
  for (let i = 2; i < n; i++) {
    while (n % i === 0) {
      n /= i
      count++
    }
  }
  return count
}

function sparedBy(problem: TableProblem, table: Int32Array, end: number): number {
  const at = (c: number): number => table[end * columnCount + c]
  const stationarity =
    end === row.dram
      ? problem.globalStationarity
      : end === row.globalBuffer
        ? problem.localStationarity
        : 'none'
  switch (stationarity) {
    case 'is':
      return at(0)
    case 'ws':
      return at(1) * at(2) * at(3)
    case 'os':
      return at(4) * at(5) * at(6)
    case 'none':
      return 1
  }
}

function stageCost(
  problem: TableProblem,
  table: Int32Array,
  end: number,
  metric: 'energy' | 'cycles',
): number {
  const { dynamicEnergyPj: e, latencyCycles: t } = tableCost(problem, table)
  const add = (...values: readonly number[]): number =>
    values.reduce((sum, value) => Math.fround(sum + value))
  if (metric === 'energy') {
    if (end === row.dram)
      return problem.global.present ? add(e.dram, e.localLower) : add(e.dram, e.globalLower)
    if (end === row.globalBuffer) {
      const stage = add(e.globalUpper, e.localLower)
      const macs = problem.macArray.x * problem.macArray.y
      return macs > 1 ? add(stage, e.localUpper) : stage
    }
    return e.localUpper
  }
  if (end === row.dram) return add(t.dram, t.mac)
  if (end === row.globalBuffer) return add(t.global, t.local, t.mac)
  return add(t.local, t.mac)
}
