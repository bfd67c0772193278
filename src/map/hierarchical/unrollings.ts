import {
  loopDims,
  unrollingOf,
  type HierarchicalAccelerator,
  type Layer,
  type LoopDim,
  type SpatialUnrolling,
} from '../../model/index.js'

/** Candidates to look at; where there would be more, loops try fewer factors. */
const mostUnrollings = 4096

/**
 * Numbers of positions that a loop of so many iterations takes where there is room for so many.
 * @param others iterations of the other loops
 */
type FactorChoice = (iterations: number, room: number, others: readonly number[]) => number[]

const factorChoices: readonly FactorChoice[] = [
  (iterations, room, others) => {
    const left = [1, ...others].map((whole) => Math.floor(room / whole)).filter((n) => n > 1)
    return distinctBy(
      [...divisors(iterations, room), ...left.map((n) => most(iterations, n))],
      String,
    )
  },
  (iterations, room) =>
    distinctBy([...divisors(iterations, room).slice(-1), most(iterations, room)], String),
  (iterations, room) => [most(iterations, room)],
]

/**
 * Unrollings of a layer: the accelerator's own, those that leave no array dimension with room for one more loop, and
 * none at all. An array dimension takes any number of loops and a loop any number of dimensions: what one leaves over
 * another may take (55 rows over 14 + 14 + 14 + 13 columns, then these four passes over four rows). A loop takes as
 * many positions as one of its divisors, or as many as it takes to go as far as there is room, alone or beside a whole
 * other loop. Unrollings that no memory tells apart count once.
 */
export function unrollings(layer: Layer, accelerator: HierarchicalAccelerator): SpatialUnrolling[] {
  const own = unrollingOf(layer, accelerator)
  for (const factors of factorChoices) {
    const full = fullUnrollings(layer, accelerator, factors)
    if (full !== undefined) return distinctBy([own, ...full, []], JSON.stringify)
  }
  return distinctBy([own, []], JSON.stringify)
}

interface Partial {
  readonly unrolling: SpatialUnrolling
  /** Iterations per dimension that are left to temporal loops. */
  readonly passes: Readonly<Record<LoopDim, number>>
}

/** Undefined: there are too many. */
function fullUnrollings(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  factors: FactorChoice,
): SpatialUnrolling[] | undefined {
  let found: Partial[] = [{ unrolling: [], passes: layer.dims }]
  for (const { name, size } of accelerator.array.dimensions) {
    const filled = found.flatMap((each) => fill(each, name, size, 0, factors))
    if (filled.length > 8 * mostUnrollings) return undefined
    found = distinctBy(filled, (each) => spreadKey(each.unrolling, layer, accelerator))
    if (found.length > mostUnrollings) return undefined
  }
  return found.map((each) => each.unrolling)
}

/** Spreads loops from `loopDims[first]` on over one array dimension until none fits any more. */
function fill(
  from: Partial,
  arrayDimension: string,
  room: number,
  first: number,
  factors: FactorChoice,
): Partial[] {
  const fits = (dim: LoopDim) => room > 1 && from.passes[dim] > 1
  const full = loopDims.some(fits) ? [] : [from]
  const further = loopDims.flatMap((dim, d) =>
    d < first || !fits(dim)
      ? []
      : factors(from.passes[dim], room, othersOf(from, dim)).flatMap((factor) =>
          fill(
            {
              unrolling: [...from.unrolling, { arrayDimension, dim, factor }],
              passes: { ...from.passes, [dim]: Math.ceil(from.passes[dim] / factor) },
            },
            arrayDimension,
            Math.floor(room / factor),
            d + 1,
            factors,
          ),
        ),
  )
  return [...full, ...further]
}

function othersOf({ passes }: Partial, dim: LoopDim): number[] {
  return loopDims.flatMap((each) => (each === dim ? [] : [passes[each]]))
}

/** What memories see of an unrolling: how far each loop is spread over the array dimensions that they serve alike. */
export function spreadKey(
  unrolling: SpatialUnrolling,
  layer: Layer,
  accelerator: HierarchicalAccelerator,
): string {
  const passes = { ...layer.dims }
  const spread = new Map<string, number>()
  for (const { arrayDimension, dim, factor } of unrolling) {
    const served = accelerator.memories.map(({ serves }) => serves.includes(arrayDimension))
    const key = `${served.join()} ${dim}`
    const left = Math.ceil(passes[dim] / factor)
    spread.set(key, ((spread.get(key) ?? 1) * passes[dim]) / left)
    passes[dim] = left
  }
  return [...spread]
    .map(([key, size]) => `${key} ${size.toPrecision(12)}`)
    .sort()
    .join()
}

/** As many positions as a loop needs for the fewest passes. */
function most(iterations: number, room: number): number {
  return Math.ceil(iterations / Math.ceil(iterations / room))
}

/** Divisors of a loop from 2 to `room`. */
function divisors(iterations: number, room: number): number[] {
  return Array.from({ length: Math.min(iterations, room) }, (_, i) => i + 1).filter(
    (each) => each > 1 && iterations % each === 0,
  )
}

/** The first of every kind. */
function distinctBy<T>(values: readonly T[], key: (value: T) => string): T[] {
  const seen = new Set<string>()
  return values.filter((value) => {
    const own = key(value)
    return !seen.has(own) && seen.add(own)
  })
}
