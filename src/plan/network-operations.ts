import { NETWORK_INPUT } from '../fuse/index.js'
import { networkOpGraph, type Network, type NetworkNode, type OpGraph } from '../model/index.js'

/** What a network makes the chip do: its nodes with work, and whose outputs each of them reads. */
export interface NetworkOperations {
  readonly graph: OpGraph
  /** The node behind each operation of the graph. */
  readonly nodes: readonly NetworkNode[]
  /** Per operation the operations that it reads, each once; the network's input where it reads none. */
  readonly producers: readonly (readonly number[])[]
}

export function networkOperations(network: Network): NetworkOperations {
  const graph = networkOpGraph(network)
  const byName = new Map(network.nodes.map((node) => [node.name, node]))
  const producers: number[][] = graph.operations.map(() => [])
  for (const { from, to } of graph.edges) producers[to].push(from)
  return {
    graph,
    nodes: graph.operations.map(({ name }) => byName.get(name) as NetworkNode),
    producers: producers.map((each) => (each.length === 0 ? [NETWORK_INPUT] : each)),
  }
}
