import { formatNumber, formatPercent } from '../base/index.js'
import type { Scenario } from '../model/index.js'
import { operationGroups } from './operation-groups.js'
import type { CoreLoad, NetworkPlan, PolicyOutcome } from './plan-result.js'

/** Load of every kind of core when each network comes at its rate and runs as placed alone. */
export function loadsOf(scenario: Scenario, plans: readonly NetworkPlan[]): CoreLoad[] {
  return scenario.chip.cores.map(({ name, count }) => {
    const networks = plans.map((plan) => {
      const busyUs = plan.operations
        .filter((each) => each.core === name)
        .reduce((sum, each) => sum + each.endUs - each.startUs, 0)
      return { name: plan.name, load: (plan.ratePerS * busyUs) / (1e6 * count) }
    })
    return { core: name, count, load: networks.reduce((sum, each) => sum + each.load, 0), networks }
  })
}

/** What stands in the way of doing better, in sentences. */
export function limitsOf(
  plans: readonly NetworkPlan[],
  loads: readonly CoreLoad[],
  chipLoad: number,
  parts: number,
  best: PolicyOutcome,
): string[] {
  const limits: string[] = []
  const busiest = loads.reduce((a, b) => (b.load > a.load ? b : a))
  const heaviest = busiest.networks.reduce((a, b) => (b.load > a.load ? b : a))
  limits.push(
    `The busiest cores are ${busiest.core}: ${formatPercent(busiest.load)} busy at the asked rates, ${formatPercent(heaviest.load)} of it for ${heaviest.name}.`,
  )
  if (busiest.load > 1) {
    limits.push(
      `More work comes than ${busiest.core} can do: it would take ${Math.ceil(busiest.load * busiest.count)} instead of ${busiest.count} of them, or lower rates.`,
    )
  } else if (chipLoad > 1) {
    limits.push(
      `Every ${parts === 1 ? 'request takes the whole chip' : `request takes one of ${parts} parts of the chip`}, which all requests together need for ${formatPercent(chipLoad)} of the time: more parts (serve.partitions) or faster ones could keep up.`,
    )
  }
  if (busiest.load <= 1 && chipLoad <= 1 && chipLoad > 1.5 * busiest.load) {
    limits.push(
      `${parts === 1 ? 'Requests have the chip to themselves' : `Requests have one of ${parts} parts of the chip to themselves`}, one after another: that takes ${formatPercent(chipLoad)} of the time, far more than any kind of core works. Cores wait for each other within a request.`,
    )
  }
  limits.push(...plans.map(bottleneckSentence))
  limits.push(...plans.flatMap(stackSentence))
  for (const plan of plans) {
    if (plan.makespanUs > plan.sloUs) {
      limits.push(
        `${plan.name} needs ${formatNumber(plan.makespanUs / 1000)} ms alone on the chip, but is allowed ${formatNumber(plan.sloUs / 1000)} ms: no order of requests can meet that.`,
      )
    }
    const gap = plan.makespanUs / plan.lowerBoundUs - 1
    if (plan.status !== 'optimal' && gap > 0.001) {
      limits.push(
        `The placement of ${plan.name} is at most ${formatPercent(gap)} above the shortest possible.`,
      )
    }
  }
  limits.push(
    best.violationRate === 0
      ? `Under ${best.policy} no request misses its deadline.`
      : `Under the best policy, ${best.policy}, ${formatPercent(best.violationRate, 2)} of the requests miss their deadlines.`,
  )
  return limits
}

/** Where the time of a network goes. */
function bottleneckSentence({ name, operations }: NetworkPlan): string {
  const groups = operationGroups(operations)
  const busy = groups.reduce((sum, each) => sum + each.busyUs, 0)
  const [first] = groups
  const longest = operations.reduce((a, b) => (b.endUs - b.startUs > a.endUs - a.startUs ? b : a))
  return `${name} spends ${formatPercent(first.busyUs / busy)} of its work in ${first.count} × ${first.type} on ${first.core}; its longest operation is ${longest.name} (${formatNumber((longest.endUs - longest.startUs) / 1000, 3)} ms).`
}

/** What depth-first stacks brought, or why the network runs without them. */
function stackSentence({ name, way, tried }: NetworkPlan): string[] {
  const [layers, ...stacked] = tried
  const kept = stacked.find((each) => each.way === way)
  const cost = (each: NetworkPlan['tried'][number]): string =>
    `${formatNumber(each.makespanUs / 1000)} ms and ${formatNumber(each.energyPj / 1e6)} µJ`
  if (kept !== undefined) {
    return [
      `${name} runs in the depth-first ${way}: ${cost(kept)} per inference instead of ${cost(layers)} layer by layer.`,
    ]
  }
  return stacked.map(
    (each) =>
      `${name} runs layer by layer, ${cost(layers)} per inference: the ${each.way} would take ${cost(each)}, which is no better by the objective.`,
  )
}
