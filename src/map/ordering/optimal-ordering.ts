import { InfeasibleError } from '../../base/index.js'
import { hierarchical } from '../../cost/index.js'
import type { Run, SearchResult, UnevenMapping } from '../../model/index.js'
import { enumerateOrderings } from './enumerate-orderings.js'
import { searchEnergy, searchLabels, type Step } from './label-search.js'
import { mappingOf } from './mapping-of.js'
import { orderingSpace, type OrderingSpace } from './ordering-space.js'

export type OrderingMetric = 'energy' | 'cycles' | 'edp'

export interface OrderingOptions {
  readonly metric: OrderingMetric
  /** Which cycles count: with the last off-loading (default), or only with loading, as published figures do. */
  readonly latency?: 'totalCycles' | 'loadedCycles'
  /** Only mappings better than this one are of interest; then the search may end without one. */
  readonly below?: Ranked
  /** Partial mappings that ties and the metrics `cycles` and `edp` may look at; default 400 000. */
  readonly nodes?: number
}

/** What mappings are ranked by for cycles and the energy-delay product: of equal objectives, less energy is better. */
export interface Ranked {
  readonly objective: number
  readonly energyPj: number
}

/** A mapping with its cost. */
export interface OrderedMapping {
  readonly mapping: UnevenMapping
  readonly cost: hierarchical.HierarchicalCost
}

/** No mapping has an objective below the one asked for. */
export interface NothingBelow {
  readonly value: undefined
  readonly evaluations: number
  readonly pruned: Readonly<Record<string, number>>
}

const DEFAULT_NODES = 400_000
// Energies of equal mappings differ in the last digits, because their terms are added in another order.
const SAME = 1 + 1e-12

/**
 * The best temporal mapping of a layer with a given unrolling: every order of all prime factors of its loops, and every
 * cut of that order into the memories of each operand.
 *
 * `energy` is exact by shortest path (see `searchEnergy`); among mappings of equal energy the one with the fewest
 * cycles that the enumeration meets within its budget is taken, then the first one. `cycles` and `edp` are exact by
 * shortest path, too, where the busiest port decides (see `searchLabels`); else mappings are enumerated with bounds:
 * `optimal` when the enumeration ends or meets the bound, else `gap`. Of mappings of equal cycles (or EDP) the one of
 * least energy is taken: the very least, if the search came to its end.
 * @throws InfeasibleError naming the memory that is too small, and by how much
 */
export function optimalOrdering(
  problem: hierarchical.HierarchicalProblem,
  options: OrderingOptions & { readonly below?: undefined },
  run: Run,
): SearchResult<OrderedMapping>
export function optimalOrdering(
  problem: hierarchical.HierarchicalProblem,
  options: OrderingOptions,
  run: Run,
): SearchResult<OrderedMapping> | NothingBelow
export function optimalOrdering(
  problem: hierarchical.HierarchicalProblem,
  options: OrderingOptions,
  run: Run,
): SearchResult<OrderedMapping> | NothingBelow {
  const { metric, below } = options
  const bare = orderingSpace(problem, false, options.latency)
  const limitPj = energyLimit(bare, options)
  const optimum = searchEnergy(bare, run, limitPj)
  const { dominated } = optimum
  if (optimum.steps === undefined) {
    const { evaluations } = optimum
    if (!optimum.exhausted) throw new InfeasibleError(stoppedEarly())
    if (limitPj === Infinity) throw new InfeasibleError(sharedTooSmall(bare))
    return { value: undefined, evaluations, pruned: { dominated } }
  }
  // Ports bound latency; their tables are worth making only for a problem that is of interest.
  const space = metric === 'energy' ? bare : orderingSpace(problem, true, options.latency)
  const search = new Refinement(space, options, optimum.energyPj)
  search.visit(optimum.steps, optimum.energyPj)
  const refined = refine(space, search, options, run)
  const proven = metric === 'energy' || search.closed || refined.complete
  const evaluations = optimum.evaluations + refined.evaluations
  if (proven && below !== undefined && !precedes(search.best, below, metric)) {
    return { value: undefined, evaluations, pruned: { dominated } }
  }
  const { mapping, objective } = search.best
  return {
    value: { mapping, cost: hierarchical.evaluateMapping(problem, mapping) },
    objective,
    lowerBound: proven ? objective : refined.lowerBound,
    status: proven ? 'optimal' : 'gap',
    evaluations,
    pruned: { dominated },
  }
}

interface Refined {
  readonly evaluations: number
  readonly complete: boolean
  readonly lowerBound: number
}

