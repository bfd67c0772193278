import type { Run } from '../../model/index.js'
import type { ParetoSet } from '../pareto-set.js'
import type { TableMapping } from '../table-search.js'
import { innerBounds, type ChipGroup, type InnerBounds } from './inner-bounds.js'
import type { FoldedMapping } from './inner-evaluator.js'
import { leafCosts } from './leaf-cost.js'
import { objectiveModel, stageCycles } from './objective.js'
import { reportedMapping, solveLinear, type MappingSpace } from './optimal-mapping.js'
import { outerBounds, type OuterBounds } from './outer-states.js'
import { outerPart } from './outer-part.js'
import { ParetoArchive } from './pareto-archive.js'
import { groupFloor, searchTables } from './search-tables.js'
import { divides } from './tile-lattice.js'

/** Linear objectives whose bounds the enumeration uses, at most; more cut more and cost more. */
const MOST_LINES = 10

interface Candidate {
  readonly choice: number
  readonly folded: FoldedMapping
}

/**
 * Every trade-off of energy and latency of a layer, exactly. First the corners of the convex hull, by bisection over linear
 * objectives; then all mappings that may lie between them, by enumeration that drops whatever the bounds of all those linear
 * objectives together keep behind the points already known.
 */
export function searchPareto(space: MappingSpace, run: Run): ParetoSet {
  const { lattice, problems, staticPjPerCycle } = space
  const hull = hullCorners(space, run)
  const archive = new ParetoArchive<Candidate | TableMapping>(hull.lines)
  for (const mapping of hull.mappings)
    archive.add(mapping.cost.energyPj, mapping.cost.latencyCycles.total, () => mapping)
  let complete = hull.complete
  const finish = (): ParetoSet => ({
    points: archive.points.map(({ value }) =>
      reportedMapping('folded' in value ? space.unfold(value.folded, value.choice) : value),
    ),
    complete,
  })
  if (!complete || archive.points.length < 2) return finish()

  const { lines } = hull
  const tables = lines.map(({ a, b }) =>
    searchTables(problems, lattice, { energy: a, cycles: a * staticPjPerCycle + b }),
  )
  const { model: anyModel, groups, globalTiles } = tables[0]
  const exact = objectiveModel(problems[0], lattice, { energy: 1, cycles: 0 })
  const leafCost = leafCosts(exact)
  const parts = problems.map((problem, s) =>
    outerPart(exact, tables[0].stages[s].counts, problem.localStationarity),
  )
  const { input, weight, output, volume, crs } = lattice
  const top = lattice.size - 1
  const bounds = new Float64Array(lines.length)
  for (const group of groups) {
    tables.forEach((table, k) => {
      bounds[k] = groupFloor(table, group)
    })
    if (archive.mayImprove(bounds)) searchGroup(group)
    if (!complete) break
  }
  return finish()

  function searchGroup(group: ChipGroup): void {
    const inner = tables.map((table) =>
      innerBounds(
        table.model,
        table.mac,
        group,
        table.irrelevant,
        table.outerCycles,
        table.localTiles,
      ),
    )
    let seen = 0
    for (let s = 0; s < problems.length; s++) {
      const outer = tables.map((table, k) =>
        outerBounds(table.model, table.stages[s], group, inner[k]),
      )
      for (const chips of group.members) {
        for (const tile of globalTiles) {
          if (!divides(lattice, chips, top - tile)) continue
          if ((++seen & 1023) === 0 && run.cancelled()) complete = false
          if (!complete) return
          for (let k = 0; k < lines.length; k++)
            bounds[k] = tables[k].model.macEnergy + outer[k].bound(tile + chips, chips)
          if (archive.mayImprove(bounds)) searchInside(s, tile + chips, chips, outer, inner)
        }
      }
    }
  }

  function searchInside(
    s: number,
    chipsTile: number,
    chips: number,
    outer: readonly OuterBounds[],
    inner: readonly InnerBounds[],
  ): void {
    const globalTile = chipsTile - chips
    const { held, exactReuse } = tables[0].stages[s]
    for (let pesTile = globalTile; pesTile >= 0; pesTile--) {
      if (inner[0].atBare[pesTile] === Infinity) continue
      if (
        pesTile !== globalTile &&
        (!anyModel.globalLoops || !divides(lattice, pesTile, globalTile))
      )
        continue
      const stays = [
        input[pesTile] === input[globalTile],
        weight[pesTile] === weight[globalTile],
        output[pesTile] === output[globalTile],
      ]
      const resident = stays.filter(Boolean).length
      for (let k = 0; k < lines.length; k++) {
        const base = tables[k].model.macEnergy + outer[k].base(chipsTile, chips)
        const bare = inner[k].atBare[pesTile]
        if (resident === 0) {
          const at = inner[k].at[held] ?? inner[k].atFull
          bounds[k] = base + outer[k].heldTerm(chipsTile, chips) + at[pesTile]
        } else {
          const terms = stays.reduce(
            (sum, yes, x) => sum + (yes ? outer[k].residentTerm(x, chipsTile, chips) : 0),
            0,
          )
          const one = resident === 1 && exactReuse
          bounds[k] = base + terms + (one ? inner[k].at[stays.indexOf(true)][pesTile] : bare)
        }
      }
      if (archive.mayImprove(bounds)) searchArray(s, chipsTile, chips, globalTile, pesTile)
    }
  }

  function searchArray(
    s: number,
    chipsTile: number,
    chips: number,
    globalTile: number,
    pesTile: number,
  ): void {
    const { part, enter } = parts[s]
    enter(chipsTile, chips, globalTile, pesTile)
    const { macShapes, peShapes, fitsLocal, localLoops, overlaps } = exact
    const outerCycles = overlaps
      ? 0
      : part.dramCycles +
        stageCycles(exact.global, part.inputCycles, part.weightCycles, part.outputCycles)
    for (const pes of peShapes) {
      const tile = pesTile - pes
      if (!divides(lattice, pes, pesTile) || fitsLocal[tile] === 0) continue
      const fills =
        volume[pes] *
        (part.inputFill * input[tile] +
          part.weightFill * weight[tile] +
          part.outputFill * output[tile])
      const copies = volume[pes] * volume[chips]
      const reduction = crs[pes] * crs[chips]
      const dynamic = part.energy + fills
      for (let k = 0; k < lines.length; k++) {
        const { mac, model } = tables[k]
        bounds[k] =
          model.weights.energy * dynamic +
          model.weights.cycles * outerCycles +
          mac.table(copies, reduction)[tile]
      }
      if (!archive.mayImprove(bounds)) continue
      for (const macs of macShapes) {
        if (localLoops ? !divides(lattice, macs, tile) : macs !== tile) continue
        const leaf = leafCost(part, chips, pes, macs)
        const energy = dynamic + leaf.energy + staticPjPerCycle * leaf.cycles
        archive.add(energy, leaf.cycles, () => ({
          choice: s,
          folded: { chipsTile, chips, globalTile, pesTile, pes, macs },
        }))
      }
    }
  }
}

