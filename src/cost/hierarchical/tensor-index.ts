import { loopDims, type LayerOperand, type LoopDim } from '../../model/index.js'

/** How loops index a tensor, by their positions in `loopDims`. */
export interface TensorIndex {
  readonly relevant: readonly number[]
  readonly irrelevant: readonly number[]
  readonly sliding: readonly {
    readonly output: number
    readonly kernel: number
    readonly stride: number
    readonly dilation: number
  }[]
}

/** The positions of a tensor's dimensions. */
export function tensorIndex({ relevant, irrelevant, sliding }: LayerOperand): TensorIndex {
  const at = (dim: LoopDim): number => loopDims.indexOf(dim)
  return {
    relevant: relevant.map(at),
    irrelevant: irrelevant.map(at),
    sliding: sliding.map(({ output, kernel, stride, dilation }) => ({
      output: at(output),
      kernel: at(kernel),
      stride,
      dilation,
    })),
  }
}
