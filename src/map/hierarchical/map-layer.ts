import {
  evaluateMapping,
  hierarchicalProblem,
  type HierarchicalConventions,
  type HierarchicalCost,
  type HierarchicalProblem,
} from '../../cost/hierarchical/index.js'
import { InfeasibleError } from '../../base/index.js'
import type {
  Bypass,
  HierarchicalAccelerator,
  Layer,
  Run,
  SearchResult,
  SpatialUnrolling,
  UnevenMapping,
} from '../../model/index.js'
import { bypassing, unrollingOf } from '../../model/index.js'
import { optimalOrdering, precedes, type NothingBelow, type Ranked } from '../ordering/index.js'
import { bypassCandidates, type BypassChoice } from './bypass-candidates.js'
import { leastEnergyVariant } from './least-energy-variant.js'
import { loma } from './loma.js'
import { salsa } from './salsa.js'
import { spatialCandidates } from './spatial-candidates.js'
import { unrollings } from './unrollings.js'
import { boundedVariants, type Variant } from './variant-floors.js'

/** Searches of loop orders, by the name that `--search` takes. */
export const orderingSearches = ['optimal', 'loma', 'salsa'] as const
export type OrderingSearch = (typeof orderingSearches)[number]

/** What is searched for one layer. */
export interface HierarchicalSearch {
  readonly search: OrderingSearch
  readonly metric: 'energy' | 'cycles' | 'edp'
  /** Loops that LOMA orders. */
  readonly lpfLimit: number
  /** Unrollings to try: the layer's own alone, so many candidates, or these. */
  readonly spatial: 'given' | number | readonly SpatialUnrolling[]
  /**
   * Least energy is searched on, beyond so many candidates, as long as those searched have fewer multisets of loops than
   * this all together; default 5 000 000.
   */
  readonly states?: number
  /** Memories that operands may pass by: those the accelerator names (default), or any. */
  readonly bypass?: BypassChoice
  readonly conventions: HierarchicalConventions
}

const DEFAULT_STATES = 5_000_000

/** A mapping that the search returns, with its cost. */
export interface HierarchicalMapping {
  readonly mapping: UnevenMapping
  readonly cost: HierarchicalCost
  readonly problem: HierarchicalProblem
}

/**
 * The best mapping of one layer on a hierarchical accelerator, over loop orders, the ways in which operands may bypass
 * memories and, when asked for, unrollings. Least energy is proven for all unrollings (`gap` where their bounds leave
 * some open), the other metrics for those tried.
 * @throws InfeasibleError when the layer fits under none of them
 */
export function mapHierarchicalLayer(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  search: HierarchicalSearch,
  run: Run,
): SearchResult<HierarchicalMapping> {
  const { conventions, spatial } = search
  const bypasses = bypassCandidates(layer, accelerator, search.bypass ?? 'given')
  const wanted = spatial === 'given' ? [unrollingOf(layer, accelerator)] : spatial
  if (search.search === 'optimal' && search.metric === 'energy') {
    const spread = typeof wanted === 'number' ? unrollings(layer, accelerator) : wanted
    if (spread.length * bypasses.length > 1) {
      return leastEnergy(layer, accelerator, spread, bypasses, search, run)
    }
  }
  const spread =
    typeof wanted === 'number' ? spatialCandidates(layer, accelerator, conventions, wanted) : wanted
  const variants = spread.flatMap((unrolling) =>
    bypasses.map((bypass): Variant => ({ unrolling, bypass })),
  )
  let best: SearchResult<HierarchicalMapping> | undefined
  let reason: unknown
  let evaluations = 0
  let lowerBound = Infinity
  let unproven = Infinity
  const pruned: Record<string, number> = {}
  for (const variant of variants) {
    if (best !== undefined && run.cancelled()) {
      unproven = 0
      break
    }
    const found = attempt(layer, accelerator, variant, search, run, best && rankOf(best))
    if (found instanceof InfeasibleError) {
      reason ??= found
      if (run.cancelled()) unproven = 0
      continue
    }
    evaluations += found.evaluations
    for (const [rule, count] of Object.entries(found.pruned)) {
      pruned[rule] = (pruned[rule] ?? 0) + count
    }
    if (found.value === undefined) continue
    lowerBound = Math.min(lowerBound, found.lowerBound)
    if (found.status !== 'optimal') unproven = Math.min(unproven, found.lowerBound)
    if (best === undefined || precedes(rankOf(found), rankOf(best), search.metric)) best = found
  }
  if (best === undefined) throw reason
  // A gap of another variant is none of this one's when its bound is no better.
  const proven = unproven >= best.objective
  const status = proven ? 'optimal' : search.search === 'optimal' ? 'gap' : 'heuristic'
  return {
    ...best,
    evaluations,
    pruned,
    status,
    lowerBound: proven ? best.objective : Math.min(lowerBound, unproven),
  }
}

function rankOf({ objective, value }: SearchResult<HierarchicalMapping>): Ranked {
  return { objective, energyPj: value.cost.energyPj }
}

function leastEnergy(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  spread: readonly SpatialUnrolling[],
  bypasses: readonly Bypass[],
  search: HierarchicalSearch,
  run: Run,
): SearchResult<HierarchicalMapping> {
  const { conventions, spatial } = search
  const variants = boundedVariants(layer, accelerator, spread, bypasses, conventions)
  const budget = {
    variants: typeof spatial === 'number' ? spatial * bypasses.length : Infinity,
    states: search.states ?? DEFAULT_STATES,
  }
  const least = leastEnergyVariant(layer, accelerator, variants, conventions, budget, run)
  const found = attempt(layer, accelerator, least.variant, search, run, undefined)
  if (found instanceof InfeasibleError) throw found
  if (found.value === undefined) throw new Error('a mapping was found before')
  return {
    ...found,
    lowerBound: Math.min(found.lowerBound, least.lowerBoundPj),
    status: least.proven ? found.status : 'gap',
    evaluations: found.evaluations + least.evaluations,
    pruned: least.pruned,
  }
}

function attempt(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  { unrolling, bypass }: Variant,
  { search, metric, lpfLimit, conventions }: HierarchicalSearch,
  run: Run,
  below: Ranked | undefined,
): SearchResult<HierarchicalMapping> | NothingBelow | InfeasibleError {
  const seen = bypassing(accelerator, bypass)
  const problem = hierarchicalProblem(layer, seen, unrolling, conventions)
  const chosen = (mapping: UnevenMapping): UnevenMapping =>
    Object.keys(bypass).length === 0 ? mapping : Object.freeze({ ...mapping, bypass })
  const objective = metric === 'cycles' ? 'latency' : metric
  try {
    if (search === 'optimal') {
      const latency =
        conventions.layerLatency === 'with-off-loading' ? 'totalCycles' : 'loadedCycles'
      const limit = below === undefined ? {} : { below }
      const found = optimalOrdering(problem, { metric, latency, ...limit }, run)
      if (found.value === undefined) return found
      const { mapping, cost } = found.value
      return { ...found, value: { mapping: chosen(mapping), cost, problem } }
    }
    const found =
      search === 'loma'
        ? loma(problem, { lpfLimit, objective }, run)
        : salsa(problem, { objective }, run)
    const cost = evaluateMapping(problem, found.value)
    return { ...found, value: { mapping: chosen(found.value), cost, problem } }
  } catch (error) {
    if (error instanceof InfeasibleError) return error
    throw error
  }
}
