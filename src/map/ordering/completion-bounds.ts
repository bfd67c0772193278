import type { FactorLattice } from './factor-lattice.js'
import type { OperandTerms } from './operand-terms.js'

/**
 * Least cost (energy, or cycles of a port) that an operand still adds, [b][state]: boundaries b and above are to be cut
 * at multisets that contain the state, each within the operand's own room. Ignores the other operands, so the sum over
 * operands never overestimates: the admissible bound of the search. Infinity: the operand alone cannot be completed.
 * @param cost [b][state] of cutting boundary b; empty where it costs nothing
 * @param capacityBits of each of the operand's memories
 * @param width costs that stand side by side: index `state · width + k`
 */
export function completionBounds(
  lattice: FactorLattice,
  { depth, roomElements, bits }: OperandTerms,
  cost: readonly Float64Array[],
  capacityBits: readonly number[],
  width = 1,
): Float64Array[] {
  const { size } = lattice
  const bounds: Float64Array[] = []
  bounds[depth] = new Float64Array(size * width)
  for (let b = depth - 1; b >= 1; b--) {
    const own = new Float64Array(size * width)
    const above = bounds[b + 1]
    const room = roomElements[b - 1]
    const here = cost[b]
    const isFree = here.length === 0
    const capacity = capacityBits[b - 1]
    for (let s = 0; s < size; s++) {
      const fits = room[s] * bits <= capacity
      for (let at = s * width; at < (s + 1) * width; at++) {
        own[at] = fits ? (isFree ? 0 : here[at]) + above[at] : Infinity
      }
    }
    lowerToSupersets(own, lattice, width)
    bounds[b] = own
  }
  return bounds
}

/** Makes every value the least of those of its state and of all that contain it, one axis after another. */
function lowerToSupersets(
  values: Float64Array,
  { axes, stride }: FactorLattice,
  width: number,
): void {
  axes.forEach(({ count }, i) => {
    // States with one more factor of the axis come so much later; all that differ in it only lie in one block.
    const step = stride[i] * width
    const block = step * (count + 1)
    for (let first = 0; first < values.length; first += block) {
      for (let at = first + block - step - 1; at >= first; at--) {
        if (values[at + step] < values[at]) values[at] = values[at + step]
      }
    }
  })
}
