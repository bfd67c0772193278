import { confidence95, mean } from '../base/index.js'
import type { NetworkNode, Progress, Scenario } from '../model/index.js'
import { socOf, type ResolvedCore } from './chip.js'
import { sampleDensities } from './density-samples.js'
import { layerShape, type LayerCost, type LayerProblem } from './layer-problem.js'
import { limitsOf, loadsOf } from './limits.js'
import { networkCosts, type NetworkCosts, type ResolvedNetwork } from './network-costs.js'
import type { PlaceStepInput, PlaceStepOutput } from './place-step.js'
import type { NetworkPlan, PlannedOperation, PlanResult, PolicyOutcome } from './plan-result.js'
import { planTrace } from './plan-trace.js'
import type { ServeStepInput, ServeStepOutput } from './serve-step.js'
import type { StepRunner } from './steps.js'

/** A scenario whose names have been read. */
export interface PlanInput {
  readonly scenario: Scenario
  readonly networks: readonly ResolvedNetwork[]
  readonly cores: readonly ResolvedCore[]
  readonly seed: number
  /** Policy of `place`. */
  readonly placePolicy: string
}

// The timeline of the report shows the first segments only.
const SHOWN_SEGMENTS = 400

/**
 * The chain: loop nests on every kind of core, operations on cores, requests on the placed chip. Each level uses what
 * the one below found out.
 */
export async function runPlan(
  input: PlanInput,
  runner: StepRunner,
  progress: (p: Progress) => void,
): Promise<PlanResult> {
  const { scenario, networks, cores } = input
  const mapped = await mapLayers(input, runner, progress)
  const costs = networks.map((each) => networkCosts(each, cores, mapped.costOf))

  progress({ fraction: 0.5, message: 'placing operations on cores' })
  const part = socOf(scenario, scenario.serve.partitions)
  const alone = costs.map((each): PlaceStepInput => placeInput([each], part, input.placePolicy))
  const together = placeInput(costs, socOf(scenario), input.placePolicy)
  const placed = await runner.run('place', [...alone, together])
  const plans = costs.map((each, n) => networkPlan(each, networks[n], placed[n]))

  progress({ fraction: 0.75, message: 'serving requests' })
  const runs = await serve(input, costs, placed, plans, runner)
  const policies = scenario.serve.policies.map((policy) => outcome(policy, runs))
  const best = policies.reduce((a, b) => (preferred(b, a) ? b : a))
  const loads = loadsOf(scenario, plans)
  const chipLoad =
    plans.reduce((sum, plan) => sum + (plan.ratePerS * plan.makespanUs) / 1e6, 0) /
    scenario.serve.partitions
  const powerW = plans.reduce((sum, plan) => sum + plan.ratePerS * plan.energyPj * 1e-12, 0)
  const all = placed[placed.length - 1]
  return {
    scenario,
    layers: mapped.summary,
    networks: plans,
    together: {
      makespanUs: all.makespanUs,
      lowerBoundUs: all.lowerBoundUs,
      operations: togetherOperations(costs, all),
    },
    loads,
    chipLoad,
    powerW,
    policies,
    best,
    runs,
    limits: limitsOf(plans, loads, chipLoad, scenario.serve.partitions, best),
    objective: objectiveOf(scenario, plans, best),
  }
}

/** Level 1: every distinct loop nest on every kind of core that has an accelerator. */
async function mapLayers(
  { networks, cores }: PlanInput,
  runner: StepRunner,
  progress: (p: Progress) => void,
) {
  const problems = new Map<string, LayerProblem>()
  const keyOf = (node: NetworkNode, k: number): string | undefined => {
    const { accelerator, core } = cores[k]
    if (
      accelerator === undefined ||
      core.engine.kind !== 'accelerator' ||
      node.work.kind !== 'layer'
    )
      return undefined
    const { metric, dataflow } = core.engine
    const problem: LayerProblem = {
      layer: layerShape(node.work.layer),
      accelerator,
      metric,
      dataflow,
    }
    const key = `${k} ${JSON.stringify(problem.layer)}`
    if (!problems.has(key)) problems.set(key, problem)
    return key
  }
  for (const { network } of networks)
    for (const node of network.nodes) cores.forEach((_, k) => keyOf(node, k))
  progress({ fraction: 0, message: `mapping ${problems.size} loop nests` })
  const keys = [...problems.keys()]
  const found = await runner.run('layer', [...problems.values()])
  const costs = new Map<string, LayerCost | null>(keys.map((key, i) => [key, found[i]]))
  return {
    costOf: (node: NetworkNode, k: number): LayerCost | null | undefined => {
      const key = keyOf(node, k)
      return key === undefined ? undefined : costs.get(key)
    },
    summary: {
      problems: keys.length,
      optimal: found.filter((each) => each?.status === 'optimal').length,
      infeasible: found.filter((each) => each === null).length,
    },
  }
}

