import type { Run } from '../../model/index.js'
import type { TableProblem } from '../../cost/scheduling-table/index.js'
import { innerBounds, type ChipGroup } from './inner-bounds.js'
import { innerEvaluator, type FoldedMapping, type InnerEvaluator } from './inner-evaluator.js'
import type { Weights } from './objective.js'
import { outerBounds } from './outer-states.js'
import { groupFloor, pointsWhere, searchTables } from './search-tables.js'
import { divides, type TileLattice } from './tile-lattice.js'

/** Two objectives within this relative distance count as equal: what 64-bit sums of a few dozen terms can lose. */
export const TIE = 1e-9

/** The best mapping under a linear objective, folded, and what is proven about it. */
export interface LinearOptimum {
  /** Undefined when no mapping is feasible, or none was found before the run was cancelled. */
  readonly mapping?: FoldedMapping
  /** Index of the problem (dataflow) that `mapping` solves. */
  readonly choice: number
  readonly objective: number
  readonly lowerBound: number
  readonly proven: boolean
  readonly evaluations: number
  readonly pruned: Readonly<Record<string, number>>
}

/**
 * Finds the mapping of least `weights.energy · dynamic energy + weights.cycles · latency`, exactly.
 *
 * The objective is a sum of terms that each depend on two neighbouring tiles only, so tables over all tiles hold exact or
 * nearly exact costs of everything inside a tile: the MAC array by its tile, the PE array by its tile, minimised over the
 * loops of the global buffer by one pass of running minima per prime. Against these bounds the outer mappings (DRAM loops and
 * chips) are sorted, and the search stops at the first that cannot beat the best; the few that remain are costed exactly.
 *
 * @param problems the layer under each dataflow to be considered
 * @param tie relative distance within which objectives count as equal
 */
