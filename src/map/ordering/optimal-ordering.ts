import { InfeasibleError } from '../../base/index.js'
import { hierarchical } from '../../cost/index.js'
import type { Run, SearchResult, UnevenMapping } from '../../model/index.js'
import { enumerateOrderings } from './enumerate-orderings.js'
import { searchEnergy, type Step } from './energy-search.js'
import { mappingOf } from './mapping-of.js'
import { orderingSpace, type OrderingSpace } from './ordering-space.js'

export type OrderingMetric = 'energy' | 'cycles' | 'edp'

export interface OrderingOptions {
  readonly metric: OrderingMetric
  /** Which cycles count: with the last off-loading (default), or only with loading, as published figures do. */
  readonly latency?: 'totalCycles' | 'loadedCycles'
  /** Only mappings of a smaller objective are of interest; then the search may end without one. */
  readonly below?: number
  /** Partial mappings that ties and the metrics `cycles` and `edp` may look at; default 400 000. */
  readonly nodes?: number
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
 * cycles that the enumeration meets within its budget is taken, then the first one. `cycles` and `edp` are enumerated
 * with bounds: `optimal` when the enumeration ends or meets the bound, else `gap`.
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
  const bare = orderingSpace(problem, false, options.latency)
  const limitPj = energyLimit(bare, options)
  const optimum = searchEnergy(bare, run, limitPj)
  const { evaluations, dominated } = optimum
  if (optimum.steps === undefined) {
    if (optimum.lowerBoundPj < limitPj) throw new InfeasibleError(stoppedEarly())
    if (limitPj === Infinity) throw new InfeasibleError(sharedTooSmall(bare))
    return { value: undefined, evaluations, pruned: { dominated } }
  }
  // Ports bound latency; their tables are worth making only for a problem that is of interest.
  const space = options.metric === 'energy' ? bare : orderingSpace(problem, true, options.latency)
  const search = new Refinement(space, options, optimum.energyPj)
  search.visit(optimum.steps, optimum.energyPj)
  const nodes = options.nodes ?? DEFAULT_NODES
  // The enumeration knows whole tiles only: where halos slide, the mapping of least energy is the answer.
  const walked =
    space.slides === undefined ? enumerateOrderings(space, search, nodes, run) : undefined
  const proven = options.metric === 'energy' || search.closed || walked?.complete === true
  const objective = search.best.objective
  const { mapping } = search.best
  return {
    value: { mapping, cost: hierarchical.evaluateMapping(problem, mapping) },
    objective,
    lowerBound: proven ? objective : search.floor,
    status: proven ? 'optimal' : 'gap',
    evaluations: evaluations + (walked?.nodes ?? 0),
    pruned: { dominated },
  }
}

/** Energy from which on no mapping is of interest. */
function energyLimit(space: OrderingSpace, { metric, below = Infinity }: OrderingOptions): number {
  switch (metric) {
    case 'energy':
      return below
    case 'cycles':
      return space.leastCycles < below ? Infinity : 0
    case 'edp':
      return below / space.leastCycles
  }
}

interface Candidate {
  readonly mapping: UnevenMapping
  readonly objective: number
  /** Second and third criterion. */
  readonly energyPj: number
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

  constructor(space: OrderingSpace, options: OrderingOptions, leastEnergyPj: number) {
    this.space = space
    this.metric = options.metric
    this.latency = options.latency ?? 'totalCycles'
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

  wants(energyPj: number, cycles: number): boolean {
    switch (this.metric) {
      case 'energy':
        return energyPj <= this.energyLimitPj && !this.closed
      case 'cycles':
        return (
          cycles < this.best.cycles ||
          (cycles === this.best.cycles && energyPj * SAME < this.best.energyPj)
        )
      case 'edp':
        return energyPj * cycles < this.best.objective
    }
  }

  priority(energyPj: number, cycles: number): number {
    return { energy: energyPj, cycles, edp: energyPj * cycles }[this.metric]
  }

  visit(steps: readonly Step[], energyPj: number): void {
    const mapping = mappingOf(this.space, steps)
    const { kernel } = this.space
    kernel.load(mapping)
    kernel.evaluate()
    const cycles = kernel[this.latency]
    const objective = { energy: energyPj, cycles, edp: energyPj * cycles }[this.metric]
    const fresh: Candidate = { mapping, objective, energyPj, cycles }
    if (this.candidate === undefined || better(fresh, this.candidate, this.metric)) {
      this.candidate = fresh
    }
  }
}

/** Smaller objective; then, for energy, fewer cycles; for cycles and EDP, less energy. */
function better(a: Candidate, b: Candidate, metric: OrderingMetric): boolean {
  if (metric === 'energy') {
    if (a.energyPj > b.energyPj * SAME) return false
    return a.energyPj * SAME < b.energyPj || a.cycles < b.cycles
  }
  return a.objective < b.objective || (a.objective === b.objective && a.energyPj < b.energyPj)
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
