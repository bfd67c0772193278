import type { LayerOperand, LoopDim, SlidingAxis } from '../../model/index.js'
import type { HierarchicalConventions } from './conventions.js'
import { slidingExtent } from './extent.js'

/** Per level the product of the iterations that meet new elements (`relevant`) and that reuse them (`irrelevant`). */
export interface Decoupled {
  readonly relevant: readonly number[]
  readonly irrelevant: readonly number[]
}

interface SizedLoop {
  readonly dim: LoopDim
  readonly size: number
}

/**
 * Splits the loops of an operand, level by level from the inside, into relevant and irrelevant iterations. A loop of a
 * sliding axis is a bit of both: it is relevant by the factor by which the extent of the axis grows (specification §5.2).
 */
export function decouple(
  levels: readonly (readonly SizedLoop[])[],
  operand: LayerOperand,
  rounding: HierarchicalConventions['extentRounding'],
): Decoupled {
  const axes = operand.sliding.map((axis) => ({ axis, a: 1, b: 1, extent: 1, reuse: 1 }))
  const relevant: number[] = []
  const irrelevant: number[] = []
  for (const loops of levels) {
    let r = 1
    let ir = 1
    for (const { dim, size } of loops) {
      const state = axes.find(({ axis }) => axis.output === dim || axis.kernel === dim)
      if (state === undefined) {
        if (operand.relevant.includes(dim)) r *= size
        else ir *= size
        continue
      }
      if (state.axis.output === dim) state.a *= size
      else state.b *= size
      const extent = axisExtent(state.axis, state.a, state.b, rounding)
      const reuse = (state.a * state.b) / extent
      r *= extent / state.extent
      ir *= reuse / state.reuse
      state.extent = extent
      state.reuse = reuse
    }
    relevant.push(r)
    irrelevant.push(ir)
  }
  return { relevant, irrelevant }
}

/** Positions of a sliding axis that `a` output and `b` kernel iterations touch. */
export function axisExtent(
  axis: SlidingAxis,
  a: number,
  b: number,
  rounding: HierarchicalConventions['extentRounding'],
): number {
  return slidingExtent(axis.stride, a, axis.dilation, b, rounding)
}
