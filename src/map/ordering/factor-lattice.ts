import type { hierarchical } from '../../cost/index.js'
import { loopDims, type LoopDim } from '../../model/index.js'

/** One prime factor of one loop, `count` times. */
export interface FactorAxis {
  readonly dim: LoopDim
  readonly prime: number
  readonly count: number
}

/**
 * All multisets of temporal loops, each loop split into prime factors: a state says how often each factor has been
 * placed. States are numbered in mixed radix, so placing one more factor of axis i adds `stride[i]`; 0 is the empty
 * multiset, `size − 1` the complete one.
 */
export interface FactorLattice {
  readonly axes: readonly FactorAxis[]
  readonly stride: Int32Array
  readonly size: number
  /** Product of all factors of a state: iterations. */
  readonly cycles: Float64Array
  /** Product of the factors of one dimension, by its index in `loopDims`; undefined where the dimension has none. */
  readonly extent: readonly (Float64Array | undefined)[]
  /** Number of factors placed. */
  readonly placed: Uint8Array
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

/** The lattice of a problem's temporal loops, dimensions in the order of `loopDims`, primes ascending. */
export function factorLattice(
  temporal: hierarchical.HierarchicalProblem['temporal'],
): FactorLattice {
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
  const cycles = new Float64Array(size).fill(1)
  const placed = new Uint8Array(size)
  const extent: (Float64Array | undefined)[] = loopDims.map(() => undefined)
  axes.forEach(({ dim, prime, count }, i) => {
    const index = loopDims.indexOf(dim)
    const own = (extent[index] ??= new Float64Array(size).fill(1))
    const powers = Array.from({ length: count + 1 }, (_, n) => prime ** n)
    for (let s = 0; s < size; s++) {
      const n = Math.floor(s / stride[i]) % (count + 1)
      cycles[s] *= powers[n]
      own[s] *= powers[n]
      placed[s] += n
    }
  })
  return { axes, stride, size, cycles, extent, placed }
}

/** Number of factors of axis i in a state. */
export function countOf(lattice: FactorLattice, s: number, i: number): number {
  return Math.floor(s / lattice.stride[i]) % (lattice.axes[i].count + 1)
}
