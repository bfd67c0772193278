import { InputError } from '../../base/index.js'
import { loopDims, type LoopDim } from '../../model/index.js'

/** One prime factor of one loop, `count` times. */
export interface FactorAxis {
  readonly dim: LoopDim
  readonly prime: number
  readonly count: number
}

/**
 * All multisets of a problem's temporal loops, each loop split into prime factors: a state says how often each factor
 * occurs. States are numbered in mixed radix, so one more factor of axis i adds `stride[i]`; 0 is the empty multiset,
 * `size − 1` the complete one. What a memory holds and moves depends on the loops below it, not on their order: on a
 * state.
 */
export interface LoopLattice {
  readonly axes: readonly FactorAxis[]
  readonly stride: Int32Array
  readonly size: number
}

/** Prime factors of n in ascending order, with repetition; none for 1. */
export function primeFactors(n: number): number[] {
  const factors: number[] = []
  let rest = n
  for (let p = 2; p * p <= rest; p++) {
    while (rest % p === 0) {
      factors.push(p)
      rest /= p
    }
  }
  if (rest > 1) factors.push(rest)
  return factors
}

/** States are numbered in 32 bits: far beyond what any table over them could hold. */
const MOST_STATES = 2 ** 31

/**
 * The lattice of temporal iterations per dimension: dimensions in the order of `loopDims`, primes ascending.
 * @throws InputError when there are too many multisets to number
 */
export function loopLattice(temporal: Readonly<Record<LoopDim, number>>): LoopLattice {
  const axes = loopDims.flatMap((dim) => {
    const factors = primeFactors(temporal[dim])
    return [...new Set(factors)].map((prime): FactorAxis => ({
      dim,
      prime,
      count: factors.filter((each) => each === prime).length,
    }))
  })
  const stride = new Int32Array(axes.length)
  let size = 1
  axes.forEach(({ count }, i) => {
    stride[i] = size
    size *= count + 1
  })
  if (size >= MOST_STATES) {
    throw new InputError({
      code: 'E-MAP-104',
      message: `the temporal loops have ${size} different multisets of prime factors, fewer than 2^31 are supported`,
      hint: 'unroll more over the array, or split the layer',
    })
  }
  return { axes, stride, size }
}

/** Number of factors of axis i in a state. */
export function countOf({ stride, axes }: LoopLattice, s: number, i: number): number {
  return Math.floor(s / stride[i]) % (axes[i].count + 1)
}

/** What a loop adds to a state, or undefined when it is none of the problem's. */
export function stateOf(
  { axes, stride }: LoopLattice,
  dim: LoopDim,
  size: number,
): number | undefined {
  let state = 0
  let rest = size
  axes.forEach((axis, i) => {
    if (axis.dim !== dim) return
    for (let n = 0; n < axis.count && rest % axis.prime === 0; n++) {
      rest /= axis.prime
      state += stride[i]
    }
  })
  return rest === 1 ? state : undefined
}

/**
 * The states of a lattice taken apart by dimension. The factors of a dimension lie next to each other in a state, so a
 * state is a number in mixed radix with one digit per dimension, too: its multiset of factors.
 */
export class StateDigits {
  /** Number of different multisets per dimension, in the order of `loopDims`. */
  readonly radix: Int32Array
  /** Results of `read`, in the order of `loopDims`: the multiset of every dimension and its product. */
  readonly digits: Int32Array
  readonly iterations: Float64Array
  /** [dim][digit]: product of the multiset. */
  private readonly products: readonly Float64Array[]

  constructor(lattice: LoopLattice) {
    this.products = loopDims.map((dim) => {
      const axes = lattice.axes.filter((axis) => axis.dim === dim)
      return Float64Array.from(
        axes.reduce(
          (products, { prime, count }) =>
            Array.from({ length: count + 1 }, (_, n) =>
              products.map((each) => each * prime ** n),
            ).flat(),
          [1],
        ),
      )
    })
    this.radix = Int32Array.from(this.products, (each) => each.length)
    this.digits = new Int32Array(loopDims.length)
    this.iterations = new Float64Array(loopDims.length).fill(1)
  }

  /** Takes a state apart. */
  read(state: number): void {
    const { radix, digits, iterations, products } = this
    let rest = state
    for (let d = 0; d < digits.length; d++) {
      if (radix[d] === 1) continue
      const above = (rest / radix[d]) | 0
      const digit = rest - above * radix[d]
      digits[d] = digit
      iterations[d] = products[d][digit]
      rest = above
    }
  }
}
