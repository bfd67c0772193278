import { outputDepth } from './depth.js'
import type { Stack, StackNode } from './stack.js'
import type { AxisTile } from './tile-type.js'

type Sizes = Pick<AxisTile, 'out' | 'source' | 'input'>

/** Bits per element of what a read delivers: the second matrix of a product takes the weights' place. */
export function readPrecision({ layer, reads }: StackNode, read: number): number {
  return reads[read].whole ? layer.precisionBits.weight : layer.precisionBits.input
}

/** Indices of the reads of a node; a map that is read twice is there once. */
export function distinctReads({ reads }: StackNode): number[] {
  return reads.flatMap(({ from }, r) =>
    reads.findIndex((each) => each.from === from) === r ? [r] : [],
  )
}

/** Bits of one read of a node's tile, cached part included. */
export function inputBits(node: StackNode, read: number, i: number, x: Sizes, y: Sizes): number {
  const area = x.input[i][read] * y.input[i][read]
  return node.reads[read].depth * area * readPrecision(node, read)
}

/** What a map that is read takes: {@link inputBits}, or {@link storedInputBits}. */
export type InputRule<S extends Sizes> = (
  node: StackNode,
  read: number,
  i: number,
  x: S,
  y: S,
) => number

/**
 * Like {@link inputBits}, with what this tile made of the map for later readers and this node does not read: it stays
 * stored.
 */
export function storedInputBits(
  node: StackNode,
  read: number,
  i: number,
  x: AxisTile,
  y: AxisTile,
): number {
  const { from, depth } = node.reads[read]
  const made = (axis: AxisTile): number => (from < 0 ? axis.source[~from] : axis.out[from])
  const [width, height] = [x.input[i][read], y.input[i][read]]
  const cached = width * height - (width - x.reused[i][read]) * (height - y.reused[i][read])
  return depth * (made(x) * made(y) + cached) * readPrecision(node, read)
}

/** Bits of a node's finished output tile. */
export function outputBits(node: StackNode, i: number, x: Sizes, y: Sizes): number {
  const { layer } = node
  return outputDepth(layer) * x.out[i] * y.out[i] * layer.precisionBits.output
}

/** Bits newly read from a source. */
export function sourceBits(stack: Stack, s: number, x: Sizes, y: Sizes): number {
  const { depth, bitsPerElement } = stack.sources[s]
  return depth * x.source[s] * y.source[s] * bitsPerElement
}

/** How many reads of the stack's layers there are of a source. */
export function sourceReaders(stack: Stack, s: number): number {
  return stack.nodes.flatMap((node) => node.reads).filter(({ from }) => from === ~s).length
}

/**
 * Largest amount of feature-map data alive at once while a tile passes through the stack (spec §18): while a node
 * runs, the stored outputs of its producers count as its own (cache-extended) inputs.
 */
export function peakBits<S extends Sizes>(
  stack: Stack,
  x: S,
  y: S,
  inputRule: InputRule<S>,
): number {
  const stored = new Map<number, { bits: number; readers: number }>()
  let live = 0
  let peak = 0
  stack.sources.forEach((_, s) => {
    const readers = sourceReaders(stack, s)
    const bits = sourceBits(stack, s, x, y)
    stored.set(~s, { bits, readers })
    live += bits
    peak = Math.max(peak, live)
  })
  stack.nodes.forEach((node, i) => {
    const producers = new Set(node.reads.map(({ from }) => from))
    const before = [...producers].reduce((sum, read) => sum + stored.get(read)!.bits, 0)
    const out = outputBits(node, i, x, y)
    const inputs = distinctReads(node).reduce(
      (sum, read) => sum + inputRule(node, read, i, x, y),
      0,
    )
    live += out
    peak = Math.max(peak, live - before + inputs, live)
    stored.set(i, { bits: out, readers: node.readers })
    for (const read of producers) {
      const producer = stored.get(read)!
      producer.readers -= node.reads.filter(({ from }) => from === read).length
      if (producer.readers === 0) live -= producer.bits
    }
  })
  return peak
}