function placeInput(
  costs: readonly NetworkCosts[],
  soc: PlaceStepInput['soc'],
  policy: string,
): PlaceStepInput {
  return {
    soc,
    graphs: costs.map((each) => each.graph),
    timesUs: costs.map((each) =>
      each.costs.map((row) => row.map((cost) => cost?.latencyUs ?? null)),
    ),
    policy,
  }
}

function operation(
  costs: NetworkCosts,
  placed: PlaceStepOutput,
  i: number,
  at: number,
): PlannedOperation {
  const { schedule } = placed
  const k = costs.costs[i].findIndex((_, kind) => schedule.core[at] === costs.kinds[kind])
  const mapping = costs.mapped[i][k]
  return {
    name: costs.graph.operations[i].name,
    type: costs.graph.operations[i].type,
    core: schedule.core[at],
    coreId: schedule.coreId[at],
    startUs: schedule.startUs[at],
    endUs: schedule.endUs[at],
    energyPj: costs.costs[i][k]?.energyPj ?? 0,
    mapping: mapping?.status ?? 'roofline',
  }
}

function networkPlan(
  costs: NetworkCosts,
  { network }: ResolvedNetwork,
  placed: PlaceStepOutput,
): NetworkPlan {
  const { settings } = costs
  const operations = costs.graph.operations.map((_, i) => operation(costs, placed, i, i))
  const { makespanUs, lowerBoundUs, status, method } = placed
  return {
    name: settings.name,
    operations,
    energyPj: operations.reduce((sum, each) => sum + each.energyPj, 0),
    makespanUs,
    lowerBoundUs,
    status,
    method,
    sloUs:
      settings.sloMs === undefined ? settings.sloMultiplier * makespanUs : 1000 * settings.sloMs,
    ratePerS: settings.arrivals.ratePerS * costs.frequency,
    assumptions: network.assumptions,
  }
}

function togetherOperations(
  costs: readonly NetworkCosts[],
  placed: PlaceStepOutput,
): PlanResult['together']['operations'] {
  let at = 0
  return costs.flatMap((each) =>
    each.graph.operations.map((_, i) => ({
      ...operation(each, placed, i, at++),
      network: each.settings.name,
    })),
  )
}

/** Level 4: all policies on the same streams, one per seed. */
async function serve(
  { scenario, cores, seed }: PlanInput,
  costs: readonly NetworkCosts[],
  placed: readonly PlaceStepOutput[],
  plans: readonly NetworkPlan[],
  runner: StepRunner,
): Promise<readonly ServeStepOutput[]> {
  const traces = costs.map((each, n) => {
    const densities = sampleDensities(each.settings.density, seed + n)
    const { latencyS, sparsity, name, sampleCount, layerCount } = planTrace(
      each,
      cores,
      placed[n].schedule,
      densities,
    )
    return { name, sampleCount, layerCount, latencyS: [...latencyS], sparsity: [...sparsity] }
  })
  const inputs = scenario.serve.policies.flatMap((policy) =>
    Array.from({ length: scenario.serve.seeds }, (_, s): ServeStepInput => ({
      scenario: { networks: scenario.networks, serve: scenario.serve },
      traces,
      sloS: plans.map((plan) => plan.sloUs / 1e6),
      policy,
      seed: seed + s,
      segments: s === 0 ? SHOWN_SEGMENTS : 0,
    })),
  )
  return runner.run('serve', inputs)
}

function outcome(policy: string, runs: readonly ServeStepOutput[]): PolicyOutcome {
  const own = runs.filter((run) => run.policy === policy)
  const over = (pick: (run: ServeStepOutput) => number): number => mean(own.map(pick))
  return {
    policy,
    requests: own.reduce((sum, run) => sum + run.requests, 0),
    antt: over((run) => run.antt),
    violationRate: over((run) => run.violationRate),
    violationRate95: confidence95(own.map((run) => run.violationRate)),
    meanLatencyMs: over((run) => run.meanLatencyMs),
    p99LatencyMs: over((run) => run.p99LatencyMs),
    utilisation: over((run) => run.utilisation),
  }
}

/** Fewer violations, then a lower normalised turnaround. */
function preferred(a: PolicyOutcome, b: PolicyOutcome): boolean {
  return (
    a.violationRate < b.violationRate || (a.violationRate === b.violationRate && a.antt < b.antt)
  )
}

/** The number that variants are compared by; smaller is better. */
function objectiveOf(
  scenario: Scenario,
  plans: readonly NetworkPlan[],
  best: PolicyOutcome,
): PlanResult['objective'] {
  const name = scenario.objective
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
