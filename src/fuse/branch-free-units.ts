import { NETWORK_INPUT, type NetworkNode } from './network.js'

/**
 * Splits a network where a single feature map is alive: a residual block stays one unit, layers of a chain are one
 * unit each. A stack may end only at the end of a unit. The network's input belongs to the first unit.
 * @returns positions of the layers of each unit, in order
 */
export function branchFreeUnits(network: {
  readonly nodes: readonly Pick<NetworkNode, 'producers' | 'consumers'>[]
}): number[][] {
  const units: number[][] = []
  let unit: number[] = []
  // Edges that lead out of what was walked so far; the network's input has some from the start.
  let open = network.nodes
    .flatMap((node) => node.producers)
    .filter((producer) => producer === NETWORK_INPUT).length
  network.nodes.forEach((node, i) => {
    open -= node.producers.length
    unit.push(i)
    if (open === 0) {
      units.push(unit)
      unit = []
    }
    open += node.consumers.length
  })
  return units
}
