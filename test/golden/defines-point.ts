import type { FuseEngine, StackCost, TileStep, TileType } from '../../src/fuse/index.js'
import { accessStages, overlapModes, publishedStacks } from '../../src/fuse/index.js'
import { linkDirections, loopsPerLevel, type LayerOperandName } from '../../src/model/index.js'

/** One entry of `layers` of a golden point: a copy step or a layer, summed over tile types. */
export type GoldenEntry = Record<string, unknown> & {
  readonly kind: 'layer' | 'copy'
  readonly id: number | string
}

export interface GoldenPoint {
  readonly hw: string
  readonly wl: string
  readonly mode: '1' | '2' | '3'
  readonly tx: number
  readonly ty: number
  readonly lpf: number
  readonly error?: string
  readonly result: Record<string, unknown> & {
    readonly stack_cuts: readonly number[]
    readonly layers: readonly GoldenEntry[]
  }
}

type Computed = NonNullable<Extract<TileStep, { kind: 'layer' }>['computed']>

/** What the published program reports for a point, computed by the engine, in the schema of the golden files. */
export function goldenResult(
  engine: FuseEngine,
  point: Pick<GoldenPoint, 'mode' | 'tx' | 'ty'>,
  cuts: readonly number[],
  repaired: boolean,
): Record<string, unknown> & { readonly layers: readonly GoldenEntry[] } {
  const mode = overlapModes[Number(point.mode) - 1]
  const priced = publishedStacks(engine.network, cuts, !repaired).map((stack) => {
    const { nodes } = stack
    const range = { first: nodes[0].position, last: nodes[nodes.length - 1].position }
    return engine.evaluate(range, mode, { x: point.tx, y: point.ty })
  })
  const entries = new Map<string | number, Entry>()
  for (const { stack, cost } of priced) {
    for (const { tile, steps } of cost.types) {
      for (const step of steps) {
        const node = step.kind === 'layer' ? stack.nodes[step.node] : undefined
        const id = node === undefined ? undefined : Number(node.layer.name)
        const source = step.kind === 'source' ? stack.sources[step.source] : undefined
        const before =
          source === undefined
            ? `LayerNode_${id}`
            : source.from < 0
              ? 'InputLayerNode_-1'
              : `InputLayerNode_substack_input_layer_${stack.sources.indexOf(source)}`
        entryOf(entries, 'copy', `datamovement_b4_${before}`).steps.push({ tile, step })
        if (id !== undefined) entryOf(entries, 'layer', id).steps.push({ tile, step })
      }
    }
  }
  const costs = priced.map((each) => each.cost)
  const layers = [...entries.values()].map((entry) =>
    entry.kind === 'copy' ? copyEntry(engine, entry) : layerEntry(engine, entry),
  )
  const sum = (pick: (cost: StackCost) => number): number =>
    costs.reduce((total, cost) => total + pick(cost), 0)
  const all = costs.flatMap((cost) => [...cost.sources, ...cost.layers])
  const total = (pick: (each: (typeof all)[number]) => number): number =>
    all.reduce((result, each) => result + pick(each), 0)
  const stages = accessStages(engine.view, costs)
  const triple = ({ copies, activations, weights }: typeof stages.dram): number[] => [
    copies,
    activations,
    weights,
  ]
  return {
    energy_total: sum((cost) => cost.energyPj),
    latency1: sum((cost) => cost.latencyCycles),
    latency2: layers.reduce(
      (result, each) => result + Number(each['latency2_reference'] ?? each['latency_total2']),
      0,
    ),
    energy_mac: total((each) => each.macEnergyPj),
    energy_layer_mem: total((each) => each.energyPj - each.macEnergyPj),
    energy_copy: total((each) => each.copyEnergyPj),
    macs: sum((cost) => cost.macs),
    tile_type_count: costs.reduce(
      (result, cost) => result + (cost.layers[0].position === 0 ? cost.types.length : 0),
      0,
    ),
    latency_breakdown: {
      ideal: total((each) => each.idealCycles),
      spatial_stall: total((each) => each.temporalCycles - each.idealCycles),
      temporal_stall: total((each) => each.stallCycles),
      data_preparation: total((each) => each.loadingCycles + each.copyCycles),
    },
    access_elements: {
      dram: triple(stages.dram),
      gb: triple(stages.globalBuffer),
      lb: triple(stages.localBuffer),
    },
    stack_cuts: cuts,
    layers,
  }
}

