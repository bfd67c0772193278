import type { Stationarity } from '../../model/index.js'
import type { DramCounts } from './dram-counts.js'
import type { ChipGroup, InnerBounds } from './inner-bounds.js'
import { lineCycles, type ObjectiveModel } from './objective.js'
import { minimumOverDivisors } from './tile-lattice.js'

/** One dataflow: the stationarities of both buffers and what DRAM transfers cost under them. */
export interface DataflowStage {
  readonly localStationarity: Stationarity
  readonly counts: DramCounts
  /** Objective of DRAM per tile of all chips, for the operands that do not bypass the global buffer. */
  readonly dram: Float64Array
  /** Index of the stationary operand, 3 when there is none. */
  readonly held: number
  /** Whether bounds may assume that operands which stay resident leave the others' reuse alone. */
  readonly exactReuse: boolean
  /** Least transfers of a stationary input per element and spared loop, by global tile; absent unless input stationary. */
  readonly inputFloor?: Float64Array
}

export function dataflowStage(
  model: ObjectiveModel,
  localStationarity: Stationarity,
  counts: DramCounts,
  disjoint: boolean,
  outerCycles: number,
): DataflowStage {
  const { lattice, dram, global, roundsPerTransfer, problem } = model
  const cost = new Float64Array(lattice.size)
  const tiles = [lattice.input, lattice.weight, lattice.output]
  for (let t = 0; t < lattice.size; t++) {
    const moves = [counts.input[t], counts.weight[t], counts.outputRead[t] + counts.outputWrite[t]]
    for (let x = 0; x < 3; x++) {
      if (global.skipped[x]) continue
      cost[t] +=
        tiles[x][t] * moves[x] * dram.energy[x] +
        outerCycles * lineCycles(dram, x, tiles[x][t], moves[x], roundsPerTransfer)
    }
  }
  const anyLoop = problem.conventions.inputReuse === 'any-loop'
  return {
    localStationarity,
    counts,
    dram: cost,
    held: ['is', 'ws', 'os', 'none'].indexOf(localStationarity),
    exactReuse: disjoint && !(localStationarity === 'is' && anyLoop),
    ...(localStationarity === 'is' ? { inputFloor: stationaryInputFloor(model) } : {}),
  }
}

/**
 * Least elements of a stationary input that cross into the PE array per chip-level multiply-accumulate, over all tiles inside a
 * global tile. Divided by the spared loop's extent inside the tile it cannot depend on the split.
 */
function stationaryInputFloor(model: ObjectiveModel): Float64Array {
  const { lattice, problem } = model
  const { volume, input, k, bpq, crs, axes } = lattice
  const floor = new Float64Array(lattice.size)
  for (let t = 0; t < lattice.size; t++) floor[t] = (input[t] * k[t]) / volume[t]
  minimumOverDivisors(floor, axes)
  for (let t = 0; t < lattice.size; t++) floor[t] /= k[t]
  if (problem.conventions.inputReuse === 'output-channels') return floor
  // The published reuse of other loops when K is not among them.
  const others = axes.filter((axis) => lattice.k[axis.step * axis.max] === 1)
  for (const spared of [bpq, crs]) {
    const alternative = new Float64Array(lattice.size)
    for (let t = 0; t < lattice.size; t++) alternative[t] = (input[t] * spared[t]) / volume[t]
    minimumOverDivisors(alternative, others)
    for (let t = 0; t < lattice.size; t++) floor[t] = Math.min(floor[t], alternative[t] / spared[t])
  }
  return floor
}

/** Lower bounds of complete mappings by their outer part: tile of all chips, unrolling over chips. */
export interface OuterBounds {
  /** DRAM and the fills of the global buffers. */
  base(chipsTile: number, chips: number): number
  /** What the operand that the dataflow holds must cost at least where the loops around the PE array are free. */
  heldTerm(chipsTile: number, chips: number): number
  /** The same for an operand x that stays resident. */
  residentTerm(x: number, chipsTile: number, chips: number): number
  /** Least of all patterns of residence; valid for every mapping with this outer part. */
  bound(chipsTile: number, chips: number): number
}

export function outerBounds(
  model: ObjectiveModel,
  stage: DataflowStage,
  group: ChipGroup,
  inner: InnerBounds,
): OuterBounds {
  const { lattice, macs, outputs, global, globalLoops } = model
  const { input, weight, output, bpq, crs } = lattice
  const top = lattice.size - 1
  const { copies, reduction } = group
  const { counts, held, exactReuse } = stage
  const { upper, ownWeightUpper, lower } = inner.crossing
  const perElement = [0, 1, 2].map((x) => upper[x] + lower[x])
  /** A weight that comes from DRAM is shared by the chips that differ in B, P, Q only. */
  const weightElement = (chips: number): number =>
    ownWeightUpper > 0 ? ownWeightUpper / bpq[chips] + lower[1] : perElement[1]
  const eG = global.energy.map((e, x) => (global.skipped[x] ? 0 : e))
  const any = globalLoops ? inner.withinAny(held) : inner.atBare
  const resident = exactReuse ? inner.withinResident : inner.withinResidentBare

  const base: OuterBounds['base'] = (chipsTile, chips) => {
    const t = chipsTile - chips
    return (
      stage.dram[chipsTile] +
      copies *
        (eG[0] * input[t] * counts.input[chipsTile] +
          eG[1] * weight[t] * counts.weight[chipsTile] +
          eG[2] * output[t] * (counts.outputRead[chipsTile] + counts.outputWrite[chipsTile]))
    )
  }
  const heldTerm: OuterBounds['heldTerm'] = (chipsTile, chips) => {
    const t = chipsTile - chips
    if (held === 0) return perElement[0] * macs * stage.inputFloor![t]
    if (held === 1) return (weightElement(chips) * weight[top] * bpq[top]) / bpq[t]
    if (held === 2) return perElement[2] * outputs * ((2 * crs[top]) / crs[t] - reduction)
    return 0
  }
  const residentTerm: OuterBounds['residentTerm'] = (x, chipsTile, chips) => {
    const t = chipsTile - chips
    if (x === 0) return perElement[0] * copies * input[t] * counts.input[chipsTile]
    if (x === 1) return weightElement(chips) * copies * weight[t] * counts.weight[chipsTile]
    return (
      perElement[2] *
      copies *
      output[t] *
      (counts.outputRead[chipsTile] + counts.outputWrite[chipsTile])
    )
  }
  return {
    base,
    heldTerm,
    residentTerm,
    bound(chipsTile, chips) {
      const t = chipsTile - chips
      const i = residentTerm(0, chipsTile, chips)
      const w = residentTerm(1, chipsTile, chips)
      const o = residentTerm(2, chipsTile, chips)
      let least = i + w + o + inner.atBare[t]
      if (globalLoops) {
        least = Math.min(
          least,
          heldTerm(chipsTile, chips) + any[t],
          i + resident[0][t],
          w + resident[1][t],
          o + resident[2][t],
        )
      }
      return base(chipsTile, chips) + least
    },
  }
}
