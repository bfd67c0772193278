import { inputChannels, outputChannels, type Stack, type StackNode } from './stack.js'
import type { AxisTile } from './tile-type.js'

type Sizes = Pick<AxisTile, 'out' | 'source' | 'input'>

/** Bits of one operand of a node's tile, cached part included. */
export function inputBits(node: StackNode, operand: number, i: number, x: Sizes, y: Sizes): number {
  const { layer } = node
  const area = x.input[i][operand] * y.input[i][operand]
  return layer.dims.B * inputChannels(layer) * area * layer.precisionBits.input
}

/** Bits of all data operands of a node's tile. */
export function allInputBits(node: StackNode, i: number, x: Sizes, y: Sizes): number {
  return node.reads.reduce((sum, _, operand) => sum + inputBits(node, operand, i, x, y), 0)
}

/** Bits of a node's finished output tile. */
export function outputBits(node: StackNode, i: number, x: Sizes, y: Sizes): number {
  const { layer } = node
  return layer.dims.B * outputChannels(layer) * x.out[i] * y.out[i] * layer.precisionBits.output
}

/** Bits newly read from a source. */
export function sourceBits(stack: Stack, s: number, x: Sizes, y: Sizes): number {
  const { channels, bitsPerElement } = stack.sources[s]
  const batch = stack.nodes[0].layer.dims.B
  return batch * channels * x.source[s] * y.source[s] * bitsPerElement
}

/**
 * Largest amount of feature-map data alive at once while a tile passes through the stack (spec §18): while a node
 * runs, the stored outputs of its producers count as its own (cache-extended) inputs.
 */
export function peakBits(stack: Stack, x: Sizes, y: Sizes): number {
  const stored = new Map<number, { bits: number; readers: number }>()
  let live = 0
  let peak = 0
  stack.sources.forEach((_, s) => {
    const readers = stack.nodes.flatMap((node) => node.reads).filter((read) => read === ~s).length
    const bits = sourceBits(stack, s, x, y)
    stored.set(~s, { bits, readers })
    live += bits
    peak = Math.max(peak, live)
  })
  stack.nodes.forEach((node, i) => {
    const producers = new Set(node.reads)
    const before = [...producers].reduce((sum, read) => sum + stored.get(read)!.bits, 0)
    const out = outputBits(node, i, x, y)
    live += out
    peak = Math.max(peak, live - before + allInputBits(node, i, x, y), live)
    stored.set(i, { bits: out, readers: node.readers.length })
    for (const read of producers) {
      const producer = stored.get(read)!
      producer.readers -= node.reads.filter((each) => each === read).length
      if (producer.readers === 0) live -= producer.bits
    }
  })
  return peak
}
