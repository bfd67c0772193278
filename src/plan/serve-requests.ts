import { confidence95, mean } from '../base/index.js'
import type { Scenario } from '../model/index.js'
import type { OperationDensities } from './density-samples.js'
import type { PlacedNetwork } from './place-networks.js'
import type { NetworkPlan, PolicyOutcome } from './plan-result.js'
import { planTrace } from './plan-trace.js'
import type { ServeStepInput, ServeStepOutput } from './serve-step.js'
import type { StepRunner } from './steps.js'

// The timeline of the report shows the first segments only.
const SHOWN_SEGMENTS = 400

/** Level 4: all policies on the same streams, one per seed. */
export async function serveRequests(
  scenario: Scenario,
  placed: readonly PlacedNetwork[],
  densities: readonly OperationDensities[],
  plans: readonly NetworkPlan[],
  seed: number,
  runner: StepRunner,
): Promise<readonly ServeStepOutput[]> {
  const kinds = scenario.chip.cores.map(({ name }) => name)
  const traces = placed.map(({ costs, placed: { schedule } }, n) => {
    const trace = planTrace(plans[n].name, costs, kinds, schedule, densities[n])
    const { latencyS, sparsity, name, sampleCount, layerCount } = trace
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

/** What a policy achieved over all seeds. */
export function outcomeOf(policy: string, runs: readonly ServeStepOutput[]): PolicyOutcome {
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
    networks: (own[0]?.networks ?? []).map(({ name }, n) => ({
      name,
      requests: own.reduce((sum, run) => sum + run.networks[n].requests, 0),
      // A network of few requests may have none in one of the streams.
      violationRate: weighted(own, n, (each) => each.violationRate),
      p99LatencyMs: weighted(own, n, (each) => each.p99LatencyMs),
    })),
  }
}

/** Mean over the seeds in which the network has requests, each request counting once. */
function weighted(
  runs: readonly ServeStepOutput[],
  n: number,
  pick: (each: ServeStepOutput['networks'][number]) => number,
): number {
  const present = runs.map((run) => run.networks[n]).filter((each) => each.requests > 0)
  const requests = present.reduce((sum, each) => sum + each.requests, 0)
  return present.reduce((sum, each) => sum + (pick(each) * each.requests) / requests, 0)
}

/** Fewer violations, then a lower normalised turnaround. */
export function bestPolicy(policies: readonly PolicyOutcome[]): PolicyOutcome {
  return policies.reduce((a, b) =>
    b.violationRate < a.violationRate || (b.violationRate === a.violationRate && b.antt < a.antt)
      ? b
      : a,
  )
}
