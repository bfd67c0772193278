import { weightBits, type Network } from './network.js'
import type { FuseConventions } from './conventions.js'
import { branchFreeUnits } from './branch-free-units.js'

/** Where a cut stands that comes before the first layer, after the network's input. */
export const AFTER_INPUT = -1

/**
 * The published rule (spec §9): fuse as many branch-free units as fit with all their weights into the second-highest
 * memory of the weights. A unit that does not fit alone is cut after every layer.
 * @param capacityBits size of that memory
 * @returns positions of the layers after which a cut is made, ascending; {@link AFTER_INPUT} only in the published rule
 */
export function partitionByWeights(
  network: Network,
  capacityBits: number,
  conventions: Pick<FuseConventions, 'inputMayBeCut'>,
): number[] {
  const cuts: number[] = []
  const cutAfter = (position: number): void => {
    if (position < 0 && !conventions.inputMayBeCut) return
    if (cuts.at(-1) !== position) cuts.push(position)
  }
  let running = 0
  // The published unit of the network's input alone comes first and weighs nothing.
  let last = AFTER_INPUT
  for (const unit of branchFreeUnits(network)) {
    const bits = unit.reduce((sum, i) => sum + weightBits(network.nodes[i].layer), 0)
    if (bits > capacityBits) {
      cutAfter(last)
      unit.forEach(cutAfter)
      running = 0
    } else if (running + bits > capacityBits) {
      cutAfter(last)
      running = bits
    } else {
      running += bits
    }
    last = unit[unit.length - 1]
  }
  return cuts
}
