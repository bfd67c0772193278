import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { HierarchicalCost, HierarchicalProblem } from '../../src/cost/hierarchical/index.js'
import { readHierarchicalAccelerator } from '../../src/formats/index.js'
import {
  loopDims,
  type HierarchicalAccelerator,
  type Layer,
  type LoopDim,
  type SpatialUnrolling,
  type TemporalLoop,
  type UnevenMapping,
  type Unroll,
} from '../../src/model/index.js'
import { resolveInput } from '../../src/presets/index.js'

/** Accesses per tensor: filters, input and output feature maps. */
type PerTensor = readonly [filter: number, input: number, output: number]
/** Iterations of the loops over input channels, output channels and folded rows. */
type PerLoop = readonly [channelsIn: number, channelsOut: number, rows: number]
export const levels = ['DRAM', 'GBUF', 'ITCN', 'REGF'] as const
type Level = (typeof levels)[number]
type Accesses = Readonly<Record<Level, PerTensor>>
const wordCost: Readonly<Record<Level, number>> = { DRAM: 200, GBUF: 6, ITCN: 2, REGF: 1 }

/** A layer as nn_dataflow solved it by exhaustive search; `count` layers of the network are like it. */
export interface NnDataflowLayer {
  readonly name: string
  readonly count: number
  readonly type: 'ConvLayer' | 'FCLayer' | 'PoolingLayer' | 'EltwiseLayer'
  readonly C: number
  readonly K: number
  readonly P: number
  readonly Q: number
  readonly R: number
  readonly S: number
  readonly stride: readonly [number, number]
  readonly cost: number
  readonly cycles: number
  readonly accesses: Accesses
  /** Per loop its blocking at the DRAM, the buffer and the register file. */
  readonly blocking: readonly (readonly [dram: number, buffer: number, registers: number])[]
  /** Per level (DRAM, buffer) the place of each loop, 0 innermost. */
  readonly orders: readonly PerLoop[]
}

export interface NnDataflowNetwork {
  readonly network: string
  readonly totalCost: number
  readonly layers: readonly NnDataflowLayer[]
}

const path = new URL('../golden/data/peers/nn-dataflow.json.gz', import.meta.url)
export const networks = (
  JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as {
    readonly networks: readonly NnDataflowNetwork[]
  }
).networks

const file = resolveInput('eyeriss-like', 'accelerators')
export const accelerator: HierarchicalAccelerator = readHierarchicalAccelerator(
  readFileSync(file, 'utf8'),
  file,
)
const arraySize = 16

/** The layer in our loops; nn_dataflow pads nothing. */
export function layerOf(peer: NnDataflowLayer): Layer {
  const pools = peer.type === 'PoolingLayer'
  const sizes: Partial<Record<LoopDim, number>> = {
    ...(pools ? { G: peer.K } : { K: peer.K, C: peer.C }),
    OY: peer.P,
    OX: peer.Q,
    FY: peer.R,
    FX: peer.S,
  }
  return {
    name: peer.name,
    operator: pools ? 'pool' : 'conv',
    dims: Object.fromEntries(loopDims.map((dim) => [dim, sizes[dim] ?? 1])) as Layer['dims'],
    stride: { y: peer.stride[0], x: peer.stride[1] },
    dilation: { y: 1, x: 1 },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: { input: 16, weight: 16, output: 16, partialOutput: 16 },
    inputs: [],
  }
}

/**
 * How nn_dataflow spreads a layer: filter rows over the height of the array and output rows over its width; rows that
 * are too many are folded, first over the height that is left, and what is left then takes channels.
 */
export function unrollingOf(peer: NnDataflowLayer): SpatialUnrolling {
  const pools = peer.type === 'PoolingLayer'
  const columns = Math.min(peer.P, arraySize)
  const folds = Math.ceil(peer.P / columns)
  const stacked = Math.min(Math.floor(arraySize / peer.R), folds)
  const free = Math.floor(Math.floor(arraySize / peer.R) / stacked)
  const beside = Math.floor(arraySize / peer.P) || 1
  const unroll = (arrayDimension: string, dim: LoopDim, factor: number): Unroll[] =>
    factor > 1 ? [{ arrayDimension, dim, factor }] : []
  const channels = (dim: LoopDim): Unroll[] => [
    ...unroll('columns', dim, beside),
    ...unroll('rows', dim, free),
  ]
  const rows = [
    ...unroll('rows', 'FY', peer.R),
    ...unroll('columns', 'OY', Math.ceil(peer.P / folds)),
    ...unroll('rows', 'OY', stacked),
  ]
  if (pools) return [...rows, ...channels('G')]
  const [passesIn, passesOut] = peer.blocking.map((each) => each.reduce((a, b) => a * b, 1))
  for (let own = 1; own <= free; own++) {
    const other = free / own
    if (!Number.isInteger(other)) continue
    const fits =
      Math.ceil(peer.C / own) === passesIn && Math.ceil(peer.K / (other * beside)) === passesOut
    if (!fits) continue
    return [
      ...rows,
      ...unroll('rows', 'C', own),
      ...unroll('rows', 'K', other),
      ...unroll('columns', 'K', beside),
    ]
  }
  throw new Error(`no replication of ${peer.name} makes ${passesIn} × ${passesOut} passes`)
}

