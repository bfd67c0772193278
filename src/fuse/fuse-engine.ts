import { InfeasibleError, type Diagnostic } from '../base/index.js'
import { publishedFuse, standardFuse, type FuseConventions } from './conventions.js'
import { summarise, type CostSummary } from './cost-summary.js'
import { evaluateStack, type StackCost } from './evaluate-stack.js'
import type { FuseSetting, LayerSearch } from './fuse-setting.js'
import type { LayerSolver } from './layer-problem.js'
import { createLayerSolver } from './layer-solver.js'
import { viewMemories, type MemoryView } from './memory-view.js'
import { buildNetwork, type Network } from './network.js'
import type { Objective } from './objective.js'
import type { OverlapMode } from './overlap-mode.js'
import { planTiles } from './plan-tiles.js'
import { fullSizes, planPublishedTiles } from './published/plan-tiles.js'
import { makeStack, type Stack } from './stack.js'
import type { TileSize } from './tile-sizes.js'
import type { TileType } from './tile-type.js'

/** Layers `first` … `last` of a network, run as one stack. */
export interface StackRange {
  readonly first: number
  readonly last: number
}

/** Prices stacks of one network on one accelerator; layer problems are solved once and remembered. */
export interface FuseEngine {
  readonly view: MemoryView
  readonly network: Network
  readonly conventions: FuseConventions
  readonly solver: LayerSolver
  readonly search: LayerSearch
  readonly objective: Objective
  /** Output size of the stack that ends with layer `last`. */
  outputSize(last: number): TileSize
  /** @throws InfeasibleError when a layer fits nowhere */
  evaluate(range: StackRange, mode: OverlapMode, tile: TileSize): PricedStack
  /** Like `evaluate`, but tells a misfit apart. */
  price(range: StackRange, mode: OverlapMode, tile: TileSize): CostSummary | Diagnostic
}

export interface PricedStack {
  readonly stack: Stack
  readonly tiles: readonly TileType[]
  readonly cost: StackCost
}

/** @throws InputError when the network cannot be run depth-first */
export function createFuseEngine(setting: FuseSetting): FuseEngine {
  const view = viewMemories(setting.accelerator)
  const network = buildNetwork(setting.workload)
  const published = setting.conventions === 'published'
  const conventions = published ? publishedFuse : standardFuse
  const solver = createLayerSolver(setting)
  const context = { view, conventions, solver }
  const stacks = new Map<string, Stack>()
  const stackOf = ({ first, last }: StackRange): Stack => {
    const key = `${first}-${last}`
    const stack = stacks.get(key) ?? makeStack(network, first, last)
    stacks.set(key, stack)
    return stack
  }
  const end = network.nodes.length - 1
  const outputs = published ? publishedOutputs(network) : undefined
  const outputSize = (last: number): TileSize => {
    const { OX, OY } = network.nodes[last].layer.dims
    return outputs?.[last] ?? { x: OX, y: OY }
  }
  const evaluate = (range: StackRange, mode: OverlapMode, tile: TileSize): PricedStack => {
    const stack = stackOf(range)
    const full = outputSize(Math.min(range.last, end))
    const tiles = published
      ? planPublishedTiles(stack, view, mode, tile.x, tile.y, fullSizes(stack, full.x, full.y))
      : planTiles(stack, view, mode, Math.min(tile.x, full.x), Math.min(tile.y, full.y))
    return { stack, tiles, cost: evaluateStack(context, stack, tiles) }
  }
  return {
    view,
    network,
    conventions,
    solver,
    search: setting.search,
    objective: setting.objective,
    outputSize,
    evaluate,
    price: (range, mode, tile) => {
      try {
        return summarise(view, evaluate(range, mode, tile).cost)
      } catch (error) {
        if (error instanceof InfeasibleError) return error.diagnostics[0]
        throw error
      }
    },
  }
}

/** Sizes of all layers worked back from the network's output: the published program ignores those of the file (Q1). */
function publishedOutputs(network: Network): TileSize[] {
  const whole = makeStack(network, 0, network.nodes.length - 1)
  const { OX, OY } = network.nodes[network.nodes.length - 1].layer.dims
  const { x, y } = fullSizes(whole, OX, OY)
  return x.out.map((width, i) => ({ x: width, y: y.out[i] }))
}
