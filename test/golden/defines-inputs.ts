import type {
  HierarchicalAccelerator,
  Layer,
  LinkDirection,
  LoopDim,
  Operand,
  Workload,
} from '../../src/model/index.js'

/** `hardware.json` of the folder of depth-first cases. */
export interface GoldenHardware {
  readonly array: { readonly dimensions: Record<string, number>; readonly mac_energy: number }
  readonly memories: readonly {
    readonly name: string
    readonly size: number
    readonly r_bw: number
    readonly w_bw: number
    readonly r_bw_min: number
    readonly w_bw_min: number
    readonly r_cost: number
    readonly w_cost: number
    readonly latency: number
    readonly operands: Record<string, number>
    readonly served_dimensions: readonly string[]
    readonly ports: readonly {
      readonly name: string
      readonly type: 'r' | 'w' | 'rw'
      readonly links: readonly (readonly [string, number, string])[]
    }[]
  }[]
}

/** One node of `workloads.json`. */
export interface GoldenNode {
  readonly id: number
  readonly equation: string
  readonly equation_relations?: readonly string[]
  readonly loop_dim_size: Partial<Record<LoopDim, number>>
  readonly operand_precision: Record<string, number>
  readonly operand_source: Record<string, readonly number[]>
  readonly spatial_mapping_per_hardware?: Record<
    string,
    Record<string, readonly [LoopDim, number]> | null
  >
}

const operands: Readonly<Record<string, Operand>> = { I1: 'input', I2: 'weight', O: 'output' }
const directions: Readonly<Record<string, LinkDirection>> = {
  rd_out_to_low: 'to-low',
  wr_in_by_high: 'from-high',
  rd_out_to_high: 'to-high',
  wr_in_by_low: 'from-low',
}

/** The accelerator of a golden hardware description. */
export function acceleratorOf(name: string, hardware: GoldenHardware): HierarchicalAccelerator {
  return {
    kind: 'hierarchical-accelerator',
    name,
    array: {
      dimensions: Object.entries(hardware.array.dimensions).map(([dim, size]) => ({
        name: dim,
        size,
      })),
      macEnergyPj: hardware.array.mac_energy,
    },
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
      operands: Object.keys(memory.operands).map((each) => operands[each]),
      serves: memory.served_dimensions,
      ports: memory.ports.map((port) => ({
        name: port.name,
        type: port.type === 'r' ? 'read' : port.type === 'w' ? 'write' : 'read-write',
        links: port.links.map(([operand, , direction]) => ({
          operand: operands[operand],
          direction: directions[direction],
        })),
      })),
    })),
    unrolling: {},
  }
}

/** The network of golden workload nodes; layers are named by their ids. */
export function workloadOf(name: string, nodes: readonly GoldenNode[]): Workload {
  const layers = nodes.filter((node) => node.equation !== 'input')
  const known = new Set(layers.map((node) => node.id))
  return {
    kind: 'workload',
    name,
    layers: layers.map((node) => layerOf(node, known)),
  }
}

function layerOf(node: GoldenNode, known: ReadonlySet<number>): Layer {
  const factor = (axis: string, of: RegExp): number => {
    const relation = node.equation_relations?.find((each) => each.startsWith(`i${axis}=`))
    return Number(of.exec(relation ?? '')?.[1] ?? 1)
  }
  const stride = { x: factor('x', /=(\d+)\*o/), y: factor('y', /=(\d+)\*o/) }
  const dilation = { x: factor('x', /\+(\d+)\*f/), y: factor('y', /\+(\d+)\*f/) }
  const operator = node.equation.includes('X[')
    ? 'add'
    : node.equation.includes('W[fx][fy]')
      ? 'pool'
      : 'conv'
  const precision = node.operand_precision
  const sources = Object.values(node.operand_source).flat()
  return {
    name: String(node.id),
    operator,
    dims: { B: 1, K: 1, C: 1, OY: 1, OX: 1, FY: 1, FX: 1, G: 1, ...node.loop_dim_size },
    stride,
    dilation,
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
    precisionBits: {
      input: precision['I'] ?? precision['X'],
      weight: precision['W'] ?? 0,
      output: precision['O_final'],
      partialOutput: precision['O'],
    },
    inputs: sources.filter((id) => known.has(id)).map(String),
    slidesInput: (node.equation_relations ?? []).length > 0,
    unrolling: Object.fromEntries(
      Object.entries(node.spatial_mapping_per_hardware ?? {}).flatMap(([base, mapping]) =>
        [base, `${base}_like`, `${base}_DF`, `${base}_like_DF`].map((hardware) => [
          hardware,
          Object.entries(mapping ?? {}).map(([arrayDimension, [dim, factorOf]]) => ({
            arrayDimension,
            dim,
            factor: factorOf,
          })),
        ]),
      ),
    ),
  }
}
