import type { Layer } from './layer.js'
import type { MapRead, OperandRead } from './operand-read.js'

/** Data operands that an operator has: feature maps, weights not counted. */
export function operandCount(operator: Layer['operator']): number {
  return operator === 'add' || operator === 'batched-matmul' ? 2 : 1
}

/**
 * The data operands of a layer. Where it does not list them, its inputs are one operand each; inputs beyond the
 * operands of its operator are joined channel by channel, and operands without an input read the network's.
 */
export function operandReads(layer: Layer): readonly OperandRead[] {
  if (layer.reads !== undefined) return layer.reads
  const count = operandCount(layer.operator)
  const maps = layer.inputs.map((from): MapRead => ({ from }))
  return Array.from({ length: count }, (_, operand) => {
    const own = operand === count - 1 ? maps.slice(operand) : maps.slice(operand, operand + 1)
    return own.length > 0 ? own : [{ from: null }]
  })
}

/** The layers that operands name, each once, in order: what `inputs` of a layer with these reads is. */
export function readLayers(reads: readonly OperandRead[]): string[] {
  const names = reads.flat().flatMap(({ from }) => (from === null ? [] : [from]))
  return [...new Set(names)]
}
