import type { HierarchicalProblem } from '../../cost/hierarchical/index.js'
import { quietRun, type Run, type SearchResult, type UnevenMapping } from '../../model/index.js'
import { loopFactors } from './loop-factors.js'
import { orderingCount, Orderings } from './orderings.js'
import { OrderingProblem, trivialBound, type OrderingObjective } from './ordering-problem.js'

export interface LomaOptions {
  /** Most loops to order; more are merged. Default 6, as published. */
  readonly lpfLimit?: number
  readonly objective?: OrderingObjective
}

/** What the search went through, beside what every search tells. */
export interface LomaResult extends SearchResult<UnevenMapping> {
  /** Distinct orderings of the loops; `evaluations` of them fitted. */
  readonly orderings: number
}

/**
 * Tries every ordering of the loop factors, places each bottom-up, and keeps the first of the cheapest (LOMA, Symons
 * et al. 2021; specification §8).
 * @throws InfeasibleError when no ordering fits
 */
export function loma(
  problem: HierarchicalProblem,
  { lpfLimit = 6, objective = 'energy' }: LomaOptions = {},
  run: Run = quietRun,
): LomaResult {
  const factors = loopFactors(problem.temporal, lpfLimit)
  const search = new OrderingProblem(problem, factors, objective)
  const total = orderingCount(search.ranks)
  const orderings = new Orderings(search.ranks)
  let best = Infinity
  let mapping: UnevenMapping | undefined
  let evaluations = 0
  let visited = 0
  do {
    visited++
    const value = search.evaluate(orderings.current)
    if (value < Infinity) evaluations++
    if (value < best) {
      best = value
      mapping = search.mapping()
    }
    if (visited % 4096 === 0) {
      run.progress({ fraction: visited / total, message: `${visited} of ${total} loop orders` })
      if (run.cancelled()) break
    }
  } while (orderings.next())
  if (mapping === undefined) throw search.infeasible()
  return {
    value: mapping,
    objective: best,
    lowerBound: trivialBound(problem, objective),
    status: 'heuristic',
    evaluations,
    pruned: { 'does not fit': visited - evaluations },
    orderings: total,
  }
}
