import type { Scenario, SearchStatus } from '../model/index.js'
import type { CostOrigin } from './network-costs.js'
import type { ServeStepOutput } from './serve-step.js'

/** One operation as placed. */
export interface PlannedOperation {
  readonly name: string
  readonly type: string
  readonly core: string
  readonly coreId: number
  readonly startUs: number
  readonly endUs: number
  readonly energyPj: number
  /** How its cost is known: the search status of its mapping, a depth-first stack, or the ceilings of its core. */
  readonly mapping: CostOrigin
}

/** A depth-first stack as it runs. */
export interface PlannedStack {
  readonly layers: readonly string[]
  /** Kind of core. */
  readonly core: string
  /** What neighbouring tiles share; a stack whose feature maps all fit may run in one piece. */
  readonly mode: string
  readonly tileX: number
  readonly tileY: number
  readonly latencyUs: number
  readonly energyPj: number
  /** The same layers one by one on the same core. */
  readonly aloneLatencyUs: number
  readonly aloneEnergyPj: number
}

/** One network placed alone on the chip, or on one of the equal parts that requests are served on. */
export interface NetworkPlan {
  readonly name: string
  readonly operations: readonly PlannedOperation[]
  /** Energy of one inference: the sum over its operations. */
  readonly energyPj: number
  readonly makespanUs: number
  readonly lowerBoundUs: number
  readonly status: SearchStatus
  readonly method: string
  /** `layer by layer`, or whose stacks its operations are. */
  readonly way: string
  /** Every way that was placed; the better one by the scenario's objective was kept. */
  readonly tried: readonly {
    readonly way: string
    readonly makespanUs: number
    readonly energyPj: number
  }[]
  readonly stacks: readonly PlannedStack[]
  /** Time allowed per request. */
  readonly sloUs: number
  readonly ratePerS: number
  /** Where the densities of its samples come from, when they are measured. */
  readonly densities: string | null
  readonly assumptions: readonly string[]
}

/** How much of a kind of core the asked request rates take. */
export interface CoreLoad {
  readonly core: string
  readonly count: number
  /** Busy fraction when every request is served: above 1 nothing can keep up. */
  readonly load: number
  /** Share of that load per network. */
  readonly networks: readonly { readonly name: string; readonly load: number }[]
}

/** What a policy achieved, averaged over the seeds. */
export interface PolicyOutcome {
  readonly policy: string
  readonly requests: number
  readonly antt: number
  readonly violationRate: number
  /** Half width of the 95 % confidence interval over seeds. */
  readonly violationRate95: number
  readonly meanLatencyMs: number
  readonly p99LatencyMs: number
  readonly utilisation: number
  /** The same for the requests of each network. */
  readonly networks: readonly {
    readonly name: string
    readonly requests: number
    readonly violationRate: number
    readonly p99LatencyMs: number
  }[]
}

/** Everything a plan found out, level by level. */
export interface PlanResult {
  readonly scenario: Scenario
  /** Distinct loop nests mapped, over all kinds of core, and how many of them are proven optimal. */
  readonly layers: {
    readonly problems: number
    readonly optimal: number
    readonly infeasible: number
  }
  readonly networks: readonly NetworkPlan[]
  /** One input of every network at the same time. */
  readonly together: {
    readonly makespanUs: number
    readonly lowerBoundUs: number
    readonly operations: readonly (PlannedOperation & { readonly network: string })[]
  }
  readonly loads: readonly CoreLoad[]
  /** Fraction of time that the chip, or its parts, are taken when each serves one request at a time. */
  readonly chipLoad: number
  /** Energy per second at the asked rates, watts. */
  readonly powerW: number
  readonly policies: readonly PolicyOutcome[]
  readonly best: PolicyOutcome
  readonly runs: readonly ServeStepOutput[]
  /** Sentences: what limits the scenario. */
  readonly limits: readonly string[]
  readonly objective: {
    readonly name: Scenario['objective']
    readonly value: number
    readonly unit: string
  }
}
