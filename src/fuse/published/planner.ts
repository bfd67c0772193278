import { publishedFuse } from '../conventions.js'
import type { Planner } from '../planner.js'
import { makeStack } from '../stack.js'
import { rangesBetween } from '../stack-ranges.js'
import { fullSizes, planPublishedTiles } from './plan-tiles.js'
import { publishedStacks } from './stacks.js'

/** The published program: maps grow towards the input, a cut after layer 0 is ignored, caches are placed one by one. */
export const publishedPlanner: Planner = {
  conventions: publishedFuse,
  // The sizes of the file are ignored except for the network's output (Q1).
  outputSizes: (network) => {
    const end = network.nodes.length - 1
    const { OX, OY } = network.nodes[end].layer.dims
    const { x, y } = fullSizes(makeStack(network, 0, end), OX, OY)
    return x.out.map((width, i) => ({ x: width, y: y.out[i] }))
  },
  stacksBetween: (network, cuts) =>
    publishedStacks(network, cuts, publishedFuse.firstCutIsIgnored).map(({ nodes }) => ({
      first: nodes[0].position,
      last: nodes[nodes.length - 1].position,
    })),
  layerByLayer: rangesBetween,
  planTiles: (stack, view, mode, tile, full) =>
    planPublishedTiles(stack, view, mode, tile.x, tile.y, fullSizes(stack, full.x, full.y)),
}
