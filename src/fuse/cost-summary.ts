import type { LayerTotals } from './layer-totals.js'
import type { StackCost } from './evaluate-stack.js'
import type { MemoryView } from './memory-view.js'

/** Where energy and cycles go. */
export interface CostBreakdown {
  readonly energyPj: {
    readonly mac: number
    /** Access energy of the layers, per memory. */
    readonly memories: Readonly<Record<string, number>>
    /** Access energy of the copies between layers, per memory. */
    readonly copies: Readonly<Record<string, number>>
  }
  readonly latencyCycles: {
    /** Every unit busy all the time. */
    readonly ideal: number
    /** Units that the unrolling leaves idle. */
    readonly spatialStall: number
    /** Waiting for data. */
    readonly temporalStall: number
    /** First data of each layer's tile. */
    readonly loading: number
    /** Copies between layers. */
    readonly copies: number
  }
}

/** Cost of a stack or a network. */
export interface CostSummary {
  readonly energyPj: number
  /** With data loading and copies, without off-loading: the published latency1. */
  readonly latencyCycles: number
  readonly latencyWithOffloadCycles: number
  readonly macs: number
  /** Tile types that the first layer sees. */
  readonly tileTypes: number
  readonly breakdown: CostBreakdown
}

/** Sums up one stack. */
export function summarise(view: MemoryView, cost: StackCost): CostSummary {
  const all = [...cost.sources, ...cost.layers]
  return {
    energyPj: cost.energyPj,
    latencyCycles: cost.latencyCycles,
    latencyWithOffloadCycles: cost.latencyWithOffloadCycles,
    macs: cost.macs,
    tileTypes: cost.types.length,
    breakdown: breakdownOf(view, all),
  }
}

/** Breakdown of any set of layers. */
export function breakdownOf(view: MemoryView, all: readonly LayerTotals[]): CostBreakdown {
  const sum = (value: (totals: LayerTotals) => number): number =>
    all.reduce((total, each) => total + value(each), 0)
  const perMemory = (kind: 'layerLinks' | 'copyLinks'): Record<string, number> => {
    const result: Record<string, number> = {}
    for (const { name } of view.accelerator.memories) result[name] = 0
    for (const totals of all) {
      for (const { memory, energyPj } of totals[kind].values()) {
        result[view.accelerator.memories[memory].name] += energyPj
      }
    }
    return result
  }
  return {
    energyPj: {
      mac: sum((each) => each.macEnergyPj),
      memories: perMemory('layerLinks'),
      copies: perMemory('copyLinks'),
    },
    latencyCycles: {
      ideal: sum((each) => each.idealCycles),
      spatialStall: sum((each) => each.temporalCycles - each.idealCycles),
      temporalStall: sum((each) => each.stallCycles),
      loading: sum((each) => each.loadingCycles),
      copies: sum((each) => each.copyCycles),
    },
  }
}

/** Sum of the stacks of a network; tile types are those of its first layer. */
export function addSummaries(
  parts: readonly { readonly summary: CostSummary; readonly hasFirstLayer: boolean }[],
): CostSummary {
  const sum = (value: (each: CostSummary) => number): number =>
    parts.reduce((total, { summary }) => total + value(summary), 0)
  const addRecords = (
    of: (each: CostBreakdown) => Readonly<Record<string, number>>,
  ): Record<string, number> => {
    const result: Record<string, number> = {}
    for (const { summary } of parts) {
      for (const [name, value] of Object.entries(of(summary.breakdown))) {
        result[name] = (result[name] ?? 0) + value
      }
    }
    return result
  }
  return {
    energyPj: sum((each) => each.energyPj),
    latencyCycles: sum((each) => each.latencyCycles),
    latencyWithOffloadCycles: sum((each) => each.latencyWithOffloadCycles),
    macs: sum((each) => each.macs),
    tileTypes: parts.reduce(
      (total, { summary, hasFirstLayer }) => total + (hasFirstLayer ? summary.tileTypes : 0),
      0,
    ),
    breakdown: {
      energyPj: {
        mac: sum((each) => each.breakdown.energyPj.mac),
        memories: addRecords((each) => each.energyPj.memories),
        copies: addRecords((each) => each.energyPj.copies),
      },
      latencyCycles: addRecords(
        (each) => each.latencyCycles,
      ) as unknown as CostBreakdown['latencyCycles'],
    },
  }
}
