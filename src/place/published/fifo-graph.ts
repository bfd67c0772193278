import { InputError } from '../../base/index.js'
import type { PlaceRequest } from '../problem.js'
import { compileProblem } from '../compile-problem.js'
import type { FifoGraph } from './self-timed.js'

/**
 * A request of one network as the published ordering step sees it; one input, without transfers, memory or releases.
 * @throws InputError for several networks; as {@link compileProblem} otherwise
 */
export function fifoGraphOf(request: PlaceRequest): FifoGraph {
  if (request.applications.length !== 1) {
    throw new InputError({
      code: 'E-PLACE-004',
      message: 'the published policies place one network at a time',
      hint: 'use --policy auto for several networks',
    })
  }
  const [application] = request.applications
  const p = compileProblem({ ...request, applications: [{ graph: application.graph, inputs: 1 }] })
  return {
    ops: p.tasks,
    kinds: p.kindNames,
    timeUs: p.timeUs,
    predCount: Int32Array.from({ length: p.tasks }, (_, t) => p.predStart[t + 1] - p.predStart[t]),
    succStart: p.succStart,
    succ: p.succ,
  }
}
