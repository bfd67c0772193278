import { column } from '../../model/index.js'
import type { MacStage } from './mac-stage.js'
import type { ObjectiveModel } from './objective.js'
import { divides, minimumOverDivisors, type LatticeAxis } from './tile-lattice.js'

/** Chips at work: everything that the inner stages need to know of the unrolling over chips. */
export interface ChipGroup {
  readonly copies: number
  /** C·R·S unrolled over the chips. */
  readonly reduction: number
  /** The least share of a chip's weight tile that is its own, over the group's unrollings: 1 / (B·P·Q over chips). */
  readonly weightShare: number
  /** Lattice points of the unrollings. */
  readonly members: readonly number[]
}

/** Objective per element that crosses the boundary global buffer → local buffers, on both of its sides; per operand. */
export interface CrossingCost {
  /** Leaving the global buffer, or DRAM when the operand bypasses it. */
  readonly upper: readonly number[]
  /** Of a weight that comes from DRAM: the same when every chip's weights are its own. */
  readonly ownWeightUpper: number
  /** Entering the local buffers; never more than once per copy. */
  readonly lower: readonly number[]
}

/**
 * Lower bounds of all that happens inside a global-buffer tile, by the tile that the PE array works on (`at…`) and minimised over
 * the tiles inside a global tile (`within…`). An operand is left out where its transfers depend on the outer loops: the caller
 * adds a term for it.
 */
export interface InnerBounds {
  readonly crossing: CrossingCost
  /** Everything but the fills of operand x. */
  readonly at: readonly Float64Array[]
  /** The same with all three operands' fills in, for a buffer without stationarity. */
  readonly atFull: Float64Array
  /** MAC stage only. */
  readonly atBare: Float64Array
  /** `at[x]` over the tiles that hold the same data of operand x. */
  readonly withinResident: readonly Float64Array[]
  /** `atBare` over the same. */
  readonly withinResidentBare: readonly Float64Array[]
  /** `at[x]` over all tiles, on demand. */
  withinAny(x: number): Float64Array
}

/** Axes whose loops leave an operand's tile unchanged: input, weight, output. */
export function irrelevantAxes(model: ObjectiveModel): LatticeAxis[][] {
  const { lattice } = model
  return [lattice.input, lattice.weight, lattice.output].map((tile) =>
    lattice.axes.filter((axis) => tile[axis.step * axis.max] === tile[0]),
  )
}

/** Whether the loops that spare one operand never spare another: true of every layer whose output rows step through the input. */
export function classesAreDisjoint(model: ObjectiveModel, axes: LatticeAxis[][]): boolean {
  const roles = (list: LatticeAxis[]): number[] =>
    list.map((axis) => model.lattice.dimensions[axis.dimension].role)
  return roles(axes[0]).every((role) => role === column.K)
}

/** Builds the bounds of one group of chip unrollings. `outerCycles` weighs cycles of the global buffer and DRAM. */
export function innerBounds(
  model: ObjectiveModel,
  mac: MacStage,
  group: ChipGroup,
  irrelevant: LatticeAxis[][],
  outerCycles: number,
  localTiles: Int32Array,
): InnerBounds {
  const { lattice, macs, outputs, local, global, dram, peShapes, fitsGlobal } = model
  const { volume, input, weight, output, crs } = lattice
  const n = lattice.size
  const top = n - 1
  const { copies, reduction } = group
  const eL = local.energy.map((e, x) => (local.skipped[x] ? 0 : e))
  const share = global.addsUp ? 1 : 1 / 3
  const multicast = [1 / copies, group.weightShare, 1 / reduction]
  const fromDram = (x: number): number =>
    local.skipped[x] || !global.skipped[x]
      ? 0
      : dram.energy[x] + (outerCycles * dram.cyclesPerLine[x]) / dram.elementsPerLine
  const upper = [0, 1, 2].map((x) => {
    if (local.skipped[x]) return 0
    if (global.skipped[x]) return fromDram(x) * multicast[x]
    const cycles = (outerCycles * global.cyclesPerLine[x]) / global.elementsPerLine
    return global.energy[x] + (cycles * share) / copies
  })

  // Fills of the local buffers when nothing spares them depend on the local tile alone, but for the output's first visits.
  const fillI = new Float64Array(localTiles.length)
  const fillW = new Float64Array(localTiles.length)
  const fillO = new Float64Array(localTiles.length)
  localTiles.forEach((tile, j) => {
    const visits = macs / volume[tile]
    fillI[j] = eL[0] * visits * input[tile]
    fillW[j] = eL[1] * visits * weight[tile]
    fillO[j] = eL[2] * visits * output[tile] * 2
  })
  const atI = new Float64Array(n).fill(Infinity)
  const atW = new Float64Array(n).fill(Infinity)
  const atO = new Float64Array(n).fill(Infinity)
  const atFull = new Float64Array(n).fill(Infinity)
  const atBare = new Float64Array(n).fill(Infinity)
  const { packed, guard, words } = lattice
  const guard0 = guard[0]
  for (const pes of peShapes) {
    const innerReduction = reduction * crs[pes]
    const stage = mac.table(volume[pes] * copies, innerReduction)
    const firsts = eL[2] * outputs * innerReduction
    const need = packed[pes * words]
    for (let j = 0; j < localTiles.length; j++) {
      const tile = localTiles[j]
      if ((((packed[(top - tile) * words] | guard0) - need) & guard0) !== guard0) continue
      if (words > 1 && !divides(lattice, pes, top - tile)) continue
      const at = tile + pes
      if (fitsGlobal[at] === 0) continue
      const bare = stage[tile]
      const i = fillI[j]
      const w = fillW[j]
      const o = fillO[j] - firsts
      if (bare < atBare[at]) atBare[at] = bare
      if (bare + w + o < atI[at]) atI[at] = bare + w + o
      if (bare + i + o < atW[at]) atW[at] = bare + i + o
      if (bare + i + w < atO[at]) atO[at] = bare + i + w
      if (bare + i + w + o < atFull[at]) atFull[at] = bare + i + w + o
    }
  }
  for (let at = 0; at < n; at++) {
    if (atBare[at] === Infinity) continue
    const visits = macs / volume[at]
    const i = upper[0] * visits * input[at]
    const w = upper[1] * visits * weight[at]
    const o = upper[2] * (2 * visits * output[at] - outputs * reduction)
    atI[at] += w + o
    atW[at] += i + o
    atO[at] += i + w
    atFull[at] += i + w + o
  }
  const at = [atI, atW, atO]
  const any: (Float64Array | undefined)[] = []
  return {
    crossing: { upper, ownWeightUpper: fromDram(1), lower: eL },
    at,
    atFull,
    atBare,
    withinResident: at.map((values, x) => minimumOverDivisors(values.slice(), irrelevant[x])),
    withinResidentBare: irrelevant.map((axes) => minimumOverDivisors(atBare.slice(), axes)),
    withinAny: (x) =>
      (any[x] ??= minimumOverDivisors((x < 3 ? at[x] : atFull).slice(), lattice.axes)),
  }
}
