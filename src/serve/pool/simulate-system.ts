import type { RequestStream, Run } from '../../model/index.js'
import { knowledgeOf } from '../knowledge.js'
import type { Policy } from '../policy.js'
import { predictors } from '../predictors/index.js'
import { createQueueState } from '../queue-state.js'
import { simulate, type SimulateOptions } from '../simulate.js'
import { Recorder, type Simulation } from '../simulation.js'
import type { ServeTables } from '../tables.js'
import { runPool } from './run-pool.js'
import { isPublishedModel, type ServeSystem } from './serve-system.js'

/**
 * Serves a stream on any system: the published model on the fast cores, everything else (several accelerators,
 * costs of preemption, cascades, admission control) event by event.
 * @returns undefined when cancelled
 */
export function simulateSystem(
  stream: RequestStream,
  tables: ServeTables,
  policy: Policy,
  system: ServeSystem,
  options: SimulateOptions,
  run: Run,
): Simulation | undefined {
  if (isPublishedModel(system) && stream.parent === undefined)
    return simulate(stream, tables, policy, options, run)
  const knowledge = knowledgeOf(
    tables,
    policy.knows,
    options.predictor ?? predictors[policy.predictor],
  )
  const queue = createQueueState(stream, tables, knowledge, policy.knows)
  const settings = { ...options, conventions: tables.conventions }
  const recorder = options.segments ? new Recorder() : undefined
  return runPool(queue, system, (view) => policy.start(view, settings), run, recorder)
}
