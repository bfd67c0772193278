import { InfeasibleError, type Diagnostic } from '../base/index.js'
import type { HierarchicalProblem } from '../cost/hierarchical/index.js'
import { loma } from '../map/hierarchical/index.js'
import { optimalOrdering } from '../map/ordering/index.js'
import { quietRun, type UnevenMapping } from '../model/index.js'
import type { LayerSearch } from './fuse-setting.js'
import type { Objective } from './objective.js'

/** A mapping, or the reason why there is none. */
export type FoundMapping =
  | {
      readonly mapping: UnevenMapping
      readonly evaluations: number
      /** Whether no mapping of the problem is better. */
      readonly proven: boolean
    }
  | { readonly mapping?: undefined; readonly evaluations: number; readonly reason: Diagnostic }

/**
 * Maps one layer with the wanted search; cycles are those with loading, as everywhere in `fuse`.
 * @param hurries whether to take the first mapping of least energy
 */
export function searchMapping(
  problem: HierarchicalProblem,
  search: LayerSearch,
  objective: Objective,
  hurries: boolean,
): FoundMapping {
  try {
    if (search.kind === 'loma') {
      const { value, evaluations } = loma(problem, { lpfLimit: search.lpfLimit, objective })
      return { mapping: value, evaluations, proven: false }
    }
    const { value, evaluations, status } = optimalOrdering(
      problem,
      {
        metric: objective === 'latency' ? 'cycles' : objective,
        latency: 'loadedCycles',
        ...(hurries ? { nodes: 1 } : {}),
      },
      quietRun,
    )
    return { mapping: value.mapping, evaluations, proven: status === 'optimal' }
  } catch (error) {
    if (!(error instanceof InfeasibleError)) throw error
    return { evaluations: 0, reason: error.diagnostics[0] }
  }
}
