import type { TableProblem } from '../../cost/scheduling-table/index.js'
import { dramCounts, type DramCounts } from './dram-counts.js'
import { classesAreDisjoint, irrelevantAxes, type ChipGroup } from './inner-bounds.js'
import { macStage, type MacStage } from './mac-stage.js'
import { objectiveModel, type ObjectiveModel, type Weights } from './objective.js'
import { dataflowStage, type DataflowStage } from './outer-states.js'
import { divides, type LatticeAxis, type TileLattice } from './tile-lattice.js'

/** What a search under one linear objective tabulates before it looks at any mapping. */
export interface SearchTables {
  readonly model: ObjectiveModel
  readonly mac: MacStage
  /** One per problem. */
  readonly stages: readonly DataflowStage[]
  readonly groups: readonly ChipGroup[]
  /** Per operand: the axes whose loops leave its tile unchanged. */
  readonly irrelevant: LatticeAxis[][]
  /** Weight of cycles of the global buffers and DRAM in bounds. */
  readonly outerCycles: number
  /** Tiles that fit the buffers. */
  readonly localTiles: Int32Array
  readonly globalTiles: Int32Array
}

export function searchTables(
  problems: readonly TableProblem[],
  lattice: TileLattice,
  weights: Weights,
): SearchTables {
  const model = objectiveModel(problems[0], lattice, weights)
  const irrelevant = irrelevantAxes(model)
  // When stages overlap, their cycles do not add: bounds then count the innermost ones only.
  const outerCycles = model.overlaps ? 0 : weights.cycles
  const disjoint = classesAreDisjoint(model, irrelevant)
  const countsByStationarity = new Map<string, DramCounts>()
  const stages = problems.map((problem) => {
    const key = problem.globalStationarity
    const counts =
      countsByStationarity.get(key) ?? dramCounts(lattice, key, problem.conventions.inputReuse)
    countsByStationarity.set(key, counts)
    return dataflowStage(model, problem.localStationarity, counts, disjoint, outerCycles)
  })
  // A weight that comes from DRAM and is not held still costs by how many chips share it.
  const byMulticast = model.global.skipped[1] && stages.some((stage) => stage.held !== 1)
  return {
    model,
    mac: macStage(model),
    stages,
    groups: chipGroups(lattice, model.chipShapes, byMulticast),
    irrelevant,
    outerCycles,
    localTiles: pointsWhere(lattice.size, (t) => model.fitsLocal[t] === 1),
    globalTiles: pointsWhere(lattice.size, (t) => model.fitsGlobal[t] === 1),
  }
}

/** A bound of every mapping on a group of chip unrollings that needs no table over tiles. */
export function groupFloor(tables: SearchTables, group: ChipGroup): number {
  const { model, mac, stages, globalTiles } = tables
  const { lattice } = model
  const top = lattice.size - 1
  const seen = new Set<number>()
  let inner = Infinity
  for (const pes of model.peShapes) {
    const copies = lattice.volume[pes] * group.copies
    const reduction = lattice.crs[pes] * group.reduction
    const key = copies * 1048576 + reduction
    if (seen.has(key)) continue
    seen.add(key)
    inner = Math.min(inner, mac.least(copies, reduction))
  }
  let outer = Infinity
  for (const chips of group.members)
    for (const tile of globalTiles) {
      if (!divides(lattice, chips, top - tile)) continue
      for (const stage of stages) outer = Math.min(outer, stage.dram[tile + chips])
    }
  return model.macEnergy + inner + outer
}

/** Unrollings over chips by what the inner stages see of them, in order of first appearance. */
function chipGroups(
  lattice: TileLattice,
  shapes: Int32Array,
  byMulticast: boolean,
): readonly ChipGroup[] {
  const groups = new Map<string, ChipGroup & { readonly members: number[] }>()
  for (const shape of shapes) {
    const copies = lattice.volume[shape]
    const reduction = lattice.crs[shape]
    const weightShare = 1 / lattice.bpq[shape]
    const key = `${copies},${reduction},${byMulticast ? weightShare : ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { copies, reduction, weightShare, members: [shape] })
    else {
      groups.set(key, {
        ...group,
        weightShare: Math.min(weightShare, group.weightShare),
        members: [...group.members, shape],
      })
    }
  }
  return [...groups.values()]
}

/** Lattice points with a property, ascending. */
export function pointsWhere(size: number, keep: (t: number) => boolean): Int32Array {
  const points: number[] = []
  for (let t = 0; t < size; t++) if (keep(t)) points.push(t)
  return Int32Array.from(points)
}
