import { operandCount } from './data-operands.js'
import type { Layer } from './layer.js'
import type { NetworkNode } from './network.js'
import type { MapRead, OperandRead } from './operand-read.js'

/** What the output of a node is made of: a layer's map (−1: an input of the network) as one part of it. */
interface Part {
  readonly node: number
  /** Unknown for inputs of the network. */
  readonly bytes?: number
  readonly through?: string
  /** It only acts on the other parts. */
  readonly acts: boolean
}

/** Operators without work that hand every position on as it is. */
const identities: ReadonlySet<string> = new Set(['Identity', 'Dropout', 'Cast', 'CastLike'])

/** Arithmetic whose every output depends on a whole map. Softmax and layer normalisation stay within a position. */
const mixing: ReadonlySet<string> = new Set([
  'InstanceNormalization',
  'GroupNormalization',
  'MeanVarianceNormalization',
  'LpNormalization',
  'CumSum',
])

/**
 * Data operands of every layer of a network, by node; nodes without a loop nest are seen through, and named where they
 * change what lies where.
 */
export function layerReads(nodes: readonly NetworkNode[]): ReadonlyMap<number, OperandRead[]> {
  const parts: (readonly Part[])[] = []
  const reads = new Map<number, OperandRead[]>()
  const partsOf = (input: number): readonly Part[] =>
    input < 0 ? [{ node: -1, acts: false }] : parts[input]
  nodes.forEach((node, i) => {
    const inputs = node.inputs.map((input, k) => fill(partsOf(input), node.operandBytes?.[k]))
    if (node.work.kind !== 'layer') {
      parts.push(seenThrough(node, inputs))
      return
    }
    // Its loop nest makes one map per phase of the stride; the tensor interleaves them.
    const through = node.type === 'ConvTranspose' ? { through: node.type } : {}
    parts.push([{ node: i, bytes: node.outputBytes, acts: false, ...through }])
    const count = operandCount(node.work.layer.operator)
    // States and weights that other layers make must be there, but are no feature maps.
    const others = inputs.slice(count).flatMap((each) => acting(each, node.type))
    reads.set(
      i,
      inputs
        .slice(0, count)
        .map((each, operand) => readOf(nodes, node, operand === 0 ? [...each, ...others] : each)),
    )
  })
  return reads
}

/** The output of a node without a loop nest. */
function seenThrough(node: NetworkNode, inputs: readonly (readonly Part[])[]): readonly Part[] {
  const { type, work, outputBytes } = node
  if (type === 'Concat') return fill(inputs.flat(), outputBytes)
  const moves = work.kind === 'movement' || (work.kind === 'free' && !identities.has(type))
  if (moves || mixing.has(type)) return fill(inputs.flat().map(via(type)), outputBytes)
  const sizes = inputs.map(sizeOf)
  const whole = sizes.findIndex((size) => size === undefined || size === outputBytes)
  if (whole < 0) return fill(inputs.flat().map(via(type)), outputBytes)
  return inputs.flatMap((each, input) => (input === whole ? each : acting(each, type)))
}

function via(type: string): (part: Part) => Part {
  return (part) => ({ ...part, through: part.through ?? type })
}

function acting(parts: readonly Part[], type: string): Part[] {
  return parts.map((part) => ({ ...via(type)(part), acts: true }))
}

function sizeOf(parts: readonly Part[]): number | undefined {
  return parts.reduce<number | undefined>(
    (sum, { acts, bytes }) =>
      acts ? sum : sum === undefined || bytes === undefined ? undefined : sum + bytes,
    0,
  )
}

/** Parts that moved, or whose size was unknown, share what the others leave of `total` bytes. */
function fill(parts: readonly Part[], total: number | undefined): readonly Part[] {
  if (total === undefined) return parts
  const isFixed = ({ acts, bytes, through }: Part): boolean =>
    acts || (bytes !== undefined && through === undefined)
  const fixed = parts.reduce(
    (sum, part) => sum + (isFixed(part) && !part.acts ? part.bytes! : 0),
    0,
  )
  const loose = parts.filter((part) => !isFixed(part))
  const known = loose.every((part) => part.bytes !== undefined)
  const weight = (part: Part): number => (known ? (part.bytes ?? 1) : 1)
  const sum = loose.reduce((all, part) => all + weight(part), 0)
  return parts.map((part) =>
    isFixed(part) ? part : { ...part, bytes: ((total - fixed) * weight(part)) / sum },
  )
}

/** An operand from its parts; maps joined along rows or columns are marked as going through the join. */
function readOf(
  nodes: readonly NetworkNode[],
  { work }: NetworkNode,
  parts: readonly Part[],
): OperandRead {
  const name = (part: Part): string | null => (part.node < 0 ? null : nodes[part.node].name)
  const joined = parts.filter((part) => !part.acts).length > 1
  const bytes = sizeOf(parts) ?? 0
  const share = (part: Part): number =>
    work.kind === 'layer' && bytes > 0
      ? (operandChannels(work.layer) * (part.bytes ?? 0)) / bytes
      : 0
  return parts.map((part): MapRead => {
    const through = part.through === undefined ? {} : { through: part.through }
    if (part.acts) return { from: name(part), channels: 0, ...through }
    if (!joined) return { from: name(part), ...through }
    const channels = share(part)
    if (part.node >= 0 && part.through === undefined) {
      const isWhole = channels === channelsMade(nodes[part.node])
      return isWhole ? { from: name(part) } : { from: name(part), through: 'Concat' }
    }
    return { from: name(part), channels: Math.max(1, Math.round(channels)), ...through }
  })
}

/** Channels of each data operand of a layer. */
function operandChannels({ operator, dims }: Layer): number {
  return dims.G * dims.C * (operator === 'add' ? dims.K : 1)
}

function channelsMade({ work }: NetworkNode): number {
  if (work.kind !== 'layer') return 0
  const { operator, dims } = work.layer
  return dims.G * dims.K * (operator === 'add' ? dims.C : 1)
}
