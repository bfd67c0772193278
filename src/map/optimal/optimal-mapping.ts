import { InfeasibleError } from '../../base/index.js'
import {
  dataflowChoices,
  tableInDram,
  type Run,
  type SearchResult,
  type TableAccelerator,
  type TableLayer,
} from '../../model/index.js'
import {
  checkTable,
  evaluateTable,
  metricOf,
  tableCost,
  tableProblem,
  type TableMetric,
  type TableProblem,
} from '../../cost/scheduling-table/index.js'
import type { TableMapping, TableSearch, TableSearchOptions } from '../table-search.js'
import type { FoldedMapping } from './inner-evaluator.js'
import { minimiseLinear, TIE, type LinearOptimum } from './minimise-linear.js'
import { minimiseProduct, type LinearSolver } from './minimise-product.js'
import { tileLattice, type TileLattice } from './tile-lattice.js'
import { unfoldMapping } from './unfold-mapping.js'

/**
 * The mapping of least energy, latency or energy-delay product among all tables and, with flexible dataflow, all
 * stationarities, with a proof: `lowerBound` equals the objective unless the run was cancelled, and is valid even then.
 * Objectives within a relative 1e-9 count as equal; of these the first in lattice order is returned, for `cycles` one of
 * least energy.
 * @throws InfeasibleError when not even single elements fit the buffers
 */
export const searchOptimal: TableSearch = (accelerator, layer, options, run) => {
  const space = mappingSpace(accelerator, layer, options)
  return options.metric === 'edp'
    ? leastProduct(space, run)
    : leastLinear(space, options.metric, run)
}

/**
 * Relative distance that counts as equal where cycles and energy are told apart in one sum: what is left of energy is
 * this times the number of cycles, 1e-5 of it at ten million.
 */
const RANKED_TIE = 1e-12

/** Everything that the searches of one layer share. */
export interface MappingSpace {
  readonly layer: TableLayer
  /** The layer under each dataflow to be considered. */
  readonly problems: readonly TableProblem[]
  readonly lattice: TileLattice
  /** Static energy of the whole accelerator per cycle. */
  readonly staticPjPerCycle: number
  /** A folded mapping under a dataflow, as a table with its cost in 64-bit floats. */
  unfold(mapping: FoldedMapping, choice: number): TableMapping
}

/** @throws InfeasibleError when no table is valid */
export function mappingSpace(
  accelerator: TableAccelerator,
  layer: TableLayer,
  options: Pick<TableSearchOptions, 'dataflow' | 'conventions'>,
): MappingSpace {
  const problems = dataflowChoices(accelerator, options.dataflow).map((dataflow) =>
    tableProblem(accelerator, layer, dataflow, options.conventions),
  )
  // Single elements need the least room of all tiles: what they violate no table can meet.
  const violations = checkTable(problems[0], tableInDram(layer.dims))
  if (violations.length > 0) {
    throw new InfeasibleError(
      violations.map((v) => ({
        code: 'E-MAP-001',
        message: `layer "${layer.name}" has no mapping: even single elements do not fit, ${v.message}`,
        hint: `${v.where} would have to hold ${v.found - v.limit || 1} more`,
      })),
    )
  }
  const { mac, local, global, dram } = problems[0].staticPjPerCycle
  const lattice = tileLattice(layer)
  return {
    layer,
    problems,
    lattice,
    staticPjPerCycle: mac + local + global + dram,
    unfold(mapping, choice) {
      const problem = problems[choice]
      const table = unfoldMapping(lattice, mapping, layer.dims, {
        mac: problem.macArray,
        pe: problem.peArray,
        chips: problem.chips,
      })
      return { table, dataflow: problem.dataflow, cost: evaluateTable(problem, table) }
    },
  }
}

/** Minimises a · energy + b · latency and writes the mapping as a table. */
export function solveLinear(
  space: MappingSpace,
  a: number,
  b: number,
  run: Run,
  tie?: number,
): { readonly mapping?: TableMapping; readonly outcome: LinearOptimum } {
  const weights = { energy: a, cycles: a * space.staticPjPerCycle + b }
  const outcome = minimiseLinear(space.problems, space.lattice, weights, run, tie)
  if (outcome.mapping === undefined) return { outcome }
  return { mapping: space.unfold(outcome.mapping, outcome.choice), outcome }
}

