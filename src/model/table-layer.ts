import type { Layer } from './layer.js'

/** A layer as a scheduling table sees it: eight loop bounds in column order K, B, P, Q, C, R, S, G, and how the input is stepped through. */
export interface TableLayer {
  readonly name: string
  /** Loop bounds K, B, P, Q, C, R, S, G; K and C of one group. */
  readonly dims: readonly number[]
  /** Input rows and columns between neighbouring output points. */
  readonly strideY: number
  readonly strideX: number
  /** Input rows and columns between neighbouring kernel points. */
  readonly dilationY: number
  readonly dilationX: number
}

/**
 * The loop bounds of a layer, or undefined when it is no multiply-accumulate nest with weights (pooling, additions).
 * Padding is not modelled: padded rows count as input. A batched matrix product has one matrix of weights per batch
 * entry, so its batch becomes groups.
 */
export function tableLayer(layer: Layer): TableLayer | undefined {
  const { B, K, C, OY, OX, FY, FX, G } = layer.dims
  switch (layer.operator) {
    case 'pool':
    case 'add':
      return undefined
    case 'conv':
    case 'gemm':
    case 'batched-matmul': {
      const batched = layer.operator === 'batched-matmul'
      return Object.freeze({
        name: layer.name,
        dims: Object.freeze([K, batched ? 1 : B, OY, OX, C, FY, FX, batched ? G * B : G]),
        strideY: layer.stride.y,
        strideX: layer.stride.x,
        dilationY: layer.dilation.y,
        dilationX: layer.dilation.x,
      })
    }
  }
}

/** A table layer of loop bounds in column order and one stride for both axes, as the published network files give it. */
export function tableLayerOf(name: string, dims: readonly number[], stride: number): TableLayer {
  return Object.freeze({
    name,
    dims: Object.freeze([...dims]),
    strideY: stride,
    strideX: stride,
    dilationY: 1,
    dilationX: 1,
  })
}

/** Whether two layers pose the same mapping problem (their names aside). */
export function sameShape(a: TableLayer, b: TableLayer): boolean {
  return shapeKey(a) === shapeKey(b)
}

/** Equal for layers that pose the same mapping problem. */
export function shapeKey(layer: TableLayer): string {
  return `${layer.dims.join(',')};${layer.strideY},${layer.strideX};${layer.dilationY},${layer.dilationX}`
}
