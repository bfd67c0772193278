import { InfeasibleError } from '../base/index.js'
import {
  networkOpGraph,
  type Network,
  type NetworkNode,
  type OpGraph,
  type ScenarioNetwork,
} from '../model/index.js'
import { nodeCost, type ResolvedCore } from './chip.js'
import type { LayerCost } from './layer-problem.js'

/** A network of the scenario, read. */
export interface ResolvedNetwork {
  readonly settings: ScenarioNetwork
  readonly network: Network
  /** Probability that a request of the network at the head of its cascade leads to one of this network. */
  readonly frequency: number
}

/** What the lowest level found out about one network: every operation's cost on every kind of core. */
export interface NetworkCosts {
  readonly settings: ScenarioNetwork
  readonly graph: OpGraph
  /** Names of the core kinds, in the order of the columns below. */
  readonly kinds: readonly string[]
  /** Requests per request of the network at the head of its cascade. */
  readonly frequency: number
  /** The node behind each operation of the graph. */
  readonly nodes: readonly NetworkNode[]
  /** [operation][core kind]; undefined = cannot run there. */
  readonly costs: readonly (readonly (
    { readonly latencyUs: number; readonly energyPj: number } | undefined
  )[])[]
  /** [operation][core kind]: how the mapping of the loop nest is known to be best, where there is one. */
  readonly mapped: readonly (readonly (LayerCost | null | undefined)[])[]
}

/**
 * Gathers the costs of a network on all cores.
 * @param mappedCost of the loop nest of a node on core kind k
 * @throws InfeasibleError naming the operations that no core can run
 */
export function networkCosts(
  { settings, network, frequency }: ResolvedNetwork,
  cores: readonly ResolvedCore[],
  mappedCost: (node: NetworkNode, k: number) => LayerCost | null | undefined,
): NetworkCosts {
  const graph = networkOpGraph(network)
  const byName = new Map(network.nodes.map((node) => [node.name, node]))
  const nodes = graph.operations.map(({ name }) => byName.get(name) as NetworkNode)
  const mapped = nodes.map((node) => cores.map((_, k) => mappedCost(node, k)))
  const costs = nodes.map((node, i) =>
    cores.map((each, k) => {
      const cost = nodeCost(node, each, mapped[i][k], settings.density.mean)
      return cost && { latencyUs: cost.latencyUs, energyPj: cost.energyPj ?? 0 }
    }),
  )
  const homeless = nodes.filter((_, i) => costs[i].every((cost) => cost === undefined))
  if (homeless.length > 0) {
    throw new InfeasibleError(
      homeless.slice(0, 10).map((node) => ({
        code: 'E-PLAN-001',
        message: `no core of the chip can run ${node.type} "${node.name}" of network "${settings.name}"`,
        hint: 'give an accelerator a vectorUnit, add a roofline core, or widen its runs list',
      })),
    )
  }
  return {
    settings,
    graph,
    kinds: cores.map(({ core }) => core.name),
    frequency,
    nodes,
    costs,
    mapped,
  }
}
