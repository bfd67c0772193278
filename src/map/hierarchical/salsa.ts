import { createRng } from '../../base/index.js'
import type { HierarchicalProblem } from '../../cost/hierarchical/index.js'
import { quietRun, type Run, type SearchResult, type UnevenMapping } from '../../model/index.js'
import { loopFactors } from './loop-factors.js'
import { OrderingProblem, trivialBound, type OrderingObjective } from './ordering-problem.js'

export interface SalsaOptions {
  readonly objective?: OrderingObjective
  /** Swaps to try. Default 2000. */
  readonly iterations?: number
  /** Temperature at the start; it falls linearly to `startTemperature · 0.999^iterations`. Default 0.05. */
  readonly startTemperature?: number
}

/**
 * Simulated annealing over the orderings of all prime factors: swap two loops, place bottom-up, accept a worse ordering
 * with falling probability (SALSA, Jung et al. 2023; specification §8.7). Deterministic for the run's seed.
 * @throws InfeasibleError when no ordering that it meets fits
 */
export function salsa(
  problem: HierarchicalProblem,
  { objective = 'energy', iterations = 2000, startTemperature = 0.05 }: SalsaOptions = {},
  run: Run = quietRun,
): SearchResult<UnevenMapping> {
  const search = new OrderingProblem(problem, loopFactors(problem.temporal), objective)
  const rng = createRng(run.seed)
  const ordering = [...search.ranks]
  for (let i = ordering.length - 1; i > 0; i--) swap(ordering, i, rng.below(i + 1))
  let current = search.evaluate(ordering)
  let best = current
  let mapping = current < Infinity ? search.mapping() : undefined
  let evaluations = current < Infinity ? 1 : 0
  const end = startTemperature * 0.999 ** iterations
  const steps = ordering.length > 1 ? iterations : 0
  for (let step = 0; step < steps; step++) {
    const temperature = startTemperature + ((end - startTemperature) * step) / iterations
    const i = rng.below(ordering.length)
    const j = rng.below(ordering.length)
    const chance = rng.next()
    swap(ordering, i, j)
    const value = search.evaluate(ordering)
    if (value < Infinity) evaluations++
    const accepted =
      value < Infinity
        ? current === Infinity || chance < Math.exp((current / value - 1) / temperature)
        : current === Infinity
    if (!accepted) swap(ordering, i, j)
    else current = value
    if (value < best) {
      best = value
      mapping = search.mapping()
    }
    if (step % 1024 === 1023) {
      run.progress({ fraction: step / steps, message: `${step} of ${steps} swaps` })
      if (run.cancelled()) break
    }
  }
  if (mapping === undefined) throw search.infeasible()
  return {
    value: mapping,
    objective: best,
    lowerBound: trivialBound(problem, objective),
    status: 'heuristic',
    evaluations,
    pruned: {},
  }
}

function swap(values: number[], i: number, j: number): void {
  const held = values[i]
  values[i] = values[j]
  values[j] = held
}
