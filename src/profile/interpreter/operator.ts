import type { OnnxNode } from '../../model/index.js'
import type { TensorValue } from '../runtime.js'

/** Computes the first output of a node. `inputs[i]` is undefined for an omitted optional input. */
export type Operator = (
  node: OnnxNode,
  inputs: readonly (TensorValue | undefined)[],
  opset: number,
) => TensorValue

/** The i-th input; the interpreter has checked that a node has what its operator demands. */
export function need(inputs: readonly (TensorValue | undefined)[], i: number): TensorValue {
  const value = inputs[i]
  if (value === undefined) throw new RangeError(`input ${i} is missing`)
  return value
}

/** Counts a negative axis from the end. */
export function axisOf(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

export function float32(dims: readonly number[], data: Float32Array): TensorValue {
  return { dims, data }
}
