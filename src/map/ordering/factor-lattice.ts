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
  return { ...lattice, cycles, extent, placed }
}
