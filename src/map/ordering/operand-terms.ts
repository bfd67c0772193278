import { hierarchical } from '../../cost/index.js'
import { loopDims } from '../../model/index.js'
import { contentElements } from './content-elements.js'
import type { FactorLattice } from './factor-lattice.js'

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
  const rows =
    terms.problem.conventions.innermostRows === 'streamed' ? hierarchical.rowLoop : undefined
  const roomElements = memories.map((_, m) => {
    const streamed = m === 0 ? rows : undefined
    return contentElements(terms.problem, p, m + 1, lattice, streamed)
  })
  const accumulations = new Float64Array(size).fill(1)
  const tile = new Float64Array(loopDims.length).fill(1)
  const moving = extent.flatMap((iterations, d) =>
    iterations === undefined ? [] : [{ d, iterations }],
  )
  for (let s = 0; s < size; s++) {
    for (const { d, iterations } of moving) tile[d] = iterations[s]
    for (let b = 1; b < depth; b++) energyPj[b][s] = terms.energyPj(p, b, tile)
    if (operand.name === 'output') accumulations[s] = terms.accumulationsAbove(p, tile)
  }
  const { bits, partialBits } = operand
  return { depth, energyPj, roomElements, accumulations, bits, partialBits }
}
