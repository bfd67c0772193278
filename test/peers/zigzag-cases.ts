import type {
  HierarchicalAccelerator,
  Layer,
  LayerOperandName,
  LinkDirection,
  LoopDim,
  Operand,
  SpatialUnrolling,
  UnevenMapping,
} from '../../src/model/index.js'
import { loopDims } from '../../src/model/index.js'

/** A case measured with ZigZag 3.8.5: hardware, one layer, a mapping and what ZigZag computed for it. */
export interface ZigzagCase {
  readonly id: string
  readonly objective: 'energy' | 'latency'
  readonly workload: {
    readonly loops: Readonly<Partial<Record<LoopDim, number>>>
    readonly stride: number
    readonly dilation: number
    readonly bits: Readonly<Record<'W' | 'I' | 'O_partial' | 'O_final', number>>
    readonly macs: number
  }
  readonly hardware: {
    readonly name: string
    readonly memories: Readonly<Record<string, ZigzagMemory>>
    readonly operational_array: {
      readonly unit_energy: number
      readonly dimensions: readonly string[]
      readonly sizes: readonly number[]
    }
  }
  readonly spatial_mapping: Readonly<Record<string, readonly string[]>>
  readonly result: {
    readonly energy_pJ: number
    readonly latency_cycles: number
    readonly latency_without_on_off_load: number
    readonly ideal_cycles: number
    readonly mac_energy_pJ: number
    readonly memory_energy_pJ_by_operand_level: Readonly<Record<string, readonly number[]>>
    readonly memory_word_accesses: Readonly<
      Record<string, readonly Readonly<Record<string, number>>[]>
    >
    readonly temporal_mapping_inner_to_outer: Readonly<
      Record<string, readonly (readonly (readonly [LoopDim, number])[])[]>
    >
  }
}

interface ZigzagMemory {
  readonly size: number
  readonly r_cost: number
  readonly w_cost: number
  readonly latency: number
  readonly operands: readonly string[]
  readonly served_dimensions: readonly string[]
  readonly ports: readonly {
    readonly name: string
    readonly type: 'read' | 'write' | 'read_write'
    readonly bandwidth_min: number
    readonly bandwidth_max: number
    readonly allocation: readonly string[]
  }[]
}

const classes: Readonly<Record<string, Operand>> = { I1: 'input', I2: 'weight', O: 'output' }
const directions: Readonly<Record<string, LinkDirection>> = {
  tl: 'to-low',
  fl: 'from-low',
  th: 'to-high',
  fh: 'from-high',
}
/** ZigZag's operand names in ours. */
export const operandNames: Readonly<Record<string, LayerOperandName>> = {
  O: 'output',
  W: 'weight',
  I: 'input',
}

/** ZigZag's hardware as ours; a port is as wide in both directions as its name says. */
export function acceleratorOf({ hardware }: ZigzagCase): HierarchicalAccelerator {
  return {
    kind: 'hierarchical-accelerator',
    name: hardware.name,
    array: {
      dimensions: hardware.operational_array.dimensions.map((name, i) => ({
        name,
        size: hardware.operational_array.sizes[i],
      })),
      macEnergyPj: hardware.operational_array.unit_energy,
    },
    unrolling: {},
    memories: Object.entries(hardware.memories).map(([name, memory]) => {
      const read = memory.ports.find((port) => port.type !== 'write')
      const write = memory.ports.find((port) => port.type !== 'read')
      return {
        name,
        sizeBits: memory.size,
        readBandwidthBits: read?.bandwidth_max ?? 1,
        writeBandwidthBits: write?.bandwidth_max ?? 1,
        readGranularityBits: read?.bandwidth_min ?? 1,
        writeGranularityBits: write?.bandwidth_min ?? 1,
        readEnergyPj: memory.r_cost,
        writeEnergyPj: memory.w_cost,
        latencyCycles: memory.latency,
        operands: memory.operands.map((each) => classes[each]),
        serves: memory.served_dimensions,
        ports: memory.ports.map((port) => ({
          name: port.name,
          type: port.type === 'read_write' ? 'read-write' : port.type,
          links: port.allocation.map((text) => {
            const [operand, direction] = text.split(', ')
            return { operand: classes[operand], direction: directions[direction] }
          }),
        })),
      }
    }),
  }
}

/** The layer of a case; ZigZag's sizes are those of an unpadded convolution. */
export function layerOf({ id, workload }: ZigzagCase): Layer {
  const { loops, stride, dilation, bits } = workload
  return {
    name: id,
    operator: 'conv',
    dims: Object.fromEntries(loopDims.map((dim) => [dim, loops[dim] ?? 1])) as Record<
      LoopDim,
      number
    >,
    stride: { y: stride, x: stride },
    dilation: { y: dilation, x: dilation },
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: {
      input: bits.I,
      weight: bits.W,
      output: bits.O_final,
      partialOutput: bits.O_partial,
    },
    inputs: [],
  }
}

/** The unrolling, several loops per array dimension. */
export function unrollingOf({ spatial_mapping }: ZigzagCase): SpatialUnrolling {
  return Object.entries(spatial_mapping).flatMap(([arrayDimension, loops]) =>
    loops.map((text) => {
      const [dim, factor] = text.split(', ')
      return { arrayDimension, dim: dim as LoopDim, factor: Number(factor) }
    }),
  )
}

/** The mapping that ZigZag found. */
export function mappingOf(golden: ZigzagCase): UnevenMapping {
  const temporal = golden.result.temporal_mapping_inner_to_outer
  const loops = Object.values(temporal)[0]
    .flat()
    .map(([dim, size]) => ({ dim, size }))
  const cuts = Object.fromEntries(
    Object.entries(temporal).map(([operand, levels]) => {
      let end = 0
      return [operandNames[operand], levels.map((level) => (end += level.length))]
    }),
  )
  return { kind: 'uneven-mapping', spatial: unrollingOf(golden), loops, cuts }
}