export function minimiseLinear(
  problems: readonly TableProblem[],
  lattice: TileLattice,
  weights: Weights,
  run: Run,
  tie: number = TIE,
): LinearOptimum {
  const tables = searchTables(problems, lattice, weights)
  const { model, mac, stages, irrelevant, outerCycles, localTiles, globalTiles } = tables
  const { volume, crs } = lattice
  const top = lattice.size - 1
  const residentLoops = irrelevant.map((axes) => {
    const inside = new Set(axes)
    const others = lattice.axes.filter((axis) => !inside.has(axis))
    return pointsWhere(lattice.size, (t) =>
      others.every((axis) => Math.floor(t / axis.step) % (axis.max + 1) === 0),
    ).filter((t) => t !== 0)
  })
  const evaluators: InnerEvaluator[] = stages.map((stage) =>
    innerEvaluator(model, mac, stage.counts, stage.localStationarity),
  )

  let objective = Infinity
  let mapping: FoldedMapping | undefined
  let choice = 0
  let bounded = 0
  let cancelled = false
  const pruned = {
    localBufferCapacity: lattice.size - localTiles.length,
    globalBufferCapacity: lattice.size - globalTiles.length,
    chipGroupBound: 0,
    outerTileBound: 0,
    innerTileBound: 0,
  }
  const limit = (): number => objective * (1 - tie)

  const groups = tables.groups
    .map((group, _, all) => ({
      group,
      floor: all.length === 1 ? -Infinity : groupFloor(tables, group),
    }))
    .sort((a, b) => a.floor - b.floor)

  let openBound = Infinity
  for (const { group, floor } of groups) {
    if (floor >= limit()) {
      pruned.chipGroupBound++
      continue
    }
    // Even a cancelled run costs one mapping: the one with the best bound.
    if (cancelled || (mapping !== undefined && run.cancelled())) {
      cancelled = true
      openBound = Math.min(openBound, floor)
      continue
    }
    searchGroup(group, floor)
  }

  if (mapping !== undefined && model.separable) mapping = withMacs(mapping)
  const lowerBound = cancelled ? Math.min(objective, openBound) : objective
  return {
    ...(mapping === undefined ? {} : { mapping }),
    choice,
    objective,
    lowerBound,
    proven: !cancelled || lowerBound >= limit(),
    evaluations: bounded + evaluators.reduce((sum, each) => sum + each.found.evaluations, 0),
    pruned,
  }

  /** Fills in the unrolling on the MAC array, which the tables hold only the cost of. */
  function withMacs(found: FoldedMapping): FoldedMapping {
    const tile = found.pesTile - found.pes
    const copies = volume[found.pes] * volume[found.chips]
    const reduction = crs[found.pes] * crs[found.chips]
    let macs = -1
    let least = Infinity
    for (const shape of model.macShapes) {
      if (model.localLoops ? !divides(lattice, shape, tile) : shape !== tile) continue
      const cost = mac.cost(shape, copies, reduction)
      if (cost < least) {
        least = cost
        macs = shape
      }
    }
    return { ...found, macs }
  }

  function searchGroup(group: ChipGroup, floor: number): void {
    const inner = innerBounds(model, mac, group, irrelevant, outerCycles, localTiles)
    const outers = stages.map((stage) => outerBounds(model, stage, group, inner))
    // Every outer mapping of the group with its bound.
    const bounds: number[] = []
    const states: number[] = []
    let firstBound = Infinity
    let first = -1
    stages.forEach((_, s) => {
      group.members.forEach((chips, c) => {
        for (const tile of globalTiles) {
          if (!divides(lattice, chips, top - tile)) continue
          const bound = model.macEnergy + outers[s].bound(tile + chips, chips)
          bounded++
          if (!(bound < limit())) {
            pruned.outerTileBound++
            continue
          }
          if (bound < firstBound) {
            firstBound = bound
            first = bounds.length
          }
          bounds.push(bound)
          states.push((s * group.members.length + c) * lattice.size + tile + chips)
        }
      })
    })
    if (first < 0) return
    const explore = (index: number): void => {
      const state = states[index]
      const chipsTile = state % lattice.size
      const rest = Math.floor(state / lattice.size)
      const chips = group.members[rest % group.members.length]
      searchInside(Math.floor(rest / group.members.length), chipsTile, chips)
    }
    const candidates = stages.map((stage) => sortedTiles(inner.at[stage.held] ?? inner.atFull))
    explore(first)
    const order = bounds.map((_, index) => index).filter((index) => bounds[index] < limit())
    pruned.outerTileBound += bounds.length - order.length
    order.sort((a, b) => bounds[a] - bounds[b] || a - b)
    for (let o = 0; o < order.length; o++) {
      if (bounds[order[o]] >= limit()) {
        pruned.outerTileBound += order.length - o
        return
      }
      if ((o & 63) === 0 && run.cancelled()) {
        cancelled = true
        openBound = Math.min(openBound, Math.max(floor, bounds[order[o]]))
        return
      }
      if (order[o] !== first) explore(order[o])
    }

    /** Costs every promising tile of the PE array inside one outer mapping exactly. */
    function searchInside(s: number, chipsTile: number, chips: number): void {
      const stage = stages[s]
      const outer = outers[s]
      const globalTile = chipsTile - chips
      const base = model.macEnergy + outer.base(chipsTile, chips)
      const terms = [0, 1, 2].map((x) => outer.residentTerm(x, chipsTile, chips))
      const attempt = (pesTile: number, bound: number): void => {
        if (!(bound < limit())) {
          pruned.innerTileBound++
          return
        }
        const cost = evaluators[s].best(chipsTile, chips, globalTile, pesTile)
        if (cost >= objective) return
        objective = cost
        choice = s
        const { pes, macs } = evaluators[s].found
        mapping = { chipsTile, chips, globalTile, pesTile, pes, macs }
      }
      attempt(globalTile, base + terms[0] + terms[1] + terms[2] + inner.atBare[globalTile])
      if (!model.globalLoops) return
      const at = inner.at[stage.held] ?? inner.atFull
      const held = base + outer.heldTerm(chipsTile, chips)
      for (const pesTile of candidates[s]) {
        const bound = held + at[pesTile]
        if (!(bound < limit())) break
        if (pesTile !== globalTile && divides(lattice, pesTile, globalTile)) attempt(pesTile, bound)
      }
      for (let x = 0; x < 3; x++) {
        const within = stage.exactReuse ? inner.withinResident[x] : inner.withinResidentBare[x]
        if (!(base + terms[x] + within[globalTile] < limit())) continue
        const resident = stage.exactReuse ? inner.at[x] : inner.atBare
        for (const loops of residentLoops[x]) {
          if (!divides(lattice, loops, globalTile)) continue
          const pesTile = globalTile - loops
          attempt(pesTile, base + terms[x] + resident[pesTile])
        }
      }
    }
  }
}

/** Points with a finite value, least first. */
function sortedTiles(values: Float64Array): Int32Array {
  const points = pointsWhere(values.length, (t) => values[t] < Infinity)
  return points.sort((a, b) => values[a] - values[b] || a - b)
}
