import { hierarchical } from '../../cost/index.js'
import { loopDims } from '../../model/index.js'
import { completionBounds } from './completion-bounds.js'
import { factorLattice } from './factor-lattice.js'
import { operandTerms } from './operand-terms.js'
import { slideTerms } from './slide-terms.js'

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
  const boundaries = new hierarchical.BoundaryTerms(own)
  const terms = operandTerms(boundaries, p, lattice)
  const energyPj = problem.operands.map((_, q) => (q === p ? terms.energyPj : []))
  const slides = operand.sliding.length > 0 ? slideTerms(boundaries, energyPj, lattice) : undefined
  const unchecked = problem.conventions.innermostCapacity === 'unchecked'
  const capacityBits = memories.map(({ sizeBits }, m) =>
    unchecked && m === 0 ? Infinity : sizeBits,
  )
  const one = loopDims.map(() => 1)
  const atArray = new hierarchical.BoundaryTerms(problem).energyPj(p, 0, one)
  return (
    atArray +
    completionBounds(lattice, terms, slides?.leastPj ?? terms.energyPj, capacityBits)[1][0]
  )
}