/** Corners of the convex hull of all mappings in the energy/latency plane, widest gaps first, and lines through them. */
function hullCorners(
  space: MappingSpace,
  run: Run,
): {
  readonly mappings: readonly TableMapping[]
  readonly lines: readonly { readonly a: number; readonly b: number }[]
  readonly complete: boolean
} {
  const mappings: TableMapping[] = []
  const lines: { a: number; b: number }[] = []
  let complete = true
  const query = (a: number, b: number): TableMapping | undefined => {
    const { mapping, outcome } = solveLinear(space, a, b, run)
    complete &&= outcome.proven
    lines.push({ a, b })
    if (mapping !== undefined) mappings.push(mapping)
    return mapping
  }
  const left = query(1, 0)
  const right = query(0, 1)
  const open = left && right ? [{ left, right }] : []
  const gap = (each: { left: TableMapping; right: TableMapping }): number =>
    (each.right.cost.energyPj / each.left.cost.energyPj - 1) *
    (each.left.cost.latencyCycles.total / each.right.cost.latencyCycles.total - 1)
  while (open.length > 0 && lines.length < MOST_LINES) {
    if (!complete) break
    open.sort((x, y) => gap(y) - gap(x))
    const { left, right } = open.shift()!
    const a = left.cost.latencyCycles.total - right.cost.latencyCycles.total
    const b = right.cost.energyPj - left.cost.energyPj
    if (!(a > 0) || !(b > 0)) continue
    const middle = query(a, b)
    if (middle === undefined) break
    const value = ({ cost }: TableMapping): number =>
      a * cost.energyPj + b * cost.latencyCycles.total
    if (value(middle) < value(left) * (1 - 1e-9))
      open.push({ left, right: middle }, { left: middle, right })
  }
  return { mappings, lines, complete }
}
