import type { Network, Scenario, ScenarioNetwork, Trace } from '../model/index.js'
import type { ResolvedCore } from './chip.js'

/** A network of the scenario, read. */
export interface ResolvedNetwork {
  readonly settings: ScenarioNetwork
  readonly network: Network
  /** Probability that a request of the network at the head of its cascade leads to one of this network. */
  readonly frequency: number
  /** Sparsity measured per sample and layer, where the scenario names a trace. */
  readonly trace?: MatchedTrace
}

/** A trace whose layers have been found in the network. */
export interface MatchedTrace {
  readonly trace: Trace
  /** Layer of the trace by node of the network. */
  readonly layerOfNode: ReadonlyMap<number, number>
}

/** A scenario whose names have been read. */
export interface PlanInput {
  readonly scenario: Scenario
  readonly networks: readonly ResolvedNetwork[]
  readonly cores: readonly ResolvedCore[]
  readonly seed: number
  /** Policy of `place`. */
  readonly placePolicy: string
}
