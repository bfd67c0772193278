import { InfeasibleError, type Diagnostic } from '../base/index.js'
import {
  evaluateMapping,
  type HierarchicalCost,
  type HierarchicalProblem,
} from '../cost/hierarchical/index.js'
import { loma } from '../map/hierarchical/index.js'
import { optimalOrdering } from '../map/ordering/index.js'
import { quietRun, type UnevenMapping } from '../model/index.js'
import type { LayerSearch } from './fuse-setting.js'
import type { Objective } from './objective.js'

/** A mapping, or the reason why there is none. */
export type FoundMapping =
  | {
      readonly mapping: UnevenMapping
      readonly cost: HierarchicalCost
      readonly evaluations: number
      /** Whether no mapping of the problem is better. */
      readonly proven: boolean
    }
  | { readonly mapping?: undefined; readonly evaluations: number; readonly reason: Diagnostic }

/**
 * Maps one layer with the wanted search; cycles are those with loading, as everywhere in `fuse`.
 * @param hurries whether the first mapping of least energy will do; may become true on the way
 */
export function searchMapping(
  problem: HierarchicalProblem,
  search: LayerSearch,
  objective: Objective,
  hurries: () => boolean,
): FoundMapping {
  const isQuick = hurries()
  try {
    if (search.kind === 'loma') {
      const { value, evaluations } = loma(problem, { lpfLimit: search.lpfLimit, objective })
      return { mapping: value, cost: evaluateMapping(problem, value), evaluations, proven: false }
    }
    const metric = isQuick ? 'energy' : objective === 'latency' ? 'cycles' : objective
    const { value, evaluations, status } = optimalOrdering(
      problem,
      { metric, latency: 'loadedCycles', ...(isQuick ? { nodes: 1 } : {}) },
      isQuick ? quietRun : { ...quietRun, cancelled: hurries },
    )
    return { ...value, evaluations, proven: !isQuick && status === 'optimal' }
  } catch (error) {
    if (!(error instanceof InfeasibleError)) throw error
    // Stopped before it had found a mapping: that is not to say that there is none.
    if (hurries() && !isQuick) return searchMapping(problem, search, objective, hurries)
    return { evaluations: 0, reason: error.diagnostics[0] }
  }
}
