import { hierarchical } from '../../cost/index.js'
import { loopDims, type LoopDim } from '../../model/index.js'
import type { FactorLattice } from './factor-lattice.js'

// Averages over partial passes are quotients: whole numbers must not be rounded up for their last digit.
const NOISE = 1 - 1e-12

/** Every dimension of the tensor to whole elements: what an allocation has to provide for (specification §8.4). */
export function roundUp(extent: number): number {
  return Math.ceil(extent * NOISE)
}

/**
 * [state]: elements of operand p below boundary b when the loops of a state lie below it, the spatial loops with
 * average or with largest use of the array.
 * @param round of every dimension of the tensor
 * @param streamed a loop of which only one iteration is there at a time
 */
export function contentElements(
  problem: hierarchical.HierarchicalProblem,
  p: number,
  use: 'mean' | 'whole',
  b: number,
  lattice: FactorLattice,
  round: (extent: number) => number,
  streamed?: LoopDim,
): Float64Array {
  const { operand, [use]: counts } = problem.operands[p]
  const below = counts.loops.slice(0, b).flat()
  const spatial = loopDims.map((dim) =>
    below.reduce((product, loop) => (loop.dim === dim ? product * loop.size : product), 1),
  )
  const elements = new Float64Array(lattice.size).fill(1)
  const sizeAt = (d: number, s: number): number =>
    loopDims[d] === streamed ? spatial[d] : spatial[d] * (lattice.extent[d]?.[s] ?? 1)
  for (const dim of operand.relevant) {
    const d = loopDims.indexOf(dim)
    for (let s = 0; s < lattice.size; s++) elements[s] *= round(sizeAt(d, s))
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
      elements[s] *= round(extent)
    }
  }
  return elements
}
