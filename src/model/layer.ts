/**
 * Loop dimensions of a layer. B batch, K output channels (per group), C input channels (per group), OY/OX output
 * rows/columns, FY/FX kernel rows/columns, G groups. A matrix product (M×N·N×P) is K = M, C = N, OX = P.
 */
export const loopDims = ['B', 'K', 'C', 'OY', 'OX', 'FY', 'FX', 'G'] as const
export type LoopDim = (typeof loopDims)[number]

/** The three data types of a layer. */
export type Operand = 'input' | 'weight' | 'output'

/** A loop nest over one layer: every operator that maps or fuse can schedule. */
export interface Layer {
  readonly name: string
  /** What the layer computes; decides only which data exist (pooling and add have no weights) and how it is drawn. */
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
