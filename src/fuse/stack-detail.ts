import type { UnevenMapping } from '../model/index.js'
import { breakdownOf, summarise, type CostBreakdown, type CostSummary } from './cost-summary.js'
import type { TileStep } from './tile-step.js'
import type { FuseEngine, PricedStack } from './fuse-engine.js'
import type { ChosenStack } from './choose-stacks.js'
import { topMemory } from './memory-view.js'
import { NETWORK_INPUT, weightBits } from './network.js'
import { inputBits, outputBits } from './peak-bits.js'
import { waitingMaps } from './waiting-maps.js'

/** One copy of a tile, in names. */
export interface CopyDetail {
  readonly reason: string
  readonly bits: number
  /** Memories on the way, first to last. */
  readonly way: readonly string[]
  readonly energyPj: number
}

/** What one tile does at one layer. */
export interface StepDetail {
  /** Layer, or `input` for the load of a source. */
  readonly layer: string
  readonly copies: readonly CopyDetail[]
  readonly copyCycles: number
  readonly copyEnergyPj: number
  /** Absent when nothing new has to be computed. */
  readonly computed?: {
    /** Output of this tile: columns and rows newly computed. */
    readonly columns: number
    readonly rows: number
    /** Highest memory used, per operand. */
    readonly tops: {
      readonly input: string
      readonly output: string
      readonly weight: string | null
      /** Where the second matrix of a product of two feature maps lies. */
      readonly second: string | null
    }
    readonly energyPj: number
    readonly latencyCycles: number
    readonly macs: number
    readonly mapping: UnevenMapping
    /** Feature maps that are needed while the layer runs. */
    readonly inputBits: number
    readonly outputBits: number
  }
  /** Bits held per memory while the layer runs: feature maps, caches and resident weights. */
  readonly occupancyBits: Readonly<Record<string, number>>
}

export interface TileTypeDetail {
  readonly count: number
  readonly width: number
  readonly height: number
  /** Largest sum of live feature maps. */
  readonly peakBits: number
  readonly weightsFrom: string
  readonly steps: readonly StepDetail[]
}

/** A stack with everything that a person or program needs to carry it out. */
export interface StackDetail {
  readonly layers: readonly string[]
  readonly mode: string
  readonly tileX: number
  readonly tileY: number
  readonly summary: CostSummary
  /** Whole feature maps that lie in the top memory while the stack runs. */
  readonly waiting: readonly {
    /** Layer that makes it, or `input`. */
    readonly map: string
    readonly memory: string
    readonly bits: number
    /** Whether the stack reads it. */
    readonly isRead: boolean
    /** Layers after the stack that read it. */
    readonly readLater: readonly string[]
  }[]
  /** Memories of what outlasts a layer; null where nothing is kept. */
  readonly homes: {
    readonly columns: string | null
    readonly rows: string | null
    readonly weights: string
  }
  readonly tileTypes: readonly TileTypeDetail[]
  readonly perLayer: readonly {
    readonly layer: string
    readonly runs: number
    readonly macs: number
    readonly energyPj: number
    readonly latencyCycles: number
    readonly breakdown: CostBreakdown
  }[]
}

