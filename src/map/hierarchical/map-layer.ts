import {
  evaluateMapping,
  hierarchicalProblem,
  type HierarchicalConventions,
  type HierarchicalCost,
  type HierarchicalProblem,
} from '../../cost/hierarchical/index.js'
import { InfeasibleError } from '../../base/index.js'
import type {
  HierarchicalAccelerator,
  Layer,
  Run,
  SearchResult,
  SpatialUnrolling,
  UnevenMapping,
} from '../../model/index.js'
import { unrollingOf } from '../../model/index.js'
import { optimalOrdering } from '../ordering/index.js'
import { loma } from './loma.js'
import { salsa } from './salsa.js'
import { spatialCandidates } from './spatial-candidates.js'

/** Searches of loop orders, by the name that `--search` takes. */
export const orderingSearches = ['optimal', 'loma', 'salsa'] as const
export type OrderingSearch = (typeof orderingSearches)[number]

/** What is searched for one layer. */
export interface HierarchicalSearch {
  readonly search: OrderingSearch
  readonly metric: 'energy' | 'cycles' | 'edp'
  /** Loops that LOMA orders. */
  readonly lpfLimit: number
  /** Unrollings to try: the layer's own alone, or so many candidates. */
  readonly spatial: 'given' | number
  readonly conventions: HierarchicalConventions
}

/** A mapping that the search returns, with its cost. */
export interface HierarchicalMapping {
  readonly mapping: UnevenMapping
  readonly cost: HierarchicalCost
  readonly problem: HierarchicalProblem
}

/**
 * The best mapping of one layer on a hierarchical accelerator, over loop orders and, when asked for, unrollings.
 * `optimal` is proven for the unrollings tried.
 * @throws InfeasibleError when the layer fits under none of them
 */
export function mapHierarchicalLayer(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  search: HierarchicalSearch,
  run: Run,
): SearchResult<HierarchicalMapping> {
  const { conventions, spatial } = search
  const unrollings =
    spatial === 'given'
      ? [unrollingOf(layer, accelerator)]
      : spatialCandidates(layer, accelerator, conventions, spatial)
  let best: SearchResult<HierarchicalMapping> | undefined
  let reason: unknown
  let evaluations = 0
  let lowerBound = Infinity
  let proven = true
  const pruned: Record<string, number> = {}
  for (const unrolling of unrollings) {
    if (best !== undefined && run.cancelled()) {
      proven = false
      break
    }
    const found = attempt(layer, accelerator, unrolling, search, run)
    if (found instanceof InfeasibleError) {
      reason ??= found
      continue
    }
    evaluations += found.evaluations
    lowerBound = Math.min(lowerBound, found.lowerBound)
    if (found.status !== 'optimal') proven = false
    for (const [rule, count] of Object.entries(found.pruned)) {
      pruned[rule] = (pruned[rule] ?? 0) + count
    }
    if (best === undefined || found.objective < best.objective) best = found
  }
  if (best === undefined) throw reason
  const status = proven ? 'optimal' : search.search === 'optimal' ? 'gap' : 'heuristic'
  return { ...best, evaluations, pruned, status, lowerBound: proven ? best.objective : lowerBound }
}

function attempt(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  unrolling: SpatialUnrolling,
  { search, metric, lpfLimit, conventions }: HierarchicalSearch,
  run: Run,
): SearchResult<HierarchicalMapping> | InfeasibleError {
  const problem = hierarchicalProblem(layer, accelerator, unrolling, conventions)
  const objective = metric === 'cycles' ? 'latency' : metric
  try {
    if (search === 'optimal') {
      const latency =
        conventions.layerLatency === 'with-off-loading' ? 'totalCycles' : 'loadedCycles'
      const found = optimalOrdering(problem, { metric, latency }, run)
      return { ...found, value: { ...found.value, problem } }
    }
    const found =
      search === 'loma'
        ? loma(problem, { lpfLimit, objective }, run)
        : salsa(problem, { objective }, run)
    const cost = evaluateMapping(problem, found.value)
    return { ...found, value: { mapping: found.value, cost, problem } }
  } catch (error) {
    if (error instanceof InfeasibleError) return error
    throw error
  }
}
