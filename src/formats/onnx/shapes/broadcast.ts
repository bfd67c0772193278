import { elementCount, MAX_FOLDED_ELEMENTS, type TensorFact } from './tensor-fact.js'
import type { RuleContext } from './rule.js'

/** Multidirectional (NumPy) broadcasting of shapes. */
export function broadcastShapes(
  context: RuleContext,
  shapes: readonly (readonly number[])[],
): number[] {
  const rank = Math.max(0, ...shapes.map((shape) => shape.length))
  return Array.from({ length: rank }, (_, axis) => {
    let size = 1
    for (const shape of shapes) {
      const own = shape[axis - rank + shape.length] ?? 1
      if (own === 1 || own === size) continue
      if (size !== 1) {
        context.fail(
          `shapes ${shapes.map((s) => `[${s.join(', ')}]`).join(' and ')} do not broadcast`,
        )
      }
      size = own
    }
    return size
  })
}

/** Value of a broadcast operand at a flat index of the result. */
function broadcastValue(operand: TensorFact, shape: readonly number[], flat: number): number {
  let rest = flat
  let index = 0
  let step = 1
  for (let axis = shape.length - 1, own = operand.shape.length - 1; own >= 0; axis--, own--) {
    const position = rest % shape[axis]
    rest = Math.floor(rest / shape[axis])
    index += (operand.shape[own] === 1 ? 0 : position) * step
    step *= operand.shape[own]
  }
  return (operand.value as readonly number[])[index]
}

/** Elementwise function of known operands, or undefined when one is unknown or the result is too large to fold. */
export function foldElementwise(
  operands: readonly TensorFact[],
  shape: readonly number[],
  apply: (values: readonly number[]) => number,
): readonly number[] | undefined {
  if (operands.some((operand) => operand.value === undefined)) return undefined
  const count = elementCount(shape)
  if (count > MAX_FOLDED_ELEMENTS) return undefined
  return Array.from({ length: count }, (_, flat) =>
    apply(operands.map((operand) => broadcastValue(operand, shape, flat))),
  )
}