/** nn_dataflow’s mapping: rows and filter columns in the units, then the blocked loops, level by level. */
export function mappingOf(peer: NnDataflowLayer): UnevenMapping {
  const pools = peer.type === 'PoolingLayer'
  const dims: readonly LoopDim[] = pools ? ['C', 'G', 'OY'] : ['C', 'K', 'OY']
  const level = (at: number): TemporalLoop[] => {
    const order = peer.orders[at] ?? [0, 1, 2]
    return [0, 1, 2]
      .sort((a, b) => order[a] - order[b])
      .map((loop) => ({ dim: dims[loop], size: peer.blocking[loop][at] }))
      .filter(({ size }) => size > 1)
  }
  const units = (
    [
      { dim: 'FX', size: peer.S },
      { dim: 'OX', size: peer.Q },
    ] as const
  ).filter(({ size }) => size > 1)
  const registers = [...units, ...level(2)]
  const buffer = [...registers, ...level(1)]
  const loops = [...buffer, ...level(0)]
  const cuts = (tensor: number): number[] =>
    peer.accesses.GBUF[tensor] > 0
      ? [registers.length, buffer.length, loops.length]
      : [registers.length, loops.length]
  const passes = (tensor: number) =>
    peer.accesses.GBUF[tensor] > 0 ? [] : (['global buffer'] as const)
  return {
    kind: 'uneven-mapping',
    spatial: unrollingOf(peer),
    loops,
    cuts: { ...(pools ? {} : { weight: cuts(0) }), input: cuts(1), output: cuts(2) },
    bypass: {
      ...(pools ? {} : { weight: passes(0) }),
      input: passes(1),
      output: passes(2),
    },
  }
}

/** 16-bit words per level and tensor of one of our costs, as nn_dataflow counts them. */
export function accessesOf(
  { operands }: HierarchicalProblem,
  cost: HierarchicalCost,
): Record<Level, [number, number, number]> {
  const counted: Record<Level, [number, number, number]> = {
    DRAM: [0, 0, 0],
    GBUF: [0, 0, 0],
    ITCN: [0, 0, 0],
    REGF: [0, 0, 0],
  }
  cost.operands.forEach(({ name, levels }, p) => {
    const tensor = { weight: 0, input: 1, output: 2, input2: 1 }[name]
    levels.forEach(({ memory, wordAccesses: [toLow, fromLow, toHigh, fromHigh] }, m) => {
      const { readBandwidthBits, writeBandwidthBits } = operands[p].memories[m]
      const below = (toLow * readBandwidthBits + fromLow * writeBandwidthBits) / 16
      const above = (toHigh * readBandwidthBits + fromHigh * writeBandwidthBits) / 16
      if (memory === 'register file') {
        counted.REGF[tensor] += below
        counted.ITCN[tensor] += above
      } else counted[memory === 'dram' ? 'DRAM' : 'GBUF'][tensor] += below
    })
  })
  return counted
}

/**
 * Words over the interconnect of the array as nn_dataflow counts them, over ours: units that stand idle in an incomplete
 * pass are served as well, those of idle rows and columns always, those of idle channels with what the channels share.
 */
export function idleShare(
  peer: NnDataflowLayer,
  spatial: SpatialUnrolling,
  tensor: number,
): number {
  const { dims } = layerOf(peer)
  const indexed: readonly (readonly LoopDim[])[] = [
    ['K', 'C'],
    ['C', 'G'],
    ['K', 'G'],
  ]
  return [...new Set(spatial.map(({ dim }) => dim))].reduce((share, dim) => {
    if (indexed[tensor].includes(dim)) return share
    const passes = spatial
      .filter((each) => each.dim === dim)
      .reduce((left, { factor }) => Math.ceil(left / factor), dims[dim])
    const used = dims[dim] / passes
    return (share * Math.ceil(used * (1 - 1e-12))) / used
  }, 1)
}

/**
 * Input words as nn_dataflow counts them, over ours, where the stride is wider than the kernel: whole rows and columns
 * from the first to the last one read. Tiles leap over fewer than the whole, so for other mappings this is the most that
 * the share can be.
 */
export function leapShare({ P, Q, R, S, stride }: NnDataflowLayer, level: Level): number {
  const share = (outputs: number, kernel: number, step: number) =>
    Math.max(1, ((outputs - 1) * step + kernel) / (outputs * kernel))
  const columns = share(Q, S, stride[1])
  return level === 'ITCN' ? columns : columns * share(P, R, stride[0])
}

/** What counted accesses cost in nn_dataflow. */
export function costByTheirRules(
  peer: NnDataflowLayer,
  spatial: SpatialUnrolling,
  counted: Accesses,
): number {
  const { K, C, P, Q, R, S, type } = peer
  const macs = K * P * Q * R * S * (type === 'PoolingLayer' ? 1 : C)
  return levels.reduce((sum, level) => {
    const words = counted[level].reduce((total, own, tensor) => {
      const idle = level === 'ITCN' ? idleShare(peer, spatial, tensor) : 1
      const leaps = level !== 'REGF' && tensor === 1 ? leapShare(peer, level) : 1
      return total + own * idle * leaps
    }, 0)
    return sum + words * wordCost[level]
  }, macs)
}
