import { evaluateTile } from './evaluate-tile.js'
import type { TileContext, TileStep } from './tile-step.js'
import { addStep, emptyTotals, type LayerTotals } from './layer-totals.js'
import type { Stack } from './stack.js'
import type { TileType } from './tile-type.js'

/** What a stack costs in one overlap mode with one tile size. */
export interface StackCost {
  readonly energyPj: number
  /** The published latency1, copies included; everything runs one after the other. */
  readonly latencyCycles: number
  readonly latencyWithOffloadCycles: number
  readonly macs: number
  /** Per tile type its steps, in the order of the tiles' types. */
  readonly types: readonly { readonly tile: TileType; readonly steps: readonly TileStep[] }[]
  readonly sources: readonly LayerTotals[]
  readonly layers: readonly LayerTotals[]
}

/**
 * Evaluates every tile type once and adds them up by their counts.
 * @throws InfeasibleError when a layer fits nowhere
 */
export function evaluateStack(
  context: TileContext,
  stack: Stack,
  tiles: readonly TileType[],
): StackCost {
  const sources = stack.sources.map((source) =>
    emptyTotals(source.from < 0 ? 'network input' : `map of layer ${source.from}`),
  )
  const layers = stack.nodes.map(({ layer, position }) => emptyTotals(layer.name, position))
  const types = tiles.map((tile) => {
    const steps = evaluateTile(context, stack, tile)
    for (const step of steps) {
      addStep(step.kind === 'source' ? sources[step.source] : layers[step.node], step, tile.count)
    }
    return { tile, steps }
  })
  const all = [...sources, ...layers]
  const sum = (value: (totals: LayerTotals) => number): number =>
    all.reduce((total, each) => total + value(each), 0)
  return {
    energyPj: sum((each) => each.energyPj + each.copyEnergyPj),
    latencyCycles: sum((each) => each.latencyCycles + each.copyCycles),
    latencyWithOffloadCycles: sum((each) => each.latencyWithOffloadCycles + each.copyCycles),
    macs: sum((each) => each.macs),
    types,
    sources,
    layers,
  }
}
