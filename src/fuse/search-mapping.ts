import { InfeasibleError, type Diagnostic } from '../base/index.js'
import type { HierarchicalProblem } from '../cost/hierarchical/index.js'
import { loma } from '../map/hierarchical/index.js'
import type { UnevenMapping } from '../model/index.js'
import type { LayerSearch } from './fuse-setting.js'
import type { Objective } from './objective.js'

/** A mapping, or the reason why there is none. */
export type FoundMapping =
  | { readonly mapping: UnevenMapping; readonly evaluations: number }
  | { readonly mapping?: undefined; readonly evaluations: number; readonly reason: Diagnostic }

/** Maps one layer with the wanted search. */
export function searchMapping(
  problem: HierarchicalProblem,
  search: LayerSearch,
  objective: Objective,
): FoundMapping {
  try {
    const { value, evaluations } = loma(problem, { lpfLimit: search.lpfLimit, objective })
    return { mapping: value, evaluations }
  } catch (error) {
    if (!(error instanceof InfeasibleError)) throw error
    return { evaluations: 0, reason: error.diagnostics[0] }
  }
}
