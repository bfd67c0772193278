import type { RequestStream, Run } from '../model/index.js'
import { knowledgeOf } from './knowledge.js'
import type { Policy, PolicySettings } from './policy.js'
import { predictors, type Predictor } from './predictors/index.js'
import { createQueueState } from './queue-state.js'
import { runByChoice } from './run-by-choice.js'
import { runByKey } from './run-by-key.js'
import { Recorder, type Simulation } from './simulation.js'
import type { ServeTables } from './tables.js'

export interface SimulateOptions extends Pick<PolicySettings, 'alpha' | 'beta' | 'hardwareFormat'> {
  /** Instead of the policy's own. */
  readonly predictor?: Predictor
  /** Remember who ran when. */
  readonly segments?: boolean
  /** Remember this many decisions; forces a decision before every layer. */
  readonly logDecisions?: number
}

/**
 * Serves a stream on one accelerator: layers are never interrupted, a policy may switch between them for free
 * (specification §4). Deterministic; draws no random numbers.
 * @returns undefined when the run was cancelled
 */
export function simulate(
  stream: RequestStream,
  tables: ServeTables,
  policy: Policy,
  options: SimulateOptions,
  run: Run,
): Simulation | undefined {
  const predictor = options.predictor ?? predictors[policy.predictor]
  const knowledge = knowledgeOf(tables, policy.knows, predictor)
  const queue = createQueueState(stream, tables, knowledge, policy.knows)
  const log = options.logDecisions ?? 0
  const { conventions } = tables
  const chooser = policy.start(queue, { ...options, conventions, explained: log > 0 })
  const recorder = options.segments || log > 0 ? new Recorder(log) : undefined
  return chooser.kind === 'key' && policy.keyChanges !== 'with-time' && log === 0
    ? runByKey(queue, policy, chooser, run, recorder)
    : runByChoice(queue, policy, chooser, run, recorder)
}
