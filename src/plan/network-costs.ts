import { InfeasibleError } from '../base/index.js'
import type { NetworkNode, OpGraph, SearchStatus } from '../model/index.js'
import { nodeCost, type ResolvedCore } from './chip.js'
import type { OperationDensities } from './density-samples.js'
import type { LayerCost } from './layer-problem.js'
import type { NetworkOperations } from './network-operations.js'
import type { NetworkStacks } from './network-stacks.js'
import { mergeOperations, type OperationRange } from './merge-operations.js'

/** How an operation's cost is known: the search status of its mappings, a depth-first stack, or ceilings. */
export type CostOrigin = SearchStatus | 'stack' | 'roofline'

/** Time and energy of an operation on one kind of core. */
export interface CoreCost {
  readonly latencyUs: number
  readonly energyPj: number
  readonly origin: CostOrigin
}

/** What the lower levels found out about one network run in one way: every operation's cost on every kind of core. */
export interface NetworkCosts {
  /** Kind of core whose stacks the operations are; undefined = layer by layer. */
  readonly stacksOf?: number
  readonly graph: OpGraph
  /** Operations of the layer-by-layer graph behind each operation. */
  readonly ranges: readonly OperationRange[]
  /** [operation][core kind]; undefined = cannot run there. */
  readonly costs: readonly (readonly (CoreCost | undefined)[])[]
  /** Time of an operation on a kind of core that runs it when the densities are others than the mean. */
  readonly latencyUs: (operation: number, kind: number, densities: readonly number[]) => number
}

/** Everything that costs depend on, whichever way a network is run. */
export interface CostedNetwork {
  readonly name: string
  readonly operations: NetworkOperations
  readonly densities: OperationDensities
  readonly cores: readonly ResolvedCore[]
  /** [core kind]; undefined where layers run one by one. */
  readonly stacks: readonly (NetworkStacks | undefined)[]
  /** Mapping of an operation's loop nest on core kind k, if it has both. */
  mapped(operation: number, k: number): LayerCost | null | undefined
}

/**
 * Gathers the costs of a network on all cores. A kind runs an operation by its own stacks where they lie wholly within
 * it, and the rest of it layer by layer, one after another.
 * @param stacksOf kind of core whose stacks become operations; undefined = every layer is one
 * @throws InfeasibleError naming the operations that no core can run
 */
export function networkCosts(network: CostedNetwork, stacksOf?: number): NetworkCosts {
  const { operations, densities, cores } = network
  const merged = stacksOf === undefined ? [] : (network.stacks[stacksOf]?.stacks ?? [])
  const { graph, ranges } = mergeOperations(operations.graph, merged)
  const costs = ranges.map((range) =>
    cores.map((_, k) => rangeCost(network, range, k, densities.mean)),
  )
  const homeless = ranges.flatMap((range, i) =>
    costs[i].every((cost) => cost === undefined)
      ? operations.nodes.slice(range.first, range.last + 1)
      : [],
  )
  if (homeless.length > 0) throw homelessError(network.name, homeless)
  return {
    ...(stacksOf === undefined ? {} : { stacksOf }),
    graph,
    ranges,
    costs,
    latencyUs: (i, k, sample) => rangeCost(network, ranges[i], k, sample)?.latencyUs ?? Infinity,
  }
}

function rangeCost(
  network: CostedNetwork,
  { first, last }: OperationRange,
  k: number,
  densities: readonly number[],
): CoreCost | undefined {
  const { operations, cores, stacks } = network
  let latencyUs = 0
  let energyPj = 0
  const origins = new Set<CostOrigin>()
  for (let i = first; i <= last;) {
    const stack = stacks[k]?.startingAt.get(i)
    const own = stack !== undefined && stack.last <= last ? stack : undefined
    const cost =
      own?.cost(densities) ??
      nodeCost(operations.nodes[i], cores[k], network.mapped(i, k), densities[i])
    if (cost === undefined) return undefined
    latencyUs += cost.latencyUs
    energyPj += cost.energyPj
    origins.add(own === undefined ? (network.mapped(i, k)?.status ?? 'roofline') : 'stack')
    i = (own?.last ?? i) + 1
  }
  return { latencyUs, energyPj, origin: weakest(origins) }
}

/** What is known of a sum is what is known of its least known part. */
function weakest(origins: ReadonlySet<CostOrigin>): CostOrigin {
  const order: readonly CostOrigin[] = ['roofline', 'stack', 'heuristic', 'gap', 'optimal']
  return order.find((each) => origins.has(each)) ?? 'optimal'
}

function homelessError(name: string, nodes: readonly NetworkNode[]): InfeasibleError {
  return new InfeasibleError(
    nodes.slice(0, 10).map((node) => ({
      code: 'E-PLAN-001',
      message: `no core of the chip can run ${node.type} "${node.name}" of network "${name}"`,
      hint: 'give an accelerator a vectorUnit, add a roofline core, or widen its runs list',
    })),
  )
}
