import type {
  HierarchicalAccelerator,
  Layer,
  LayerOperandName,
  LinkDirection,
  LoopDim,
  Operand,
  SpatialUnrolling,
  TemporalLoop,
  UnevenMapping,
} from '../../src/model/index.js'
import { loopDims } from '../../src/model/index.js'

/** `[dim, size]`, as all golden files write a loop. */
export type GoldenLoop = readonly [LoopDim, number]
type Four = readonly [number, number, number, number]

/** A layer of the golden files of folder `defines`. */
export interface GoldenLayer {
  readonly id: number
  readonly equation: string
  readonly equation_relations?: readonly string[]
  readonly loop_dim_size: Readonly<Partial<Record<LoopDim, number>>>
  readonly operand_precision: Readonly<Record<string, number>>
}

export interface GoldenMemory {
  readonly name: string
  readonly size: number
  readonly r_bw: number
  readonly w_bw: number
  readonly r_bw_min: number
  readonly w_bw_min: number
  readonly r_cost: number
  readonly w_cost: number
  readonly latency: number
  readonly operands: Readonly<Record<string, number>>
  readonly served_dimensions: readonly string[]
  readonly unroll_count: number
  readonly ports: readonly {
    readonly name: string
    readonly type: 'r' | 'w' | 'rw'
    readonly links: readonly (readonly [string, number, string])[]
  }[]
}

export interface GoldenHardware {
  readonly array: {
    readonly dimensions: Readonly<Record<string, number>>
    readonly mac_energy: number
  }
  readonly memories: readonly GoldenMemory[]
}

export interface GoldenLevel {
  readonly memory: string
  readonly energy: Four
  readonly word_access: Four
  readonly elem_moves: Four
  readonly precision: Four
  readonly amount_per_period: Four
  readonly period: Four
  readonly period_count: Four
  readonly int_amount_per_period: Four
  readonly int_window_nondb: Four
  readonly int_period: Four
  readonly int_period_count: Four
  readonly allowed_cycle: Four
  readonly real_cycle: Four
  readonly double_buffer: boolean
  readonly util_individual: number
  readonly util_shared: number
  readonly eff_util_individual: number
  readonly eff_util_shared_after_db: number
  readonly data_elem_unrolled: number
  readonly top_r_loop: number
  readonly top_ir_loop: number
}

export interface GoldenOperand {
  readonly levels: readonly GoldenLevel[]
  readonly unit_count: readonly number[]
  readonly unit_unique: readonly number[]
  readonly mem_bw_boost: readonly number[]
  readonly stationary_temporal: readonly (readonly GoldenLoop[])[]
  readonly psum_flag?: readonly boolean[]
}

export interface GoldenResult {
  readonly energy_total: number
  readonly mac_energy: number
  readonly mem_energy: number
  readonly operands: Readonly<Record<string, GoldenOperand>>
  readonly latency: Readonly<Record<string, number>>
  readonly ports: readonly {
    readonly memory: string
    readonly port: string
    readonly links: readonly (readonly [string, number, string, number, number, number, number])[]
    readonly MUW_union: number
    readonly SS_comb: number
  }[]
  readonly loading: Readonly<Record<'pairs', Record<string, number[]>>> &
    Readonly<Record<'individual' | 'half_shared' | 'shared', Record<string, number>>>
}

export interface GoldenCase {
  readonly case: string
  readonly hardware: string
  readonly workload: string
  readonly layer: GoldenLayer
  readonly user_spatial_mapping: Readonly<Record<string, GoldenLoop>>
  readonly spatial_mapping: Readonly<Record<string, readonly (readonly GoldenLoop[])[]>>
  readonly temporal_mapping: Readonly<Record<string, readonly (readonly GoldenLoop[])[]>>
  readonly result: GoldenResult
}

