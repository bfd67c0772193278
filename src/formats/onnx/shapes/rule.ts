import type { OnnxAttribute, OnnxElementType, OnnxNode } from '../../../model/index.js'
import type { TensorFact } from './tensor-fact.js'

/** A shape rule's view of one node: its inputs as facts, its attributes by name. */
export interface RuleContext {
  readonly node: OnnxNode
  /** Version of the operator set of the node's domain. */
  readonly opset: number
  /** Facts of the inputs in order; undefined where an optional input is left out. */
  readonly inputs: readonly (TensorFact | undefined)[]
  /** The i-th input. @throws ShapeError when it is left out */
  input(i: number): TensorFact
  /** Values of the i-th input, which must be a known constant. @throws ShapeError naming the tensor */
  constant(i: number, what: string): readonly number[]
  int(name: string, fallback: number): number
  ints(name: string): readonly number[] | undefined
  text(name: string, fallback: string): string
  attribute(name: string): OnnxAttribute | undefined
  fail(message: string): never
}

/** Facts of a node's outputs, from those of its inputs; follows the ONNX operator specification, opset by opset. */
export type ShapeRule = (context: RuleContext) => readonly TensorFact[]

/** A node whose output shape cannot be worked out; carries a message without position. */
export class ShapeError extends Error {
  override readonly name = 'ShapeError'
}

/** An axis counted from the end when negative, as an index in [0, rank). */
export function axisIndex(context: RuleContext, axis: number, rank: number): number {
  const index = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(index) || index < 0 || index >= rank) {
    context.fail(`axis ${axis} is out of range for a tensor with ${rank} axes`)
  }
  return index
}

/** A fact without folded values. */
export function fact(shape: readonly number[], type: OnnxElementType): TensorFact {
  return { shape, type }
}
