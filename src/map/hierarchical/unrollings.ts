import {
  loopDims,
  unrollingOf,
  type HierarchicalAccelerator,
  type Layer,
  type SpatialUnrolling,
} from '../../model/index.js'
import { factorChoices, type FactorChoice } from './unrolling-factors.js'

/** Candidates to look at; where there would be more, loops try fewer factors. */
const mostUnrollings = 4096

const dimCount = loopDims.length

/**
 * Unrollings of a layer: the accelerator's own, those that leave no array dimension with room for one more loop, and
 * none at all. An array dimension takes any number of loops and a loop any number of dimensions: what one leaves over
 * another may take (55 rows over 14 + 14 + 14 + 13 columns, then these four passes over four rows). A loop takes as
 * many positions as one of its divisors, or as many as it takes to go as far as there is room, alone or beside a whole
 * other loop. Unrollings that no memory tells apart count once.
 */
export function unrollings(layer: Layer, accelerator: HierarchicalAccelerator): SpatialUnrolling[] {
  const own = unrollingOf(layer, accelerator)
  for (const factors of factorChoices()) {
    const full = fullUnrollings(layer, accelerator, factors)
    if (full !== undefined) return distinct([own, ...full, []])
  }
  return distinct([own, []])
}

/** An unrolling over the first array dimensions. */
interface Partial {
  readonly unrolling: SpatialUnrolling
  /** [dim]: iterations that are left to temporal loops. */
  readonly passes: readonly number[]
  /** [group · dims + dim]: how far each loop is spread over the array dimensions that all memories serve alike. */
  readonly spread: readonly number[]
}

/** Undefined: there are too many. */
function fullUnrollings(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  factors: FactorChoice,
): SpatialUnrolling[] | undefined {
  const groups = servedAlike(accelerator)
  let found: Partial[] = [
    {
      unrolling: [],
      passes: loopDims.map((dim) => layer.dims[dim]),
      spread: new Array<number>((Math.max(-1, ...groups) + 1) * dimCount).fill(1),
    },
  ]
  for (const [i, { name, size }] of accelerator.array.dimensions.entries()) {
    const next = new DistinctUnrollings()
    for (const each of found) {
      fill(each, name, groups[i], size, factors, next)
      if (next.seen > 8 * mostUnrollings || next.found.length > mostUnrollings) return undefined
    }
    found = next.found
  }
  return found.map((each) => each.unrolling)
}

/** Collects the first of every kind. */
class DistinctUnrollings {
  readonly found: Partial[] = []
  seen = 0
  private readonly keys = new Set<string>()

  add(unrolling: SpatialUnrolling, passes: readonly number[], spread: readonly number[]): void {
    this.seen++
    const key = keyOf(spread)
    if (this.keys.has(key)) return
    this.keys.add(key)
    this.found.push({ unrolling, passes: [...passes], spread: [...spread] })
  }
}

/** Spreads loops over one array dimension until none fits any more, in the order of `loopDims`. */
function fill(
  from: Partial,
  arrayDimension: string,
  group: number,
  size: number,
  factors: FactorChoice,
  into: DistinctUnrollings,
): void {
  const passes = [...from.passes]
  const spread = [...from.spread]
  const spreadOver = (unrolling: SpatialUnrolling, room: number, first: number): void => {
    if (room < 2 || passes.every((each) => each === 1)) {
      into.add(unrolling, passes, spread)
      return
    }
    for (let d = first; d < dimCount; d++) {
      const iterations = passes[d]
      if (iterations < 2) continue
      const at = group * dimCount + d
      const before = spread[at]
      for (const factor of factors(d, room, passes)) {
        passes[d] = Math.ceil(iterations / factor)
        spread[at] = (before * iterations) / passes[d]
        const further = [...unrolling, { arrayDimension, dim: loopDims[d], factor }]
        spreadOver(further, Math.floor(room / factor), d + 1)
      }
      passes[d] = iterations
      spread[at] = before
    }
  }
  spreadOver(from.unrolling, size, 0)
}

/** What memories see of an unrolling: how far each loop is spread over the array dimensions that they serve alike. */
export function spreadKey(
  unrolling: SpatialUnrolling,
  layer: Layer,
  accelerator: HierarchicalAccelerator,
): string {
  const groups = servedAlike(accelerator)
  const passes = loopDims.map((dim) => layer.dims[dim])
  const spread = new Array<number>((Math.max(-1, ...groups) + 1) * dimCount).fill(1)
  for (const { arrayDimension, dim, factor } of unrolling) {
    const i = accelerator.array.dimensions.findIndex(({ name }) => name === arrayDimension)
    const d = loopDims.indexOf(dim)
    const left = Math.ceil(passes[d] / factor)
    const at = groups[i] * dimCount + d
    spread[at] = (spread[at] * passes[d]) / left
    passes[d] = left
  }
  return keyOf(spread)
}

/** Products in another order differ in their last digits. */
function keyOf(spread: readonly number[]): string {
  let key = ''
  for (const size of spread) {
    key += size === 1 ? ',' : `${Number.isInteger(size) ? size : size.toPrecision(12)},`
  }
  return key
}

/** [array dimension]: number of the group of those that the same memories serve. */
function servedAlike({ array, memories }: HierarchicalAccelerator): number[] {
  const groups = new Map<string, number>()
  return array.dimensions.map(({ name }) => {
    const key = memories.map(({ serves }) => serves.includes(name)).join()
    const group = groups.get(key) ?? groups.size
    groups.set(key, group)
    return group
  })
}

function distinct(unrollingList: readonly SpatialUnrolling[]): SpatialUnrolling[] {
  return [...new Map(unrollingList.map((each) => [JSON.stringify(each), each])).values()]
}
