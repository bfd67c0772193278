import type { OnnxElementType } from '../../../model/index.js'

/** What shape inference knows of a tensor. */
export interface TensorFact {
  /** Sizes of all axes, outermost first; [] for a scalar. Every symbolic size is bound before inference begins. */
  readonly shape: readonly number[]
  readonly type: OnnxElementType
  /** Elements in row-major order, kept only for small tensors: shapes, axes, indices and the arithmetic on them. */
  readonly value?: readonly number[]
}

/** Tensors with more elements than this are never folded; shape arithmetic stays far below. */
export const MAX_FOLDED_ELEMENTS = 4096

/** Number of elements of a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}
