import { InfeasibleError } from '../base/index.js'
import type { HierarchicalProblem } from '../cost/hierarchical/index.js'
import { orderingSpace, searchEnergy, withLatency } from '../map/ordering/index.js'
import { quietRun } from '../model/index.js'
import type { MappedLayer } from './layer-problem.js'
import type { Objective } from './objective.js'

/** What no mapping of a layer goes below, and how many partial mappings were looked at to know it. */
export interface MappingBound {
  /** Undefined: the layer has no mapping. */
  readonly bound?: MappedLayer
  readonly evaluations: number
}

/**
 * The least energy of any mapping of a layer, exact by shortest path, and cycles that none goes below. Where energy is
 * the objective this is the energy of the solution, without the search for the fewest cycles among its ties.
 */
export function boundMapping(problem: HierarchicalProblem, objective: Objective): MappingBound {
  try {
    const space = orderingSpace(problem)
    const { energyPj, steps, evaluations } = searchEnergy(space, quietRun)
    if (steps === undefined) return { evaluations }
    const timed = objective === 'energy' ? space : withLatency(space, 'loadedCycles')
    return {
      bound: { kind: 'solved', energyPj, latencyCycles: timed.leastCycles },
      evaluations,
    }
  } catch (error) {
    if (!(error instanceof InfeasibleError)) throw error
    return { evaluations: 0 }
  }
}
