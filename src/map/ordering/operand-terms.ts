import { hierarchical } from '../../cost/index.js'
import { loopDims } from '../../model/index.js'
import type { FactorLattice } from './factor-lattice.js'

// Averages over partial passes are quotients: whole numbers must not be rounded up for their last digit.
const NOISE = 1 - 1e-12

/** Energy and room of one operand at every boundary and for every multiset of loops below it. */
export interface OperandTerms {
  /** Number of memories; boundaries to cut are 1 … depth − 1, boundary `depth` is above everything. */
  readonly depth: number
  /** [b][state]: energy of boundary b when the loops below it are those of the state; entry 0 is unused. */
  readonly energyPj: readonly Float64Array[]
  /** [m][state]: elements that an instance of memory m must have room for when the loops up to its top are those of the state. */
  readonly roomElements: readonly Float64Array[]
  /** [state]: temporal iterations outside that add to the same output; 1 where nothing accumulates. */
  readonly accumulations: Float64Array
  readonly bits: number
  readonly partialBits: number
}

/** Tabulates operand p over the lattice. */
export function operandTerms(
  terms: hierarchical.BoundaryTerms,
  p: number,
  lattice: FactorLattice,
): OperandTerms {
  const { operand, memories } = terms.problem.operands[p]
  const { size, extent } = lattice
  const depth = memories.length
  const energyPj = memories.map((_, b) => new Float64Array(b === 0 ? 0 : size))
  const roomElements = memories.map((_, m) => contentElements(terms.problem, p, m + 1, lattice))
  const accumulations = new Float64Array(size).fill(1)
  const tile = new Float64Array(loopDims.length)
  for (let s = 0; s < size; s++) {
    for (let d = 0; d < tile.length; d++) tile[d] = extent[d]?.[s] ?? 1
    for (let b = 1; b < depth; b++) energyPj[b][s] = terms.energyPj(p, b, tile)
    if (operand.name === 'output') accumulations[s] = terms.accumulationsAbove(p, tile)
  }
  const { bits, partialBits } = operand
  return { depth, energyPj, roomElements, accumulations, bits, partialBits }
}

/**
 * Elements that memory b − 1 must have room for when the loops of a state lie below boundary b: every dimension of the
 * tensor rounded up to whole elements (specification §8.4).
 */
function contentElements(
  problem: hierarchical.HierarchicalProblem,
  p: number,
  b: number,
  lattice: FactorLattice,
): Float64Array {
  const { operand, mean } = problem.operands[p]
  const below = mean.loops.slice(0, b).flat()
  const spatial = loopDims.map((dim) =>
    below.reduce((product, loop) => (loop.dim === dim ? product * loop.size : product), 1),
  )
  const room = new Float64Array(lattice.size).fill(1)
  const sizeAt = (d: number, s: number): number => spatial[d] * (lattice.extent[d]?.[s] ?? 1)
  for (const dim of operand.relevant) {
    const d = loopDims.indexOf(dim)
    for (let s = 0; s < lattice.size; s++) room[s] *= Math.ceil(sizeAt(d, s) * NOISE)
  }
  for (const { output, kernel, stride, dilation } of operand.sliding) {
    const o = loopDims.indexOf(output)
    const k = loopDims.indexOf(kernel)
    const { extentRounding } = problem.conventions
    for (let s = 0; s < lattice.size; s++) {
      const extent = hierarchical.slidingExtent(
        stride,
        sizeAt(o, s),
        dilation,
        sizeAt(k, s),
        extentRounding,
      )
      room[s] *= Math.ceil(extent * NOISE)
    }
  }
  return room
}
