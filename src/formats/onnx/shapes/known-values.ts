import type { RuleContext } from './rule.js'
import { fact } from './rule.js'
import { MAX_FOLDED_ELEMENTS, type TensorFact } from './tensor-fact.js'

/** A fact with values when they are known and few. */
export function withValue(
  shape: readonly number[],
  source: TensorFact,
  value: readonly number[] | undefined,
): TensorFact {
  return value === undefined || value.length > MAX_FOLDED_ELEMENTS
    ? fact(shape, source.type)
    : { shape, type: source.type, value }
}

/** Axes given as attribute (older opsets) or as a constant input (newer ones); undefined when absent in both. */
export function axesOf(context: RuleContext, inputIndex: number): readonly number[] | undefined {
  const attribute = context.ints('axes')
  if (attribute !== undefined) return attribute
  return context.inputs[inputIndex] === undefined ? undefined : context.constant(inputIndex, 'axes')
}