interface Entry {
  readonly kind: 'copy' | 'layer'
  readonly id: string | number
  readonly steps: { readonly tile: TileType; readonly step: TileStep }[]
}

function entryOf(
  entries: Map<string | number, Entry>,
  kind: Entry['kind'],
  id: string | number,
): Entry {
  const known = entries.get(id) ?? { kind, id, steps: [] }
  entries.set(id, known)
  return known
}

const classes = { O: 'output', I1: 'input', I2: 'weight' } as const

function copyEntry({ view }: FuseEngine, { id, steps }: Entry): GoldenEntry {
  const byOperand = Object.fromEntries(
    Object.entries(classes).map(([name, operand]) => {
      const levels = view.levels[operand].map(() => [0, 0, 0, 0])
      for (const { tile, step } of steps) {
        for (const link of step.copies.links) {
          if (link.operand !== operand) continue
          const level = levels[view.levels[operand].indexOf(link.memory)]
          level[linkDirections.indexOf(link.direction)] += tile.count * link.energyPj
        }
      }
      return [name, levels]
    }),
  )
  const name = (memory: number): string => view.accelerator.memories[memory].name
  return {
    kind: 'copy',
    id,
    energy: steps.reduce((sum, { tile, step }) => sum + tile.count * step.copies.energyPj, 0),
    latency: steps.reduce((sum, { tile, step }) => sum + tile.count * step.copies.latencyCycles, 0),
    // Q29: the published sum forgets the counts.
    latency2_reference: steps.reduce((sum, { step }) => sum + step.copies.latencyCycles, 0),
    energy_by_mem_operand: byOperand,
    tile_types: steps.map(({ tile, step }) => ({
      count: tile.count,
      energy: step.copies.energyPj,
      latency: step.copies.latencyCycles,
      actions: step.copies.actions.map((action) => ({
        bits: action.bits,
        chain: [name(action.from.memory), ...action.hops.map((hop) => name(hop.to))],
        energy: action.energyPj,
      })),
    })),
  }
}

function layerEntry(engine: FuseEngine, { id, steps }: Entry): GoldenEntry {
  const runs = steps.flatMap(({ tile, step }) =>
    step.kind === 'layer' && step.computed !== undefined ? [{ tile, run: step.computed }] : [],
  )
  const sum = (pick: (run: Computed) => number): number =>
    runs.reduce((total, { tile, run }) => total + tile.count * pick(run), 0)
  const breakdown: Record<string, number[][]> = {}
  for (const { tile, run } of runs) addBreakdown(breakdown, run, tile.count)
  return {
    kind: 'layer',
    id,
    energy: sum((run) => run.solution.energyPj),
    mac_energy: sum((run) => run.solution.macEnergyPj),
    mem_energy: sum((run) => run.solution.energyPj - run.solution.macEnergyPj),
    energy_breakdown: breakdown,
    ideal_cycle: sum((run) => run.solution.idealCycles),
    ideal_temporal_cycle: sum((run) => run.solution.temporalCycles),
    latency_total0: sum((run) => run.solution.temporalCycles + run.solution.stallCycles),
    latency_total1: sum((run) => run.solution.latencyCycles),
    latency_total2: sum((run) => run.solution.latencyWithOffloadCycles),
    data_loading: sum((run) => run.solution.loadingCycles),
    data_offloading: sum((run) => run.solution.offloadingCycles),
    macs: sum((run) => run.solution.macs),
    tile_types: runs.map(({ tile, run }) => typeEntry(engine, tile, run)),
  }
}