function leastLinear(
  space: MappingSpace,
  metric: 'energy' | 'cycles',
  run: Run,
): SearchResult<TableMapping> {
  const [a, b] = metric === 'energy' ? [1, 0] : [0, 1]
  const { mapping, outcome } = solveLinear(space, a, b, run)
  const { lowerBound, proven } = outcome
  if (metric === 'energy' || mapping === undefined || !proven) {
    return reported(space, metric, mapping, lowerBound, proven, [outcome])
  }
  const ranked = leastEnergyOf(space, mapping, run)
  const outcomes = [outcome, ranked.outcome]
  return reported(space, metric, ranked.mapping, lowerBound, proven, outcomes)
}

/**
 * Of the mappings as fast as the fastest, the one of least energy: a cycle is given the price of all the energy that the
 * fastest mapping found needs, so that no slower one can be worth it.
 */
function leastEnergyOf(
  space: MappingSpace,
  fastest: TableMapping,
  run: Run,
): { readonly mapping: TableMapping; readonly outcome: LinearOptimum } {
  const { energyPj, latencyCycles } = fastest.cost
  const { mapping = fastest, outcome } = solveLinear(space, 1, energyPj, run, RANKED_TIE)
  const { cost } = mapping
  const isRanked = cost.latencyCycles.total <= latencyCycles.total && cost.energyPj < energyPj
  return { mapping: isRanked ? mapping : fastest, outcome }
}

function leastProduct(space: MappingSpace, run: Run): SearchResult<TableMapping> {
  const solve: LinearSolver<TableMapping> = (a, b) => {
    const { mapping, outcome } = solveLinear(space, a, b, run)
    if (mapping === undefined) return { outcome }
    const { cost } = mapping
    const point = {
      energyPj: cost.energyPj,
      latencyCycles: cost.latencyCycles.total,
      value: mapping,
    }
    return { point, outcome }
  }
  const { best, lowerBound, outcomes } = minimiseProduct(solve, run.cancelled)
  const proven = best !== undefined && lowerBound >= best.value.cost.edp * (1 - 10 * TIE)
  return reported(space, 'edp', best?.value, lowerBound, proven, outcomes)
}

/** A mapping with its cost in the arithmetic of the conventions. */
export function reportedMapping(mapping: TableMapping): TableMapping {
  return { ...mapping, cost: tableCost(mapping.cost.problem, mapping.table) }
}

/** Relative distance beyond which 32-bit floats cannot be what sets two evaluations apart: a count wrapped. */
const WRAPPED = 1e-4

/** Reports a mapping in the arithmetic of the conventions; the search itself is in 64-bit floats throughout. */
function reported(
  space: MappingSpace,
  metric: TableMetric,
  mapping: TableMapping | undefined,
  lowerBound: number,
  proven: boolean,
  outcomes: readonly LinearOptimum[],
): SearchResult<TableMapping> {
  const found = mapping ?? allInDram(space)
  const value = reportedMapping(found)
  const { cost } = value
  const objective = metricOf(cost, metric)
  const counts = {
    evaluations: outcomes.reduce((sum, each) => sum + each.evaluations, 0),
    pruned: sumCounts(outcomes.map((each) => each.pruned)),
  }
  // Where the published 32-bit counts wrap, its figures are no costs, and nothing is proven about them.
  if (Math.abs(objective / metricOf(found.cost, metric) - 1) > WRAPPED)
    return { value, objective, lowerBound: 0, status: 'heuristic', ...counts }
  const optimal = proven && mapping !== undefined
  return {
    value,
    objective,
    lowerBound: optimal ? objective : Math.min(lowerBound, objective),
    status: optimal ? 'optimal' : 'gap',
    ...counts,
  }
}

/** What a search returns that was cancelled before it found anything: valid, and seldom good. */
function allInDram(space: MappingSpace): TableMapping {
  const problem = space.problems[0]
  const table = tableInDram(space.layer.dims)
  return { table, dataflow: problem.dataflow, cost: evaluateTable(problem, table) }
}

function sumCounts(
  list: readonly Readonly<Record<string, number>>[],
): Readonly<Record<string, number>> {
  const total: Record<string, number> = {}
  for (const counts of list)
    for (const [rule, n] of Object.entries(counts)) total[rule] = (total[rule] ?? 0) + n
  return total
}
