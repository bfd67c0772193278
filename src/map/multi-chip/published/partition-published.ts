import {
  foldedCost,
  foldTable,
  metricOf,
  part,
  tableCost,
  tableProblem,
} from '../../../cost/scheduling-table/index.js'
import {
  columnCount,
  fixedDataflow,
  realRows,
  row,
  rowProduct,
  tableInDram,
  type Run,
  type TableAccelerator,
  type TableLayer,
} from '../../../model/index.js'
import { bottomUpWith } from '../../bottom-up/index.js'
import { publishedRules } from '../../bottom-up/published/published-rules.js'
import { factorings } from '../../factor-lists.js'
import { sideOfRow } from '../../fold-rows.js'
import type { TableSearchOptions } from '../../table-search.js'
import type { ChipPartition } from '../chip-partition.js'

const f32 = Math.fround

/** The best first stage of one layer on some number of chips. */
interface Entry {
  readonly chips: number
  readonly parallel: boolean
  readonly cost: number
  readonly dramProduct: number
  readonly table: Int32Array
  /** Input elements per DRAM transfer, and number of transfers. */
  readonly inputTile: number
  readonly inputCount: number
}

/**
 * The published partitioning of sibling layers over chips (specification §10) with all of its quirks (Q29–Q32): only the
 * first stage is compared, the saving counts the last layer's tile, and the printed result subtracts the partition's cost
 * from the layers' costs.
 */
export function partitionPublished(
  accelerator: TableAccelerator,
  layers: readonly TableLayer[],
  options: TableSearchOptions,
  run: Run,
): ChipPartition {
  const energy = options.metric !== 'cycles'
  let evaluations = 0
  const lists = layers.map((layer) => {
    const found = entriesOf(accelerator, layer, options)
    evaluations += found.evaluations
    return found.entries
  })
  const total = (accelerator.chips?.x ?? 1) * (accelerator.chips?.y ?? 1)
  let best: readonly Entry[] | undefined
  let bestCost = 3.4028234663852886e38
  for (const chosen of combinations(lists)) {
    const parallel = chosen.filter((entry) => entry.parallel)
    if (parallel.length === 0) continue
    if (parallel.reduce((sum, entry) => sum + entry.chips, 0) > total) continue
    const cost = partitionCost(chosen, parallel, accelerator)
    if (cost < bestCost) {
      bestCost = cost
      best = chosen
    }
  }
  const entries = best ?? lists.map((list) => list[0])
  const mapped = entries.map((entry, i) => {
    const result = bottomUpWith(
      publishedRules,
      accelerator,
      layers[i],
      { ...options, dataflow: 'fixed' },
      run,
      total > 1 ? entry.table : undefined,
    )
    evaluations += result.evaluations
    return { parallel: entry.parallel, chips: entry.chips, mapping: result.value }
  })
  const sum = mapped.reduce(
    (all, { mapping }) => f32(all + metricOf(mapping.cost, energy ? 'energy' : 'cycles')),
    0,
  )
  return {
    layers: mapped,
    objective: f32(sum - f32(bestCost)),
    partitionCost: bestCost,
    evaluations,
  }
}

/** Every way to choose one entry per layer; the last layer's fastest. */
function* combinations(lists: readonly (readonly Entry[])[]): Generator<Entry[]> {
  if (lists.length === 0) {
    yield []
    return
  }
  for (const first of lists[0])
    for (const rest of combinations(lists.slice(1))) yield [first, ...rest]
}

/** Stage costs, less what the parallel layers' common input is taken to save (Q31: an energy, whatever the metric). */
function partitionCost(
  chosen: readonly Entry[],
  parallel: readonly Entry[],
  accelerator: TableAccelerator,
): number {
  const sum = chosen.reduce((all, entry) => f32(all + entry.cost), 0)
  if (parallel.length < 2) return sum
  let smallest = Infinity
  let equal = 0
  for (const { inputTile } of parallel) {
    if (inputTile < smallest) {
      smallest = inputTile
      equal = 1
    } else if (inputTile === smallest) {
      equal++
    }
  }
  const allEqual = parallel.every((entry) => entry.inputTile === parallel[0].inputTile)
  const count = allEqual ? parallel[0].inputCount : 1
  const tile = parallel[parallel.length - 1].inputTile
  const elements = Math.imul(Math.imul(tile, count), Math.max(1, equal - 1)) >>> 0
  return f32(sum - f32(f32(elements) * f32(accelerator.dram.accessEnergyPj[0])))
}

/** Best first stage per number of chips; the first entry is "alone", the best of all, updated only on a second sight (Q29). */
function entriesOf(
  accelerator: TableAccelerator,
  layer: TableLayer,
  options: TableSearchOptions,
): { readonly entries: Entry[]; readonly evaluations: number } {
  const problem = tableProblem(accelerator, layer, fixedDataflow(accelerator), options.conventions)
  const cost = foldedCost(problem)
  const real = realRows(accelerator)
  const rows = [row.globalBuffer, row.chipX, row.chipY, row.dram].filter((r) => real[r])
  const lists = layer.dims.map((n) => factorings(n, rows.length))
  const limits = rows.map((r) => sideOfRow(problem, r))
  const byChips = new Map<number, Entry>()
  let best: Entry | undefined
  let evaluations = 0
  const table = tableInDram(layer.dims)

  const offer = (): void => {
    cost.evaluate(foldTable(table), part.dram | part.global)
    evaluations++
    if (!cost.fits) return
    const stage =
      options.metric === 'cycles'
        ? f32(cost.dramCycles + cost.macCycles)
        : f32(cost.dramPj + (problem.global.present ? cost.localLowerPj : cost.globalLowerPj))
    const chips = rowProduct(table, row.chipX) * rowProduct(table, row.chipY)
    const dramProduct = rowProduct(table, row.dram)
    const known = byChips.get(chips)
    const better = (than: Entry | undefined): boolean =>
      than === undefined ||
      stage < than.cost ||
      (stage === than.cost && dramProduct < than.dramProduct)
    if (!better(known) && !(known && better(best))) return
    const full = tableCost(problem, table)
    const entry: Entry = {
      chips,
      parallel: true,
      cost: stage,
      dramProduct,
      table: table.slice(),
      inputTile: full.tileSend.dram[0],
      inputCount: full.access.dram[0],
    }
    if (better(known)) byChips.set(chips, entry)
    if (known !== undefined && better(best)) best = entry
  }

  const used = new Float64Array((columnCount + 1) * rows.length).fill(1)
  let first = true
  const descend = (c: number): void => {
    if (c === columnCount) {
      if (first) first = false
      else offer()
      return
    }
    for (const factors of lists[c]) {
      let fits = true
      rows.forEach((r, l) => {
        table[r * columnCount + c] = factors[l]
        used[(c + 1) * rows.length + l] = used[c * rows.length + l] * factors[l]
        if (used[(c + 1) * rows.length + l] > limits[l]) fits = false
      })
      if (fits) descend(c + 1)
    }
  }
  descend(0)
  lists.forEach((list, c) => rows.forEach((r, l) => (table[r * columnCount + c] = list[0][l])))
  offer()
  const listed = [...byChips.values()].sort((a, b) => a.chips - b.chips)
  const alone = best ?? listed.reduce((a, b) => (b.cost < a.cost ? b : a))
  return { entries: [{ ...alone, parallel: false }, ...listed], evaluations }
}
