import { hierarchical } from '../../cost/index.js'
import { loopDims } from '../../model/index.js'
import { completionBounds } from './completion-bounds.js'
import { factorLattice } from './factor-lattice.js'
import { operandTerms } from './operand-terms.js'

/**
 * Least energy that operand p costs in any mapping of a problem, were it alone in its memories; Infinity where it does
 * not fit even then. Loops that do not index the operand serve it best inside everything, so only the others are
 * ordered: far fewer states than the whole problem has.
 */
export function operandFloorPj(problem: hierarchical.HierarchicalProblem, p: number): number {
  const { operand, memories } = problem.operands[p]
  const temporal = { ...problem.temporal }
  for (const dim of operand.irrelevant) temporal[dim] = 1
  const own = { ...problem, temporal }
  const lattice = factorLattice(temporal)
  const terms = operandTerms(new hierarchical.BoundaryTerms(own), p, lattice)
  const unchecked = problem.conventions.innermostCapacity === 'unchecked'
  const capacityBits = memories.map(({ sizeBits }, m) =>
    unchecked && m === 0 ? Infinity : sizeBits,
  )
  const one = loopDims.map(() => 1)
  const atArray = new hierarchical.BoundaryTerms(problem).energyPj(p, 0, one)
  return atArray + completionBounds(lattice, terms, terms.energyPj, capacityBits)[1][0]
}