/** Evaluates a chosen stack again and keeps everything. */
export function detailStack(engine: FuseEngine, chosen: ChosenStack): StackDetail {
  const priced = engine.evaluate(chosen, chosen.mode, chosen.tile)
  const { stack, cost } = priced
  const { view } = engine
  const memory = (index: number | undefined): string | null =>
    index === undefined ? null : view.accelerator.memories[index].name
  const { nodes } = engine.network
  const waiting = waitingMaps(engine.network, chosen).map(({ from, bits, isRead, readLater }) => ({
    map: from === NETWORK_INPUT ? 'input' : nodes[from].layer.name,
    memory: view.accelerator.memories[topMemory(view, 'output')].name,
    bits,
    isRead,
    readLater: readLater.map((position) => nodes[position].layer.name),
  }))
  const homes = cost.types.map(({ tile }) => tile.homes)
  const home = (pick: (each: (typeof homes)[number]) => number | undefined): string | null =>
    memory(homes.map(pick).find((index) => index !== undefined))
  const steady = homes.reduce((a, b) => (b.weightLevel < a.weightLevel ? b : a))
  return {
    layers: stack.nodes.map(({ layer }) => layer.name),
    mode: chosen.mode,
    tileX: chosen.tile.x,
    tileY: chosen.tile.y,
    summary: summarise(view, cost),
    waiting,
    homes: {
      columns: home((each) => each.keepColumns ?? each.readColumns),
      rows: home((each) => each.keepRows ?? each.readRows),
      weights: memory(view.levels.weight[steady.weightLevel]) ?? '',
    },
    tileTypes: cost.types.map(({ tile, steps }) => ({
      count: tile.count,
      width: tile.width,
      height: tile.height,
      peakBits: tile.peakBits,
      weightsFrom: memory(view.levels.weight[tile.homes.weightLevel]) ?? '',
      steps: steps.map((step) => stepDetail(engine, priced, tile, step, waiting)),
    })),
    perLayer: [...cost.sources, ...cost.layers].map((each) => ({
      layer: each.position === undefined ? 'input' : each.name,
      runs: each.runs,
      macs: each.macs,
      energyPj: each.energyPj + each.copyEnergyPj,
      latencyCycles: each.latencyCycles + each.copyCycles,
      breakdown: breakdownOf(view, [each]),
    })),
  }
}

function stepDetail(
  { view }: FuseEngine,
  { stack }: PricedStack,
  tile: PricedStack['tiles'][number],
  step: TileStep,
  waiting: StackDetail['waiting'],
): StepDetail {
  const names = view.accelerator.memories.map((memory) => memory.name)
  const held = (bits: readonly number[]): Record<string, number> =>
    Object.fromEntries(
      names.flatMap((name, index) => {
        const whole = waiting.filter((map) => map.memory === name)
        const sum = whole.reduce(
          (total, map) => total + map.bits,
          bits[index] + tile.reservedBits[index],
        )
        return sum > 0 ? [[name, sum]] : []
      }),
    )
  const copies = step.copies.actions.map(({ reason, bits, hops, energyPj, from }) => ({
    reason,
    bits,
    way: [names[from.memory], ...hops.map((hop) => names[hop.to])],
    energyPj,
  }))
  const common = {
    copies,
    copyCycles: step.copies.latencyCycles,
    copyEnergyPj: step.copies.energyPj,
  }
  if (step.kind === 'source') {
    return { layer: 'input', ...common, occupancyBits: held(view.sizeBits.map(() => 0)) }
  }
  const node = stack.nodes[step.node]
  const { computed } = step
  if (computed === undefined) {
    return { layer: node.layer.name, ...common, occupancyBits: held(step.mapBits) }
  }
  const { tops, solution } = computed
  const hasSecond = node.reads.some((read) => read.whole)
  return {
    layer: node.layer.name,
    ...common,
    computed: {
      columns: tile.x.out[step.node],
      rows: tile.y.out[step.node],
      tops: {
        input: names[view.levels.input[tops.input]],
        output: names[view.levels.output[tops.output]],
        weight: weightBits(node.layer) > 0 ? names[view.levels.weight[tops.weight]] : null,
        second: hasSecond ? names[view.levels.weight[tops.weight]] : null,
      },
      energyPj: solution.energyPj,
      latencyCycles: solution.latencyCycles,
      macs: solution.macs,
      mapping: solution.mapping,
      inputBits: node.reads.reduce(
        (sum, _, operand) => sum + inputBits(node, operand, step.node, tile.x, tile.y),
        0,
      ),
      outputBits: outputBits(node, step.node, tile.x, tile.y),
    },
    occupancyBits: held(step.mapBits),
  }
}
