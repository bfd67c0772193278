import { InfeasibleError, type Diagnostic } from '../base/index.js'
import { summarise, type CostSummary } from './cost-summary.js'
import { boundStack, type Hopeless, type StackBound } from './bound-stack.js'
import { evaluateStack, type StackCost } from './evaluate-stack.js'
import type { FuseSetting, LayerSearch } from './fuse-setting.js'
import type { LayerSolver } from './layer-problem.js'
import { createLayerSolver } from './layer-solver.js'
import { topMemory, viewMemories, type MemoryView } from './memory-view.js'
import { buildNetwork, type Network } from './network.js'
import type { Objective } from './objective.js'
import type { OverlapMode } from './overlap-mode.js'
import type { Planner } from './planner.js'
import { makeStack, type Stack } from './stack.js'
import type { StackRange } from './stack-range.js'
import type { TileSize } from './tile-sizes.js'
import type { TileType } from './tile-type.js'
import { tileFloors } from './tile-floors.js'
import { waitingMaps } from './waiting-maps.js'

/** Prices stacks of one network on one accelerator; layer problems are solved once and remembered. */
export interface FuseEngine {
  readonly view: MemoryView
  readonly network: Network
  readonly planner: Planner
  readonly solver: LayerSolver
  readonly search: LayerSearch
  readonly objective: Objective
  /** Output size of the stack that ends with layer `last`. */
  outputSize(last: number): TileSize
  /** @throws InfeasibleError when a layer fits nowhere */
  evaluate(range: StackRange, mode: OverlapMode, tile: TileSize): PricedStack
  /** Like `evaluate`, but tells a misfit apart. */
  price(range: StackRange, mode: OverlapMode, tile: TileSize): CostSummary | Diagnostic
  /** What it costs at least, worked out no further than until it is known to be hopeless; or a misfit. */
  bound(
    range: StackRange,
    mode: OverlapMode,
    tile: TileSize,
    isHopeless: Hopeless,
  ): StackBound | Diagnostic
}

export interface PricedStack {
  readonly stack: Stack
  readonly tiles: readonly TileType[]
  readonly cost: StackCost
}

/**
 * An engine with the given semantics.
 * @throws InputError when the network cannot be run depth-first
 */
export function createEngineWith(
  planner: Planner,
  setting: FuseSetting,
  hurries?: () => boolean,
): FuseEngine {
  const view = viewMemories(setting.accelerator)
  const network = buildNetwork(setting.workload, planner.conventions)
  const { conventions } = planner
  const solver = createLayerSolver(setting, conventions, hurries)
  const context = { view, conventions, solve: solver.solve }
  const bounding = { view, conventions, solve: solver.bound }
  const floors = tileFloors(view, conventions)
  const stacks = new Map<string, Stack>()
  const stackOf = ({ first, last }: StackRange): Stack => {
    const key = `${first}-${last}`
    const known = stacks.get(key)
    if (known !== undefined) return known
    const stack = makeStack(network, first, last)
    if (conventions.waitingMapsTakeRoom) {
      checkRoom(view, network, { first, last }, stack.name)
    }
    stacks.set(key, stack)
    return stack
  }
  const outputs = planner.outputSizes(network)
  const outputSize = (last: number): TileSize => outputs[last]
  const planned = (
    range: StackRange,
    mode: OverlapMode,
    tile: TileSize,
  ): Omit<PricedStack, 'cost'> => {
    const stack = stackOf(range)
    return { stack, tiles: planner.planTiles(stack, view, mode, tile, outputs[range.last]) }
  }
  const evaluate: FuseEngine['evaluate'] = (range, mode, tile) => {
    const { stack, tiles } = planned(range, mode, tile)
    return { stack, tiles, cost: evaluateStack(context, stack, tiles) }
  }
  return {
    view,
    network,
    planner,
    solver,
    search: setting.search,
    objective: setting.objective,
    outputSize,
    evaluate,
    price: (range, mode, tile) => misfitOr(() => summarise(view, evaluate(range, mode, tile).cost)),
    bound: (range, mode, tile, isHopeless) =>
      misfitOr(() => {
        const { stack, tiles } = planned(range, mode, tile)
        return boundStack(bounding, floors, stack, tiles, isHopeless)
      }),
  }
}

function misfitOr<T>(work: () => T): T | Diagnostic {
  try {
    return work()
  } catch (error) {
    if (error instanceof InfeasibleError) return error.diagnostics[0]
    throw error
  }
}

/** @throws InfeasibleError when the whole maps around a stack exceed the top memory */
function checkRoom(view: MemoryView, network: Network, range: StackRange, name: string): void {
  const memory = view.accelerator.memories[topMemory(view, 'output')]
  const bits = waitingMaps(network, range).reduce((sum, map) => sum + map.bits, 0)
  if (bits <= memory.sizeBits) return
  throw new InfeasibleError({
    code: 'E-FUSE-012',
    message: `while ${name} runs, ${bits} bits of whole feature maps must lie in "${memory.name}", which has ${memory.sizeBits}`,
    hint: `${bits - memory.sizeBits} bits are missing: enlarge "${memory.name}"`,
  })
}
