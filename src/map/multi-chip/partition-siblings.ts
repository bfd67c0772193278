import { InputError } from '../../base/index.js'
import type { TableMetric } from '../../cost/scheduling-table/index.js'
import type { Run, TableAccelerator, TableLayer } from '../../model/index.js'
import { bottomUp } from '../bottom-up/index.js'
import type { TableMapping, TableSearchOptions } from '../table-search.js'
import type { ChipPartition } from './chip-partition.js'

/** A layer mapped onto some number of chips. */
interface Share {
  readonly parallel: boolean
  readonly chips: number
  readonly mapping: TableMapping
}

/**
 * Sibling layers, which read one input, run one after the other on all chips, or some of them side by side on shares of
 * the chips (specification §10, corrected). Side by side, the latency is that of the slowest, idle chips leak all the
 * same, and an input that two of them fetch in equal tiles equally often leaves DRAM once. Every division of the chips
 * is compared, all layers alone included; each layer is mapped bottom-up for every share.
 * @throws InputError when there are more siblings than can be compared
 */
export function partitionStandard(
  accelerator: TableAccelerator,
  layers: readonly TableLayer[],
  options: TableSearchOptions,
  run: Run,
): ChipPartition {
  if (layers.length > 6) {
    throw new InputError({
      code: 'E-MAP-030',
      message: `${layers.length} sibling layers are too many to divide the chips among`,
      hint: 'name up to six',
    })
  }
  const { x, y } = accelerator.chips ?? { x: 1, y: 1 }
  let evaluations = 0
  const shares = layers.map((layer): Share[] => {
    const map = (chips: { readonly x: number; readonly y: number }): TableMapping => {
      const result = bottomUp({ ...accelerator, chips }, layer, options, run)
      evaluations += result.evaluations
      return result.value
    }
    const list: Share[] = [{ parallel: false, chips: x * y, mapping: map({ x, y }) }]
    for (let n = 1; n < x * y && layers.length > 1; n++) {
      const sides = sidesOf(n, x, y)
      if (sides) list.push({ parallel: true, chips: n, mapping: map(sides) })
    }
    return list
  })
  const rate = shares[0][0].mapping.cost.problem.staticPjPerCycle
  const leakage = rate.mac + rate.local + rate.global + rate.dram
  let best: readonly Share[] = shares.map((list) => list[0])
  let objective = objectiveOf(best, options.metric, leakage)
  const choose = (i: number, chosen: readonly Share[], left: number): void => {
    if (i === shares.length) {
      const own = objectiveOf(chosen, options.metric, leakage)
      if (own < objective) {
        objective = own
        best = chosen
      }
      return
    }
    for (const share of shares[i]) {
      const rest = share.parallel ? left - share.chips : left
      if (rest >= 0) choose(i + 1, [...chosen, share], rest)
    }
  }
  choose(0, [], x * y)
  return { layers: best, objective, evaluations }
}

/** Sides of a rectangle of n chips within x × y, the squarest, or undefined. */
function sidesOf(n: number, x: number, y: number): { x: number; y: number } | undefined {
  let found: { x: number; y: number } | undefined
  for (let a = 1; a <= x; a++) {
    const b = n / a
    if (!Number.isInteger(b) || b > y) continue
    if (!found || Math.abs(a - b) < Math.abs(found.x - found.y)) found = { x: a, y: b }
  }
  return found
}

function objectiveOf(chosen: readonly Share[], metric: TableMetric, leakage: number): number {
  let dynamic = 0
  let alone = 0
  let slowest = 0
  const fetched = new Set<string>()
  for (const { parallel, mapping } of chosen) {
    const { cost } = mapping
    dynamic += cost.dynamicEnergyPj.total
    if (!parallel) {
      alone += cost.latencyCycles.total
      continue
    }
    slowest = Math.max(slowest, cost.latencyCycles.total)
    const tile = cost.tileSend.dram[0]
    const count = cost.access.dram[0]
    const key = `${tile} ${count}`
    if (fetched.has(key)) dynamic -= tile * count * cost.problem.dram.accessEnergyPj[0]
    fetched.add(key)
  }
  const cycles = alone + slowest
  if (metric === 'cycles') return cycles
  const energy = dynamic + leakage * cycles
  return metric === 'energy' ? energy : energy * cycles
}
