import { InfeasibleError } from '../../base/index.js'
import { hierarchical } from '../../cost/index.js'
import type { Run, SearchResult, UnevenMapping } from '../../model/index.js'
import { enumerateOrderings } from './enumerate-orderings.js'
import { searchEnergy, searchLabels, type LabelOptimum, type Step } from './label-search.js'
import { mappingOf } from './mapping-of.js'
import { orderingSpace, withLatency, type OrderingSpace } from './ordering-space.js'

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
// Looking at so many takes less time than making bounds of latency, which leave out nearly all of many ties.
const FEW_NODES = 2000
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
  const bare = orderingSpace(problem)
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
  const space = metric === 'energy' ? bare : withLatency(bare, options.latency)
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
    lowerBound: proven ? objective : search.floor.objective,
    status: proven ? 'optimal' : 'gap',
    evaluations,
    pruned: { dominated },
  }
}

interface Refined {
  readonly evaluations: number
  /** Nothing better was left out. */
  readonly complete: boolean
}

/**
 * Goes on from the mapping of least energy to the best by the metric, or to one of equal energy and fewer cycles. For
 * cycles and EDP the shortest path over the sums that bound latency comes first: its mapping is often the best, and its
 * bound proves it.
 */
function refine(
  space: OrderingSpace,
  search: Refinement,
  { metric, latency, nodes = DEFAULT_NODES }: OrderingOptions,
  run: Run,
): Refined {
  if (metric === 'energy') {
    // What a tile that slides costs is known when its mapping is complete: ties of energy are not worth looking for.
    if (space.slides !== undefined) return { evaluations: 0, complete: true }
    const few = enumerateOrderings(space, search, Math.min(nodes, FEW_NODES), run)
    const settled = few.complete || nodes <= FEW_NODES || run.cancelled()
    if (settled) return { evaluations: few.nodes, complete: few.complete }
    search.space = withLatency(space, latency)
    const all = enumerateOrderings(search.space, search, nodes, run)
    return { evaluations: few.nodes + all.nodes, complete: all.complete }
  }
  const sums = searchLabels(space, { metric, limit: search.limit }, run, nodes)
  const { evaluations } = sums
  if (sums.exhausted) return { evaluations, complete: true }
  search.raiseFloor(sums)
  if (sums.steps !== undefined) search.visit(sums.steps, sums.energyPj)
  const complete =
    sums.steps !== undefined && space.problem.conventions.latencyRule === 'busiest-port'
  if (complete || search.settled) return { evaluations, complete: true }
  const walked = enumerateOrderings(space, search, nodes, run)
  return { evaluations: evaluations + walked.nodes, complete: walked.complete }
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
  /** No mapping ranks before it. */
  floor: Ranked
  /** Gets bounds of latency once they are worth making. */
  space: OrderingSpace
  private readonly energyLimitPj: number
  private candidate: Candidate | undefined
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
    const objective = {
      energy: leastEnergyPj,
      cycles: leastCycles,
      edp: leastEnergyPj * leastCycles,
    }[this.metric]
    this.floor = { objective, energyPj: leastEnergyPj }
  }

  /** Takes over what a search of the sums that bound a mapping has proven. */
  raiseFloor({ steps, lowerBound, energyPj }: LabelOptimum): void {
    if (lowerBound < this.floor.objective) return
    const atLeastPj = steps !== undefined && this.metric === 'cycles' ? energyPj : 0
    this.floor = {
      objective: lowerBound,
      energyPj: Math.max(this.floor.energyPj, atLeastPj),
    }
  }

  get best(): Candidate {
    if (this.candidate === undefined) throw new Error('no mapping was visited')
    return this.candidate
  }

  /** No mapping has a smaller objective, or, of least energy, fewer cycles: the bound is met. */
  get closed(): boolean {
    if (this.metric === 'energy') return this.best.cycles <= this.space.leastCycles
    return this.best.objective <= this.floor.objective * SAME
  }

  /** Nor does one of equal objective rank before the best. */
  get settled(): boolean {
    return (
      this.closed && (this.metric !== 'cycles' || this.best.energyPj <= this.floor.energyPj * SAME)
    )
  }

  /** What a mapping has to be better than. */
  get limit(): Ranked {
    return precedes(this.best, this.below, this.metric) ? this.best : this.below
  }

  wants(energyPj: number, cycles: number): boolean {
    switch (this.metric) {
      case 'energy':
        return energyPj <= this.energyLimitPj && cycles < this.best.cycles
      case 'cycles':
        return precedes({ objective: cycles, energyPj }, this.limit, this.metric) && !this.settled
      case 'edp':
        return energyPj * cycles < this.limit.objective && !this.settled
    }
  }

  priority(energyPj: number, cycles: number): number {
    switch (this.metric) {
      case 'energy':
        return energyPj
      case 'cycles':
        return cycles
      case 'edp':
        return energyPj * cycles
    }
  }

  visit(steps: readonly Step[], leastPj: number): void {
    const mapping = mappingOf(this.space, steps)
    const { kernel, slides } = this.space
    kernel.load(mapping)
    kernel.evaluate()
    const energyPj = slides === undefined ? leastPj : kernel.energyPj[0]
    const [cycles] = kernel[this.latency]
    const objective = this.priority(energyPj, cycles)
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
