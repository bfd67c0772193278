import type { hierarchical } from '../../cost/index.js'
import { loopDims } from '../../model/index.js'
import { completionBounds } from './completion-bounds.js'
import { factorLattice } from './factor-lattice.js'
import { operandTerms } from './operand-terms.js'
import { slideTerms } from './slide-terms.js'

/**
 * Least energy that operand p costs in any mapping of the problem, were it alone in its memories; Infinity where it does
 * not fit even then. Loops that do not index the operand serve it best inside everything, so only the others are
 * ordered: far fewer states than the whole problem has.
 * @param terms of the problem
 */
export function operandFloorPj(terms: hierarchical.BoundaryTerms, p: number): number {
  const { problem } = terms
  const { operand, memories } = problem.operands[p]
  const temporal = { ...problem.temporal }
  for (const dim of operand.irrelevant) temporal[dim] = 1
  const lattice = factorLattice(temporal)
  const boundaries = terms.withTemporal(temporal)
  const tabulated = operandTerms(boundaries, p, lattice)
  const energyPj = problem.operands.map((_, q) => (q === p ? tabulated.energyPj : []))
  const slides = operand.sliding.length > 0 ? slideTerms(boundaries, energyPj, lattice) : undefined
  const unchecked = problem.conventions.innermostCapacity === 'unchecked'
  const capacityBits = memories.map(({ sizeBits }, m) =>
    unchecked && m === 0 ? Infinity : sizeBits,
  )
  const one = loopDims.map(() => 1)
  const atArray = terms.energyPj(p, 0, one)
  return (
    atArray +
    completionBounds(
      lattice,
      tabulated,
      slides?.energyPj.least ?? tabulated.energyPj,
      capacityBits,
    )[1][0]
  )
}
