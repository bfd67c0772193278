import { hierarchical } from '../../cost/index.js'
import { loopDims } from '../../model/index.js'

export { countOf } from '../../cost/hierarchical/index.js'

/** The lattice of loop multisets with what the searches read of every state. */
export interface FactorLattice extends hierarchical.LoopLattice {
  /** Product of all factors of a state: iterations. */
  readonly cycles: Float64Array
  /** Product of the factors of one dimension, by its index in `loopDims`; undefined where the dimension has none. */
  readonly extent: readonly (Float64Array | undefined)[]
  /** Number of factors placed. */
  readonly placed: Uint8Array
}

/** Tabulates the lattice of a problem's temporal loops. */
export function factorLattice(
  temporal: hierarchical.HierarchicalProblem['temporal'],
): FactorLattice {
  const lattice = hierarchical.loopLattice(temporal)
  const { axes, stride, size } = lattice
  const cycles = new Float64Array(size).fill(1)
  const placed = new Uint8Array(size)
  const extent = loopDims.map((dim) =>
    axes.some((axis) => axis.dim === dim) ? new Float64Array(size).fill(1) : undefined,
  )
  // States with n factors of an axis are those with none, one after another, moved on by n strides.
  axes.forEach(({ dim, prime, count }, i) => {
    const block = stride[i]
    const own = loopDims.indexOf(dim)
    const end = block * (count + 1)
    for (let s = block; s < end; s++) {
      cycles[s] = cycles[s - block] * prime
      placed[s] = placed[s - block] + 1
    }
    extent.forEach((iterations, d) => {
      if (iterations === undefined) return
      const factor = d === own ? prime : 1
      for (let s = block; s < end; s++) iterations[s] = iterations[s - block] * factor
    })
  })
  return { ...lattice, cycles, extent, placed }
}
