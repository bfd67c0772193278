import type { Layer } from '../model/index.js'

/** Elements at one position of the feature map that a layer makes: all channels of all batch entries. */
export function outputDepth({ operator, dims }: Layer): number {
  return dims.B * dims.G * dims.K * (operator === 'add' ? dims.C : 1)
}

/** Elements that a layer reads at one position of a data operand. */
export function inputDepth({ operator, dims }: Layer): number {
  return dims.B * dims.G * dims.C * (operator === 'add' ? dims.K : 1)
}

/** Elements of the second matrix of a batched product, which every row of the first one needs as a whole. */
export function secondMatrix({ dims }: Layer): number {
  return dims.B * dims.G * dims.C * dims.K
}

/** Elements of the whole feature map that a layer makes. */
export function outputElements(layer: Layer): number {
  return outputDepth(layer) * layer.dims.OX * layer.dims.OY
}
