import type { FuseConventions } from './conventions.js'
import type { MemoryView } from './memory-view.js'
import type { Network } from './network.js'
import type { OverlapMode } from './overlap-mode.js'
import { planTiles } from './plan-tiles.js'
import { standardFuse } from './conventions.js'
import type { StackRange } from './stack-range.js'
import type { Stack } from './stack.js'
import { rangesBetween, stackRanges } from './stack-ranges.js'
import type { TileSize } from './tile-sizes.js'
import type { TileType } from './tile-type.js'

/** How a network becomes stacks and a stack becomes tile types: the part of the semantics that differs in kind. */
export interface Planner {
  readonly conventions: FuseConventions
  /** Output size of every layer. */
  outputSizes(network: Network): TileSize[]
  /** Stacks between cuts that the weights-fit rule made. */
  stacksBetween(network: Network, cuts: readonly number[]): StackRange[]
  /** Stacks of the layer-by-layer baseline, given the same cuts. */
  layerByLayer(network: Network, cuts: readonly number[]): StackRange[]
  /** @param full output size of the stack */
  planTiles(
    stack: Stack,
    view: MemoryView,
    mode: OverlapMode,
    tile: TileSize,
    full: TileSize,
  ): TileType[]
}

/** Exact borders and padding, sizes as the network says, caches and weights placed together. */
export const standardPlanner: Planner = {
  conventions: standardFuse,
  outputSizes: (network) =>
    network.nodes.map(({ layer }) => ({ x: layer.dims.OX, y: layer.dims.OY })),
  stacksBetween: (network, cuts) => {
    const ranges = stackRanges(network)
    return rangesBetween(network, cuts).flatMap((range) => ranges.split(range))
  },
  // Without tiles a network needs no stacks but those that reshaped maps and further outputs demand.
  layerByLayer: (network) =>
    stackRanges(network).split({ first: 0, last: network.nodes.length - 1 }),
  planTiles: (stack, view, mode, tile, full) =>
    planTiles(stack, view, mode, Math.min(tile.x, full.x), Math.min(tile.y, full.y)),
}
