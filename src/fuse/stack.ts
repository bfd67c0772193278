import { InputError } from '../base/index.js'
import type { Layer } from '../model/index.js'
import type { Network } from './network.js'

/** A feature map that a stack reads from outside: the network's input, or what an earlier stack made. */
export interface StackSource {
  /** Position of the layer that made it, or NETWORK_INPUT. */
  readonly from: number
  readonly channels: number
  /** Full width and height. */
  readonly width: number
  readonly height: number
  readonly bitsPerElement: number
}

/** One layer of a stack; its reads are positions in the stack, or `~s` for source s. */
export interface StackNode {
  /** Position in the network. */
  readonly position: number
  readonly layer: Layer
  readonly reads: readonly number[]
  /** Layers of the same stack that read it, each once per operand: position in the stack and operand. */
  readonly readers: readonly { readonly node: number; readonly operand: number }[]
}

/** Layers that are computed depth-first together, in topological order; the last one is the output. */
export interface Stack {
  /** `network/first..last`, for messages. */
  readonly name: string
  readonly sources: readonly StackSource[]
  readonly nodes: readonly StackNode[]
}

/** Channels of the feature map that a layer reads. */
export function inputChannels(layer: Layer): number {
  return layer.dims.G * layer.dims.C
}

/** Channels of the feature map that a layer makes. */
export function outputChannels(layer: Layer): number {
  return layer.dims.G * layer.dims.K
}

/**
 * Cuts a network after the given positions.
 * @param cuts ascending; a cut after the last layer or after the input is no cut
 * @throws InputError when a stack has a second output, which its tiles could not hand on
 */
export function cutIntoStacks(network: Network, cuts: readonly number[]): Stack[] {
  const last = network.nodes.length - 1
  const ends = [...cuts.filter((cut) => cut >= 0 && cut < last), last]
  return ends.map((end, i) => makeStack(network, i === 0 ? 0 : ends[i - 1] + 1, end))
}

/**
 * The stack of the layers `first` … `end`.
 * @throws InputError when another layer than the last is read from outside
 */
export function makeStack(network: Network, first: number, end: number): Stack {
  const name = (position: number): string => network.nodes[position].layer.name
  const sources: StackSource[] = []
  const indexOf = new Map<number, number>()
  for (let position = first; position <= end; position++) {
    const { layer, producers, consumers } = network.nodes[position]
    if (position < end && consumers.some((consumer) => consumer > end)) {
      throw new InputError({
        code: 'E-FUSE-004',
        message: `a stack ${name(first)} … ${name(end)} would have two outputs: "${name(position)}" is also read after it`,
        hint: `cut after "${name(position)}" as well, or where only one feature map is alive`,
      })
    }
    for (const from of producers) {
      if (from >= first) continue
      const known = indexOf.get(from)
      const seen = sourceShape(layer)
      if (known === undefined) {
        indexOf.set(from, sources.length)
        sources.push({ from, ...seen })
      } else {
        // Readers of one map may see parts of it: the widest part, the channels that all of them know.
        const old = sources[known]
        sources[known] = {
          from,
          channels: Math.min(old.channels, seen.channels),
          width: Math.max(old.width, seen.width),
          height: Math.max(old.height, seen.height),
          bitsPerElement: Math.max(old.bitsPerElement, seen.bitsPerElement),
        }
      }
    }
  }
  const readers: { node: number; operand: number }[][] = Array.from(
    { length: end - first + 1 },
    () => [],
  )
  const reads = readers.map((_, i) =>
    network.nodes[first + i].producers.map((from, operand) => {
      if (from < first) return ~indexOf.get(from)!
      readers[from - first].push({ node: i, operand })
      return from - first
    }),
  )
  return {
    name: first === end ? name(end) : `${name(first)} … ${name(end)}`,
    sources,
    nodes: reads.map((each, i) => ({
      position: first + i,
      layer: network.nodes[first + i].layer,
      reads: each,
      readers: readers[i],
    })),
  }
}

function sourceShape(layer: Layer): Omit<StackSource, 'from'> {
  const { dims, stride, dilation, padding } = layer
  const span = (out: number, s: number, k: number, d: number): number =>
    (out - 1) * s + (k - 1) * d + 1
  return {
    channels: inputChannels(layer),
    width: span(dims.OX, stride.x, dims.FX, dilation.x) - padding.left - padding.right,
    height: span(dims.OY, stride.y, dims.FY, dilation.y) - padding.top - padding.bottom,
    bitsPerElement: layer.precisionBits.input,
  }
}
