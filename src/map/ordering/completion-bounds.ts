import { countOf, type FactorLattice } from './factor-lattice.js'
import type { OperandTerms } from './operand-terms.js'

/**
 * Least cost (energy, or cycles of a port) that an operand still adds, [b][state]: boundaries b and above are to be cut
 * at multisets that contain the state, each within the operand's own room. Ignores the other operands, so the sum over
 * operands never overestimates: the admissible bound of the search. Infinity: the operand alone cannot be completed.
 * @param cost [b][state] of cutting boundary b; empty where it costs nothing
 * @param capacityBits of each of the operand's memories
 */
export function completionBounds(
  lattice: FactorLattice,
  terms: OperandTerms,
  cost: readonly Float64Array[],
  capacityBits: readonly number[],
): Float64Array[] {
  const { size, axes, stride } = lattice
  const { depth, roomElements, bits } = terms
  const bounds: Float64Array[] = []
  bounds[depth] = new Float64Array(size)
  for (let b = depth - 1; b >= 1; b--) {
    const own = new Float64Array(size)
    const above = bounds[b + 1]
    const room = roomElements[b - 1]
    const here = cost[b]
    const capacity = capacityBits[b - 1]
    for (let s = size - 1; s >= 0; s--) {
      let best = room[s] * bits <= capacity ? (here.length > 0 ? here[s] : 0) + above[s] : Infinity
      for (let i = 0; i < axes.length; i++) {
        if (countOf(lattice, s, i) < axes[i].count && own[s + stride[i]] < best)
          best = own[s + stride[i]]
      }
      own[s] = best
    }
    bounds[b] = own
  }
  return bounds
}
