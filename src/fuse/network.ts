import { InputError, suggestName } from '../base/index.js'
import { operandReads, type Layer, type MapRead, type Workload } from '../model/index.js'
import { readsWhole, whyUnchained } from './chaining.js'
import type { FuseConventions } from './conventions.js'
import { inputDepth, outputDepth, outputElements, secondMatrix } from './depth.js'

/** A feature map that a layer reads: an operand, or a part of one whose maps are joined channel by channel. */
export interface NetworkRead {
  /** Position of the layer that makes it, or {@link NETWORK_INPUT}. */
  readonly from: number
  /** Elements that are read of each position. */
  readonly depth: number
  /** Every output needs all of it: the second matrix of a batched product. */
  readonly whole: boolean
  /** Why the map does not lie as the layer reads it; such maps are handed on between stacks only. */
  readonly reshaped?: string
}

/** A layer with its edges resolved to positions in the network. */
export interface NetworkNode {
  readonly layer: Layer
  readonly reads: readonly NetworkRead[]
  /** Producer of each read. */
  readonly producers: readonly number[]
  /** Layers that read this one, each once per read, in order of position. */
  readonly consumers: readonly number[]
}

/** Stands for the network's input among the producers of a layer. */
export const NETWORK_INPUT = -1

/** A workload as fuse sees it: layers in topological order. */
export interface Network {
  readonly name: string
  readonly nodes: readonly NetworkNode[]
}

/**
 * Resolves the edges of a workload.
 * @throws InputError when a layer reads one that does not come before it, or for what the conventions do not know
 */
export function buildNetwork(
  workload: Workload,
  { onlyPlainNetworks }: Pick<FuseConventions, 'onlyPlainNetworks'> = { onlyPlainNetworks: false },
): Network {
  const position = new Map(workload.layers.map((layer, i) => [layer.name, i]))
  const consumers: number[][] = workload.layers.map(() => [])
  const reads = workload.layers.map((layer, i) => {
    const find = ({ from }: MapRead): number => {
      if (from === null) return NETWORK_INPUT
      const found = position.get(from)
      if (found !== undefined && found < i) return found
      throw new InputError({
        code: 'E-FUSE-002',
        message: `layer "${layer.name}" reads "${from}", which does not come before it`,
        hint: suggestName(
          from,
          workload.layers.slice(0, i).map((each) => each.name),
        ),
      })
    }
    const own = operandReads(layer).flatMap((parts, operand) => {
      const froms = parts.map(find)
      const made = parts.map(({ channels, through }, p) => ({
        made: froms[p] < 0 ? undefined : workload.layers[froms[p]],
        ...(channels === undefined ? {} : { channels }),
        ...(through === undefined ? {} : { through }),
      }))
      const why = onlyPlainNetworks ? [] : whyUnchained(layer, operand, made)
      return froms.map((from, p): NetworkRead => ({
        from,
        depth: depthOf(layer, operand, made, p),
        whole: readsWhole(layer, operand),
        ...(why[p] === undefined ? {} : { reshaped: why[p] }),
      }))
    })
    for (const { from } of own) if (from !== NETWORK_INPUT) consumers[from].push(i)
    return own
  })
  const nodes = workload.layers.map((layer, i): NetworkNode => ({
    layer,
    reads: reads[i],
    producers: reads[i].map(({ from }) => from),
    consumers: consumers[i],
  }))
  if (onlyPlainNetworks) refuseOthers(workload, nodes)
  return { name: workload.name, nodes }
}

/** Elements per position that a part adds to an operand; a single map is seen as its reader sees it. */
function depthOf(
  reader: Layer,
  operand: number,
  parts: readonly { readonly made: Layer | undefined; readonly channels?: number }[],
  part: number,
): number {
  const { made, channels } = parts[part]
  if (readsWhole(reader, operand)) return wholeDepth(reader, parts, part)
  const data = parts.filter((each) => each.channels !== 0)
  if (channels !== undefined) return channels * reader.dims.B
  return data.length === 1 || made === undefined ? inputDepth(reader) : outputDepth(made)
}

/** A map that lies as it was made has its own depth; else the elements that are read are one position. */
function wholeDepth(
  reader: Layer,
  parts: readonly { readonly made: Layer | undefined }[],
  part: number,
): number {
  const { made } = parts[part]
  if (made !== undefined && outputElements(made) <= secondMatrix(reader)) return outputDepth(made)
  const others = parts.reduce(
    (sum, each, p) =>
      p === part || each.made === undefined ? sum : sum + outputElements(each.made),
    0,
  )
  return Math.max(0, secondMatrix(reader) - others)
}

/** @throws InputError for networks that the published program cannot describe */
function refuseOthers(workload: Workload, nodes: readonly NetworkNode[]): void {
  const hint = 'leave out --as-published: the standard model schedules it'
  for (const layer of workload.layers) {
    if (layer.operator === 'batched-matmul') {
      throw new InputError({
        code: 'E-FUSE-001',
        message: `layer "${layer.name}" multiplies two feature maps, which the published program cannot`,
        hint,
      })
    }
    const changed = layer.reads?.flat().find(({ through }) => through !== undefined)
    if (changed !== undefined) {
      throw new InputError({
        code: 'E-FUSE-005',
        message: `layer "${layer.name}" reads ${changed.from === null ? 'the input' : `"${changed.from}"`} through ${changed.through}, which the published program does not know`,
        hint,
      })
    }
  }
  const outputs = nodes.filter((node) => node.consumers.length === 0)
  if (outputs.length !== 1) {
    throw new InputError({
      code: 'E-FUSE-003',
      message: `the network has ${outputs.length} outputs (${outputs.map((node) => node.layer.name).join(', ')}), expected one`,
      hint: 'the published program works back from one output; ' + hint,
    })
  }
}

/** Bits of the weights of a layer; 0 for operators without weights. */
export function weightBits(layer: Layer): number {
  if (layer.operator === 'pool' || layer.operator === 'add') return 0
  const { B, G, K, C, FX, FY } = layer.dims
  if (layer.operator === 'batched-matmul') {
    // Without a second feature map the matrices are constants.
    return operandReads(layer).length > 1 ? 0 : B * G * K * C * layer.precisionBits.weight
  }
  return G * K * C * FX * FY * layer.precisionBits.weight
}

/** A map that is handed on between stacks only. */
export interface ReshapedMap {
  readonly reader: string
  /** The layer that makes it. */
  readonly map: string
  readonly reason: string
}

/** All maps between layers that do not lie as they are read; reads of the network's input cut nothing. */
export function reshapedMaps({ nodes }: Network): ReshapedMap[] {
  return nodes.flatMap(({ layer, reads }) => {
    const reasons = new Map<string, ReshapedMap>()
    for (const { from, reshaped: reason } of reads) {
      if (from === NETWORK_INPUT || reason === undefined) continue
      const map = nodes[from].layer.name
      reasons.set(`${from} ${reason}`, { reader: layer.name, map, reason })
    }
    return [...reasons.values()]
  })
}
