import { hierarchical } from '../../cost/index.js'
import { loopDims, type LoopDim } from '../../model/index.js'
import type { FactorLattice } from './factor-lattice.js'

// Averages over partial passes are quotients: whole numbers must not be rounded up for their last digit.
const NOISE = 1 - 1e-12

/** Every dimension of the tensor to whole elements: what an allocation has to provide for (specification §8.4). */
function roundUp(extent: number): number {
  return Math.ceil(extent * NOISE)
}

/**
 * [state]: elements, in whole positions of every dimension, that operand p has below boundary b when the loops of a state
 * lie below it, with average use of the array.
 * @param streamed a loop of which only one iteration is there at a time
 */
export function contentElements(
  problem: hierarchical.HierarchicalProblem,
  p: number,
  b: number,
  lattice: FactorLattice,
  streamed?: LoopDim,
): Float64Array {
  const { operand, mean } = problem.operands[p]
  const { extentRounding } = problem.conventions
  const below = mean.loops.slice(0, b).flat()
  const lanes = (dim: LoopDim): number =>
    below.reduce((product, loop) => (loop.dim === dim ? product * loop.size : product), 1)
  const temporal = (dim: LoopDim): Float64Array | undefined =>
    dim === streamed ? undefined : lattice.extent[loopDims.indexOf(dim)]
  const elements = new Float64Array(lattice.size)
  const fixed = operand.relevant.reduce(
    (product, dim) => (temporal(dim) === undefined ? product * roundUp(lanes(dim)) : product),
    1,
  )
  elements.fill(fixed)
  for (const dim of operand.relevant) {
    const extent = temporal(dim)
    if (extent === undefined) continue
    const spatial = lanes(dim)
    for (let s = 0; s < elements.length; s++) elements[s] *= roundUp(spatial * extent[s])
  }
  for (const { output, kernel, stride, dilation } of operand.sliding) {
    const outputs = temporal(output)
    const kernels = temporal(kernel)
    const outputLanes = lanes(output)
    const kernelLanes = lanes(kernel)
    for (let s = 0; s < elements.length; s++) {
      const extent = hierarchical.slidingExtent(
        stride,
        outputs === undefined ? outputLanes : outputLanes * outputs[s],
        dilation,
        kernels === undefined ? kernelLanes : kernelLanes * kernels[s],
        extentRounding,
      )
      elements[s] *= roundUp(extent)
    }
  }
  return elements
}
