import type { LoopDim } from './loop-dims.js'

/** One loop dimension spread over one array dimension; `factor` positions are used, at least 1. */
export interface Unroll {
  readonly arrayDimension: string
  readonly dim: LoopDim
  readonly factor: number
}

/** How a layer is spread over the array; several loops may share an array dimension, a loop may take several. */
export type SpatialUnrolling = readonly Unroll[]

/** Per array dimension the loop dimensions it prefers: the first one that the layer has is unrolled as far as it goes. */
export type UnrollingRule = Readonly<Record<string, readonly LoopDim[]>>
