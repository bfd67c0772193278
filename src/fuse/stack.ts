import { InputError } from '../base/index.js'
import { storedInputSize, type Layer } from '../model/index.js'
import { outputElements } from './depth.js'
import { NETWORK_INPUT, type Network, type NetworkRead } from './network.js'

/** A feature map that a stack reads from outside: the network's input, or what an earlier stack made. */
export interface StackSource {
  /** Position of the layer that made it, or NETWORK_INPUT. */
  readonly from: number
  /** Elements per position: channels of all batch entries. */
  readonly depth: number
  /** Full width and height. */
  readonly width: number
  readonly height: number
  readonly bitsPerElement: number
}

/** A feature map that a layer of a stack reads. */
export interface StackRead {
  /** Position in the stack, or `~s` for source s. */
  readonly from: number
  /** Elements that are read of each position. */
  readonly depth: number
  /** Every output needs all of it. */
  readonly whole: boolean
}

/** One layer of a stack. */
export interface StackNode {
  /** Position in the network. */
  readonly position: number
  readonly layer: Layer
  readonly reads: readonly StackRead[]
  /** How many reads of layers of the same stack there are of its output. */
  readonly readers: number
}

/** Layers that are computed depth-first together, in topological order; the last one is the output. */
export interface Stack {
  /** `network/first..last`, for messages. */
  readonly name: string
  readonly sources: readonly StackSource[]
  readonly nodes: readonly StackNode[]
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
  const indexOf = new Map<string, number>()
  const sourceOf = (reader: Layer, read: NetworkRead, alike: number): number => {
    const seen = sourceShape(network, reader, read)
    const key = sourceKey(read, seen, alike)
    const known = indexOf.get(key)
    if (known === undefined) {
      indexOf.set(key, sources.length)
      return sources.push(seen) - 1
    }
    // Readers of one map may see parts of it: the widest part, the channels that all of them know.
    const old = sources[known]
    sources[known] = {
      from: read.from,
      depth: Math.min(old.depth, seen.depth),
      width: Math.max(old.width, seen.width),
      height: Math.max(old.height, seen.height),
      bitsPerElement: Math.max(old.bitsPerElement, seen.bitsPerElement),
    }
    return known
  }
  const readers = new Array<number>(end - first + 1).fill(0)
  const reads: StackRead[][] = []
  for (let position = first; position <= end; position++) {
    const { layer, reads: own, consumers } = network.nodes[position]
    const isRead = consumers.some((consumer) => consumer > end)
    if (position < end && (isRead || consumers.length === 0)) {
      throw new InputError({
        code: 'E-FUSE-004',
        message: `a stack ${name(first)} … ${name(end)} would have two outputs: "${name(position)}" is also ${isRead ? 'read after it' : 'an output of the network'}`,
        hint: `cut after "${name(position)}" as well, or where only one feature map is alive`,
      })
    }
    reads.push(
      own.map((read, r): StackRead => {
        // Two reshaped parts of one map that a layer reads are different parts (the halves of a split).
        const alike = own.slice(0, r).filter(({ from }) => from === read.from).length
        const from = read.from < first ? ~sourceOf(layer, read, alike) : read.from - first
        if (from >= 0) readers[from]++
        return { from, depth: read.depth, whole: read.whole }
      }),
    )
  }
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

/** Reads of one map share a source; a reshaped map is one of its own, and so is each input of another depth. */
function sourceKey(
  { from, whole, reshaped }: NetworkRead,
  { depth, width, height }: StackSource,
  alike: number,
): string {
  if (reshaped !== undefined) return `${from} ${reshaped} ${width}×${height}×${depth} ${alike}`
  return from === NETWORK_INPUT ? `${from} ${depth} ${whole}` : String(from)
}

function sourceShape(network: Network, reader: Layer, read: NetworkRead): StackSource {
  const { from, depth, whole, reshaped } = read
  const { input, weight } = reader.precisionBits
  if (whole) {
    const made = from === NETWORK_INPUT || reshaped !== undefined ? undefined : network.nodes[from]
    const { OX, OY } = made?.layer.dims ?? { OX: 1, OY: 1 }
    return { from, depth, width: OX, height: OY, bitsPerElement: weight }
  }
  const { x, y } = storedInputSize(reader)
  return { from, depth, width: x, height: y, bitsPerElement: input }
}

/** Bits of the whole feature map that a layer makes. */
export function mapBits(layer: Layer): number {
  return outputElements(layer) * layer.precisionBits.output
}