/** Goes on from the mapping of least energy to the best by the metric, or to one of equal energy and fewer cycles. */
function refine(
  space: OrderingSpace,
  search: Refinement,
  { metric, nodes = DEFAULT_NODES }: OrderingOptions,
  run: Run,
): Refined {
  const { floor } = search
  if (metric !== 'energy' && space.problem.conventions.latencyRule === 'busiest-port') {
    const found = searchLabels(space, { metric, limit: search.limit }, run, nodes)
    if (found.steps !== undefined) search.visit(found.steps, found.energyPj)
    const complete = found.exhausted || found.steps !== undefined
    return {
      evaluations: found.evaluations,
      complete,
      lowerBound: Math.max(floor, found.lowerBound),
    }
  }
  // What a tile that slides costs is known when its mapping is complete: ties of energy are not worth looking for.
  if (metric === 'energy' && space.slides !== undefined) {
    return { evaluations: 0, complete: true, lowerBound: floor }
  }
  const walked = enumerateOrderings(space, search, nodes, run)
  return { evaluations: walked.nodes, complete: walked.complete, lowerBound: floor }
}

/** Energy from which on no mapping is of interest. */
function energyLimit(space: OrderingSpace, { metric, below }: OrderingOptions): number {
  if (below === undefined) return Infinity
  switch (metric) {
    case 'energy':
      return below.objective
    case 'cycles':
      if (space.leastCycles === below.objective) return below.energyPj
      return space.leastCycles < below.objective ? Infinity : 0
    case 'edp':
      return below.objective / space.leastCycles
  }
}

interface Candidate extends Ranked {
  readonly mapping: UnevenMapping
  readonly cycles: number
}

/** Keeps the best mapping seen and tells the enumeration what is still worth seeing. */
class Refinement {
  /** No mapping has a smaller objective. */
  readonly floor: number
  private readonly energyLimitPj: number
  private candidate: Candidate | undefined
  private readonly space: OrderingSpace
  private readonly metric: OrderingMetric
  private readonly latency: 'totalCycles' | 'loadedCycles'
  private readonly below: Ranked

  constructor(space: OrderingSpace, options: OrderingOptions, leastEnergyPj: number) {
    this.space = space
    this.metric = options.metric
    this.latency = options.latency ?? 'totalCycles'
    this.below = options.below ?? { objective: Infinity, energyPj: Infinity }
    this.energyLimitPj = leastEnergyPj * SAME
    const { leastCycles } = space
    this.floor = { energy: leastEnergyPj, cycles: leastCycles, edp: leastEnergyPj * leastCycles }[
      this.metric
    ]
  }

  get best(): Candidate {
    if (this.candidate === undefined) throw new Error('no mapping was visited')
    return this.candidate
  }

  /** Nothing can be better: the bound is met. */
  get closed(): boolean {
    if (this.metric === 'edp') return this.best.objective <= this.floor * SAME
    return this.best.cycles <= this.space.leastCycles
  }

  /** What a mapping has to be better than. */
  get limit(): Ranked {
    return precedes(this.best, this.below, this.metric) ? this.best : this.below
  }

  wants(energyPj: number, cycles: number): boolean {
    switch (this.metric) {
      case 'energy':
        return energyPj <= this.energyLimitPj && !this.closed
      case 'cycles':
        return precedes({ objective: cycles, energyPj }, this.limit, this.metric)
      case 'edp':
        return energyPj * cycles < this.limit.objective
    }
  }

  priority(energyPj: number, cycles: number): number {
    return { energy: energyPj, cycles, edp: energyPj * cycles }[this.metric]
  }

  visit(steps: readonly Step[], leastPj: number): void {
    const mapping = mappingOf(this.space, steps)
    const { kernel, slides } = this.space
    kernel.load(mapping)
    kernel.evaluate()
    const energyPj = slides === undefined ? leastPj : kernel.energyPj
    const cycles = kernel[this.latency]
    const objective = { energy: energyPj, cycles, edp: energyPj * cycles }[this.metric]
    const fresh: Candidate = { mapping, objective, energyPj, cycles }
    if (this.candidate === undefined || better(fresh, this.candidate, this.metric)) {
      this.candidate = fresh
    }
  }
}

/** For energy, fewer cycles decide between equal ones. */
function better(a: Candidate, b: Candidate, metric: OrderingMetric): boolean {
  if (metric !== 'energy') return precedes(a, b, metric)
  if (a.energyPj > b.energyPj * SAME) return false
  return a.energyPj * SAME < b.energyPj || a.cycles < b.cycles
}

/** Whether a mapping ranks before another one. */
export function precedes(a: Ranked, b: Ranked, metric: OrderingMetric): boolean {
  if (metric === 'energy') return a.objective * SAME < b.objective
  return (
    a.objective < b.objective || (a.objective === b.objective && a.energyPj * SAME < b.energyPj)
  )
}

function sharedTooSmall({ problem }: OrderingSpace) {
  const names = problem.accelerator.memories
    .filter((memory) => memory.operands.length > 1)
    .map((memory) => `"${memory.name}"`)
  return {
    code: 'E-MAP-111',
    message: `no loop order leaves room for all operands of layer "${problem.layer.name}" in the memories they share (${names.join(', ')})`,
    hint: 'partial sums need the width of partialOutput where loops that accumulate stay above',
  }
}

function stoppedEarly() {
  return { code: 'E-MAP-112', message: 'the search was stopped before it had found a mapping' }
}