function typeEntry({ view }: FuseEngine, tile: TileType, run: Computed): Record<string, unknown> {
  const { layer, tops, solution } = run
  const own: Record<string, number[][]> = {}
  addBreakdown(own, run, 1)
  const memory = (levels: readonly number[], top: number): string =>
    view.accelerator.memories[levels[top]].name
  const input = memory(view.levels.input, tops.input)
  return {
    count: tile.count,
    energy: solution.energyPj,
    latency1: solution.latencyCycles,
    latency2: solution.latencyWithOffloadCycles,
    macs: solution.macs,
    loop_dim_size: layer.dims,
    top_memory: {
      O: memory(view.levels.output, tops.output),
      ...(layer.operator === 'add'
        ? { X: input, Y: input }
        : { W: memory(view.levels.weight, tops.weight), I: input }),
    },
    temporal_mapping: Object.fromEntries(
      (Object.keys(solution.mapping.cuts) as LayerOperandName[]).map((name) => [
        letterOf(name, layer.operator === 'add'),
        loopsPerLevel(solution.mapping, name).map((loops) =>
          loops.map((loop) => [loop.dim, loop.size]),
        ),
      ]),
    ),
    energy_breakdown: own,
    ideal_temporal_cycle: solution.temporalCycles,
    SS_comb: solution.stallCycles,
    data_loading: solution.loadingCycles,
    data_offloading: solution.offloadingCycles,
  }
}

function letterOf(name: LayerOperandName, isAdd: boolean): string {
  if (name === 'output') return 'O'
  if (name === 'weight') return 'W'
  return name === 'input2' ? 'Y' : isAdd ? 'X' : 'I'
}

function addBreakdown(into: Record<string, number[][]>, run: Computed, count: number): void {
  for (const link of run.solution.links) {
    const letter = letterOf(link.name as LayerOperandName, run.layer.operator === 'add')
    const levels = (into[letter] ??= [])
    while (levels.length <= link.level) levels.push([0, 0, 0, 0])
    levels[link.level][linkDirections.indexOf(link.direction)] += count * link.energyPj
  }
}

interface Action {
  readonly chain: readonly string[]
}

function moves({ chain }: Action): boolean {
  return new Set(chain).size > 1
}

/**
 * Said in another way by the engine, and compared elsewhere: names of memories (in `top_memory` and `chain`), operands
 * at the ends of a copy (in `energy_by_mem_operand`), the unrolling (in the single-layer cases).
 */
const saidElsewhere = new Set(['memory_names', 'spatial_mapping', 'from', 'to'])

/** Differences between a golden value and ours: energies to 1e-9, cycles and counts exactly. */
export function differences(expected: unknown, actual: unknown, path = ''): string[] {
  if (typeof expected === 'number') {
    const close =
      typeof actual === 'number' &&
      (Number.isInteger(expected) && Number.isInteger(actual)
        ? expected === actual
        : Math.abs(expected - actual) <= 1e-9 * Math.max(Math.abs(expected), 1e-6))
    return close ? [] : [`${path}: expected ${expected}, got ${String(actual)}`]
  }
  if (Array.isArray(expected)) {
    // A stack input that stays in the top memory is listed as a copy onto itself, which moves nothing.
    if (path.endsWith('.actions')) expected = (expected as Action[]).filter(moves)
    if (!Array.isArray(expected) || !Array.isArray(actual))
      return [`${path}: expected a list, got ${typeof actual}`]
    if (actual.length !== expected.length) {
      return [`${path}: expected ${expected.length} entries, got ${actual.length}`]
    }
    return expected.flatMap((each, i) => differences(each, actual[i], `${path}[${i}]`))
  }
  if (typeof expected === 'object' && expected !== null) {
    return Object.entries(expected).flatMap(([key, value]) => {
      if (saidElsewhere.has(key)) return []
      const own = (actual as Record<string, unknown>)[key]
      return own === undefined
        ? [`${path}.${key} is missing`]
        : differences(value, own, `${path}.${key}`)
    })
  }
  return expected === actual ? [] : [`${path}: expected ${String(expected)}, got ${String(actual)}`]
}
