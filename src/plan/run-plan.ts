import type { Progress } from '../model/index.js'
import { drawnDensities, tracedDensities, type OperationDensities } from './density-samples.js'
import { networkPlan, objectiveValue, togetherPlan } from './describe-plan.js'
import { fuseStacks } from './fuse-stacks.js'
import { limitsOf, loadsOf } from './limits.js'
import { mapLayers } from './map-layers.js'
import type { CostedNetwork } from './network-costs.js'
import { networkOperations, type NetworkOperations } from './network-operations.js'
import { placeNetworks } from './place-networks.js'
import type { PlanInput, ResolvedNetwork } from './plan-input.js'
import type { PlanResult } from './plan-result.js'
import { bestPolicy, outcomeOf, serveRequests } from './serve-requests.js'
import type { StepRunner } from './steps.js'

/**
 * The chain: loop nests and stacks on every kind of core, operations on cores, requests on the placed chip. Each level
 * uses what the one below found out.
 */
export async function runPlan(
  input: PlanInput,
  runner: StepRunner,
  progress: (p: Progress) => void,
): Promise<PlanResult> {
  const { scenario, networks, cores, seed } = input
  const layers = await mapLayers(input, runner, progress)
  const mapped = networks.map(({ network }) => {
    const operations = networkOperations(network)
    const costs = operations.nodes.map((node) => cores.map((_, k) => layers.costOf(node, k)))
    return { operations, mapped: (i: number, k: number) => costs[i][k] }
  })
  const stacks = await fuseStacks(mapped, cores, runner, progress)
  const costed = networks.map((network, n): CostedNetwork => ({
    ...mapped[n],
    name: network.settings.name,
    densities: densitiesOf(network, mapped[n].operations, seed + n),
    cores,
    stacks: stacks[n],
  }))

  progress({ fraction: 0.5, message: 'placing operations on cores' })
  const placement = await placeNetworks(scenario, costed, input.placePolicy, runner)
  const plans = placement.networks.map((each, n) => networkPlan(networks[n], costed[n], each))

  progress({ fraction: 0.75, message: 'serving requests' })
  const runs = await serveRequests(
    scenario,
    placement.networks.map((each) => each.chosen),
    costed.map((each) => each.densities),
    plans,
    seed,
    runner,
  )
  const policies = scenario.serve.policies.map((policy) => outcomeOf(policy, runs))
  const best = bestPolicy(policies)
  const loads = loadsOf(scenario, plans)
  const chipLoad =
    plans.reduce((sum, plan) => sum + (plan.ratePerS * plan.makespanUs) / 1e6, 0) /
    scenario.serve.partitions
  return {
    scenario,
    layers: layers.summary,
    networks: plans,
    together: togetherPlan(costed, placement),
    loads,
    chipLoad,
    powerW: plans.reduce((sum, plan) => sum + plan.ratePerS * plan.energyPj * 1e-12, 0),
    policies,
    best,
    runs,
    limits: limitsOf(plans, loads, chipLoad, scenario.serve.partitions, best),
    objective: objectiveValue(scenario, plans, best),
  }
}

function densitiesOf(
  { settings, network, trace }: ResolvedNetwork,
  { nodes }: NetworkOperations,
  seed: number,
): OperationDensities {
  if (trace === undefined) return drawnDensities(settings.density, nodes.length, seed)
  const layerOf = new Map<number, number>()
  nodes.forEach((node, i) => {
    const layer = trace.layerOfNode.get(network.nodes.indexOf(node))
    if (layer !== undefined) layerOf.set(i, layer)
  })
  return tracedDensities(trace.trace, nodes.length, layerOf)
}
