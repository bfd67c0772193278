import type { Scenario } from '../model/index.js'
import type { CostedNetwork, NetworkCosts } from './network-costs.js'
import type { Placement } from './place-networks.js'
import type { PlaceStepOutput } from './place-step.js'
import type { ResolvedNetwork } from './plan-input.js'
import type {
  NetworkPlan,
  PlannedOperation,
  PlannedStack,
  PlanResult,
  PolicyOutcome,
} from './plan-result.js'

/** A placed network in the words of the report. */
export function networkPlan(
  { settings, network, frequency, trace }: ResolvedNetwork,
  costed: CostedNetwork,
  { chosen, tried }: Placement['networks'][number],
): NetworkPlan {
  const { costs, placed, energyPj } = chosen
  const { makespanUs, lowerBoundUs, status, method } = placed
  const wayOf = ({ stacksOf }: NetworkCosts): string =>
    stacksOf === undefined ? 'layer by layer' : `stacks of ${costed.cores[stacksOf].core.name}`
  return {
    name: settings.name,
    operations: costs.graph.operations.map((_, i) => plannedOperation(costed, costs, placed, i, i)),
    energyPj,
    makespanUs,
    lowerBoundUs,
    status,
    method,
    way: wayOf(costs),
    tried: tried.map((each) => ({
      way: wayOf(each.costs),
      makespanUs: each.placed.makespanUs,
      energyPj: each.energyPj,
    })),
    stacks: plannedStacks(costed, costs, placed),
    sloUs:
      settings.sloMs === undefined ? settings.sloMultiplier * makespanUs : 1000 * settings.sloMs,
    ratePerS: settings.arrivals.ratePerS * frequency,
    densities: densitySentence(costed, trace),
    assumptions: network.assumptions,
  }
}

/** One input of every network at the same time. */
export function togetherPlan(
  costed: readonly CostedNetwork[],
  { networks, together }: Placement,
): PlanResult['together'] {
  let at = 0
  return {
    makespanUs: together.makespanUs,
    lowerBoundUs: together.lowerBoundUs,
    operations: networks.flatMap(({ chosen }, n) =>
      chosen.costs.graph.operations.map((_, i) => ({
        ...plannedOperation(costed[n], chosen.costs, together, i, at++),
        network: costed[n].name,
      })),
    ),
  }
}

function plannedOperation(
  { cores }: CostedNetwork,
  { graph, costs }: NetworkCosts,
  { schedule }: PlaceStepOutput,
  i: number,
  at: number,
): PlannedOperation {
  const cost = costs[i][cores.findIndex(({ core }) => core.name === schedule.core[at])]
  return {
    name: graph.operations[i].name,
    type: graph.operations[i].type,
    core: schedule.core[at],
    coreId: schedule.coreId[at],
    startUs: schedule.startUs[at],
    endUs: schedule.endUs[at],
    energyPj: cost?.energyPj ?? 0,
    mapping: cost?.origin ?? 'roofline',
  }
}

/** The stacks that are operations of the schedule and run on the kind of core that they were made for. */
function plannedStacks(
  { cores, stacks, operations, densities }: CostedNetwork,
  { stacksOf, ranges }: NetworkCosts,
  { schedule }: PlaceStepOutput,
): PlannedStack[] {
  const own = stacksOf === undefined ? undefined : stacks[stacksOf]
  if (own === undefined || stacksOf === undefined) return []
  const { core } = cores[stacksOf]
  return ranges.flatMap(({ first, last }, i): PlannedStack[] => {
    const stack = own.startingAt.get(first)
    if (first === last || stack === undefined || schedule.core[i] !== core.name) return []
    const { solved, alone } = stack
    const { latencyUs, energyPj } = stack.cost(densities.mean)
    const inOnePiece = solved.tile.x >= solved.output.x && solved.tile.y >= solved.output.y
    return [
      {
        layers: operations.nodes.slice(first, last + 1).map((node) => node.name),
        core: core.name,
        mode: inOnePiece ? 'in one piece' : solved.mode,
        tileX: solved.tile.x,
        tileY: solved.tile.y,
        latencyUs,
        energyPj,
        aloneLatencyUs: (latencyUs * alone.latencyCycles) / solved.latencyCycles,
        aloneEnergyPj: alone.energyPj,
      },
    ]
  })
}

function densitySentence(
  { densities }: CostedNetwork,
  trace: ResolvedNetwork['trace'],
): string | null {
  if (trace === undefined) return null
  const { name, layerCount, provenance } = trace.trace
  return `densities of ${layerCount} layers in ${densities.samples.length} samples are those of trace ${name}${provenance === undefined ? '' : ` (${provenance})`}`
}

/** The number that variants are compared by; smaller is better. */
export function objectiveValue(
  { objective: name }: Scenario,
  plans: readonly NetworkPlan[],
  best: PolicyOutcome,
): PlanResult['objective'] {
  const energyPj = plans.reduce((sum, plan) => sum + plan.energyPj * plan.ratePerS, 0)
  switch (name) {
    case 'energy':
      return { name, value: energyPj * 1e-12, unit: 'J/s' }
    case 'latency':
      return { name, value: best.meanLatencyMs, unit: 'ms' }
    case 'edp':
      return { name, value: energyPj * 1e-12 * best.meanLatencyMs, unit: 'J/s·ms' }
    case 'violations':
      return { name, value: best.violationRate, unit: '' }
  }
}
