import { column, columnCount, type TableLayer } from '../../model/index.js'
import { tileSizes } from '../../cost/scheduling-table/index.js'
import { mergeDimensions, type MergedDimension } from './merged-dimensions.js'

/** One prime of one merged dimension: a digit of a lattice index. */
export interface LatticeAxis {
  /** Index into `TileLattice.dimensions`. */
  readonly dimension: number
  readonly prime: number
  /** Exponent of the prime in the dimension's size; a digit runs from 0 to it. */
  readonly max: number
  /** Index distance of one more factor `prime`. */
  readonly step: number
}

/**
 * All tiles whose extents divide the layer's, as points of a lattice of prime exponents. A point's index is a mixed-radix
 * number of the exponents, so that the product of two tiles is the sum of their indices, the quotient the difference.
 */
export interface TileLattice {
  readonly dimensions: readonly MergedDimension[]
  readonly axes: readonly LatticeAxis[]
  /** Number of points; the whole layer is point `size − 1`, the single multiply-accumulate point 0. */
  readonly size: number
  /** Iterations in the tile. */
  readonly volume: Float64Array
  /** Elements of input, weight, output that the tile touches. */
  readonly input: Float64Array
  readonly weight: Float64Array
  readonly output: Float64Array
  /** Products of the extents irrelevant to weight (B·P·Q), output (C·R·S) and input (K). */
  readonly bpq: Float64Array
  readonly crs: Float64Array
  readonly k: Float64Array
  /** Exponents packed with a guard bit each, `words` 32-bit words per point: see {@link divides}. */
  readonly words: number
  readonly packed: Int32Array
  readonly guard: Int32Array
}

/** Builds the lattice of a layer. */
export function tileLattice(layer: TableLayer): TileLattice {
  const dimensions = mergeDimensions(layer)
  const axes: LatticeAxis[] = []
  let size = 1
  dimensions.forEach((dimension, d) => {
    for (const [prime, max] of primeFactors(dimension.size)) {
      axes.push({ dimension: d, prime, max, step: size })
      size *= max + 1
    }
  })
  const arrays = Array.from({ length: 7 }, () => new Float64Array(size))
  const [volume, input, weight, output, bpq, crs, k] = arrays
  const extents = new Float64Array(columnCount)
  const { words, shift, word, guard } = packing(axes)
  const packed = new Int32Array(size * words)
  for (let index = 0; index < size; index++) {
    extents.fill(1)
    axes.forEach((axis, a) => {
      const exponent = Math.floor(index / axis.step) % (axis.max + 1)
      extents[dimensions[axis.dimension].role] *= axis.prime ** exponent
      packed[index * words + word[a]] |= exponent << shift[a]
    })
    const [i, w, o] = tileSizes(layer, extents)
    input[index] = i
    weight[index] = w
    output[index] = o
    bpq[index] = extents[column.B] * extents[column.P] * extents[column.Q]
    crs[index] = extents[column.C] * extents[column.R] * extents[column.S]
    k[index] = extents[column.K]
    volume[index] = bpq[index] * crs[index] * k[index] * extents[column.G]
  }
  return {
    dimensions,
    axes,
    size,
    volume,
    input,
    weight,
    output,
    bpq,
    crs,
    k,
    words,
    packed,
    guard,
  }
}

/** Whether tile `a` divides tile `b` in every dimension: no exponent's subtraction borrows from its guard bit. */
export function divides(lattice: TileLattice, a: number, b: number): boolean {
  const { words, packed, guard } = lattice
  for (let w = 0; w < words; w++) {
    if ((((packed[b * words + w] | guard[w]) - packed[a * words + w]) & guard[w]) !== guard[w])
      return false
  }
  return true
}

/** Replaces every value by the least value over the divisors of its point along the given axes. */
export function minimumOverDivisors(
  values: Float64Array,
  axes: readonly LatticeAxis[],
): Float64Array {
  const n = values.length
  for (const { step, max } of axes) {
    const block = step * (max + 1)
    for (let base = 0; base < n; base += block) {
      for (let i = base + step; i < base + block; i++) {
        const smaller = values[i - step]
        if (smaller < values[i]) values[i] = smaller
      }
    }
  }
  return values
}

/** Prime factors with multiplicity, ascending. */
export function primeFactors(n: number): [prime: number, exponent: number][] {
  const factors: [number, number][] = []
  for (let p = 2; p * p <= n; p++) {
    let exponent = 0
    for (; n % p === 0; n /= p) exponent++
    if (exponent > 0) factors.push([p, exponent])
  }
  if (n > 1) factors.push([n, 1])
  return factors
}

/** Where each exponent lies in the packed words: enough bits for its maximum and a guard bit above. */
function packing(axes: readonly LatticeAxis[]): {
  readonly words: number
  readonly shift: number[]
  readonly word: number[]
  readonly guard: Int32Array
} {
  const shift: number[] = []
  const word: number[] = []
  const guards: number[] = [0]
  let used = 0
  for (const { max } of axes) {
    const bits = Math.floor(Math.log2(max)) + 2
    if (used + bits > 31) {
      used = 0
      guards.push(0)
    }
    shift.push(used)
    word.push(guards.length - 1)
    guards[guards.length - 1] |= 1 << (used + bits - 1)
    used += bits
  }
  return { words: guards.length, shift, word, guard: Int32Array.from(guards) }
}
