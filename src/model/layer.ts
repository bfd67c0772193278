import { loopDims, type LoopDim, type Operand } from './loop-dims.js'
import type { OperandRead } from './operand-read.js'
import type { SpatialUnrolling } from './spatial-unrolling.js'

export { loopDims, type LoopDim, type Operand }

/** A loop nest over one layer: every operator that maps or fuse can schedule. */
export interface Layer {
  readonly name: string
  /**
   * What the layer computes; decides only which data exist (pooling and add have no weights) and how it is drawn.
   * `add` is any arithmetic on two activations, element by element.
   */
  readonly operator: 'conv' | 'gemm' | 'pool' | 'add' | 'batched-matmul'
  /** Iterations per dimension, all ≥ 1. K and C count one group; MACs are the product of all eight. */
  readonly dims: Readonly<Record<LoopDim, number>>
  /** Rows (y) and columns (x) between neighbouring output points. */
  readonly stride: { readonly y: number; readonly x: number }
  readonly dilation: { readonly y: number; readonly x: number }
  /** Zeros added around the input; never stored or moved. */
  readonly padding: {
    readonly top: number
    readonly bottom: number
    readonly left: number
    readonly right: number
  }
  /** Bits per element; `partialOutput` is an output element before its last accumulation. */
  readonly precisionBits: {
    readonly input: number
    readonly weight: number
    readonly output: number
    readonly partialOutput: number
  }
  /** Names of the layers whose outputs are read, in operand order; empty for a layer fed by the network's input. */
  readonly inputs: readonly string[]
  /** The data operands, where they are not one whole map of `inputs` each: joined, reshaped, or the network's input. */
  readonly reads?: readonly OperandRead[]
  /**
   * Whether a kernel slides over the input (then neighbouring output points share input points). Default: true for
   * `conv` and `pool`. Set to false for a 1×1 convolution written without kernel loops.
   */
  readonly slidesInput?: boolean
  /** Spatial unrolling to use on the accelerator of that name, where it differs from the accelerator's own rule. */
  readonly unrolling?: Readonly<Record<string, SpatialUnrolling>>
}

/** A network: layers in topological order, edges given by each layer's `inputs`. */
export interface Workload {
  readonly kind: 'workload'
  readonly name: string
  readonly layers: readonly Layer[]
}

/** Multiply-accumulates of a layer. */
export function macCount(layer: Layer): number {
  return loopDims.reduce((product, dim) => product * layer.dims[dim], 1)
}

/** Rows (y) and columns (x) of the input that a layer reads, zero padding included. */
export function paddedInputSize(layer: Layer): { readonly y: number; readonly x: number } {
  const { dims, stride, dilation } = layer
  return {
    y: stride.y * (dims.OY - 1) + dilation.y * (dims.FY - 1) + 1,
    x: stride.x * (dims.OX - 1) + dilation.x * (dims.FX - 1) + 1,
  }
}

/** Rows and columns of the input that are stored and moved: the padded size without its zeros. */
export function storedInputSize(layer: Layer): { readonly y: number; readonly x: number } {
  const { y, x } = paddedInputSize(layer)
  const { top, bottom, left, right } = layer.padding
  return { y: y - top - bottom, x: x - left - right }
}