const classes: Readonly<Record<string, Operand>> = { I1: 'input', I2: 'weight', O: 'output' }
export const directions: Readonly<Record<string, LinkDirection>> = {
  rd_out_to_low: 'to-low',
  wr_in_by_low: 'from-low',
  rd_out_to_high: 'to-high',
  wr_in_by_high: 'from-high',
}
const names: Readonly<Record<string, LayerOperandName>> = {
  O: 'output',
  W: 'weight',
  I: 'input',
  X: 'input',
  Y: 'input2',
}

/** Our name of an operand of the golden files. */
export function operandName(name: string): LayerOperandName {
  return names[name]
}

/** The accelerator of a golden hardware description. */
export function acceleratorOf(name: string, hardware: GoldenHardware): HierarchicalAccelerator {
  return {
    kind: 'hierarchical-accelerator',
    name,
    array: {
      dimensions: Object.entries(hardware.array.dimensions).map(([name, size]) => ({ name, size })),
      macEnergyPj: hardware.array.mac_energy,
    },
    unrolling: {},
    memories: hardware.memories.map((memory) => ({
      name: memory.name,
      sizeBits: memory.size,
      readBandwidthBits: memory.r_bw,
      writeBandwidthBits: memory.w_bw,
      readGranularityBits: memory.r_bw_min,
      writeGranularityBits: memory.w_bw_min,
      readEnergyPj: memory.r_cost,
      writeEnergyPj: memory.w_cost,
      latencyCycles: memory.latency,
      operands: Object.keys(memory.operands).map((each) => classes[each]),
      serves: memory.served_dimensions,
      ports: memory.ports.map((port) => ({
        name: port.name,
        type: ({ r: 'read', w: 'write', rw: 'read-write' } as const)[port.type],
        links: port.links.map(([operand, , direction]) => ({
          operand: classes[operand],
          direction: directions[direction],
        })),
      })),
    })),
  }
}

/** The layer of a golden description: convolution, depthwise, pooling or residual add. */
export function layerOf(golden: GoldenLayer): Layer {
  const { equation, operand_precision: precision } = golden
  const relations = golden.equation_relations ?? []
  const stride = (axis: string) =>
    Number(relations.find((each) => each.startsWith(`${axis}=`))?.match(/=(\d+)\*/)?.[1] ?? 1)
  const operator = equation.includes('Y[')
    ? 'add'
    : equation.includes('W[fx][fy]')
      ? 'pool'
      : 'conv'
  return {
    name: String(golden.id),
    operator,
    dims: Object.fromEntries(
      loopDims.map((dim) => [dim, golden.loop_dim_size[dim] ?? 1]),
    ) as Record<LoopDim, number>,
    stride: { y: stride('iy'), x: stride('ix') },
    dilation: { y: 1, x: 1 },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: {
      input: precision['I'] ?? precision['X'],
      weight: precision['W'] ?? 0,
      output: precision['O_final'],
      partialOutput: precision['O'],
    },
    inputs: [],
    slidesInput: relations.length > 0,
  }
}

/** `{D1: [K, 16]}` as an unrolling. */
export function unrollingOf(user: Readonly<Record<string, GoldenLoop>>): SpatialUnrolling {
  return Object.entries(user).map(([arrayDimension, [dim, factor]]) => ({
    arrayDimension,
    dim,
    factor,
  }))
}

/** One loop order and its cuts from a golden mapping, which lists the loops of each level of each operand. */
export function mappingOf(
  temporal: Readonly<Record<string, readonly (readonly GoldenLoop[])[]>>,
  spatial: SpatialUnrolling,
): UnevenMapping {
  const loops: TemporalLoop[] = Object.values(temporal)[0]
    .flat()
    .map(([dim, size]) => ({ dim, size }))
  const cuts = Object.fromEntries(
    Object.entries(temporal).map(([operand, levels]) => {
      let end = 0
      return [operandName(operand), levels.map((level) => (end += level.length))]
    }),
  )
  return { kind: 'uneven-mapping', spatial, loops, cuts }
}
