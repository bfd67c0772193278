import type { Stationarity } from '../../model/index.js'
import { sparedInput, type DramCounts } from './dram-counts.js'
import type { MacStage } from './mac-stage.js'
import { lineCycles, stageCycles, type ObjectiveModel } from './objective.js'
import { divides } from './tile-lattice.js'

/** A complete mapping, by the lattice points of its spatial rows and of the tiles between its temporal ones. */
export interface FoldedMapping {
  /** Tile of all chips together; the DRAM loops are the rest of the layer. */
  readonly chipsTile: number
  readonly chips: number
  /** Tile held by the global buffer of one chip, and the part of it sent inward at a time. */
  readonly globalTile: number
  readonly pesTile: number
  readonly pes: number
  readonly macs: number
  readonly objective: number
}

/** Exact cost of everything, minimised over what happens inside the PE array. */
export interface InnerEvaluator {
  /**
   * Least objective of the mappings with these outer tiles. The unrolling that reaches it is in `pes` and `macs` afterwards.
   * Infinity when no unrolling fits the local buffer.
   */
  best(chipsTile: number, chips: number, globalTile: number, pesTile: number): number
  readonly found: { pes: number; macs: number; evaluations: number }
}

/** Evaluates under one dataflow; `dram` must be the counts for the stationarity of the global buffer. */
export function innerEvaluator(
  model: ObjectiveModel,
  mac: MacStage,
  dram: DramCounts,
  localStationarity: Stationarity,
): InnerEvaluator {
  const { lattice, problem, weights, local, global, roundsPerTransfer, peShapes, macShapes } = model
  const { fitsLocal, separable } = model
  const { input, weight, output, volume, bpq, crs } = lattice
  const top = lattice.size - 1
  const { inputReuse, bypass } = problem.conventions
  const refetches = problem.global.present && bypass === 'corrected-when-read-once'
  const [refetchI, refetchW, refetchO] = problem.global.bypassed.map((b) => b && refetches)
  const [skipGI, skipGW, skipGO] = global.skipped
  const [skipLI, skipLW, skipLO] = local.skipped
  const [eLI, eLW, eLO] = local.energy.map((e, x) => (local.skipped[x] ? 0 : e))
  const found = { pes: 0, macs: 0, evaluations: 0 }
  // The MAC stage's table of every PE unrolling, for the chips of the last call.
  const stageOf: Float64Array[] = []
  let stageChips = -1

  const best: InnerEvaluator['best'] = (chipsTile, chips, globalTile, pesTile) => {
    const outer = top - chipsTile
    const loops = globalTile - pesTile
    const copies = volume[chips]
    let dI = dram.input[chipsTile]
    let dW = dram.weight[chipsTile]
    let dRead = dram.outputRead[chipsTile]
    let dWrite = dram.outputWrite[chipsTile]

    // Transfers out of the global buffer.
    const all = volume[outer] * volume[loops]
    const outputs = all / (crs[outer] * crs[loops])
    const residentI = input[globalTile] === input[pesTile]
    const residentW = weight[globalTile] === weight[pesTile]
    const residentO = output[globalTile] === output[pesTile]
    let gI = all
    let gW = all
    let gO = 2 * all - outputs
    if (localStationarity === 'is') gI = all / sparedInput(lattice, loops, inputReuse)
    else if (localStationarity === 'ws') gW = all / bpq[loops]
    else if (localStationarity === 'os') gO = all / crs[loops] + outputs * (crs[outer] - 1)
    if (residentI) gI = dI
    if (residentW) gW = dW
    if (residentO) gO = dRead + dWrite
    if (refetchI && dram.inputOnce[chipsTile] && !residentI)
      dWrite *= sparedInput(lattice, outer, inputReuse)
    if (refetchW && dram.weightOnce[chipsTile] && !residentW) dW *= bpq[outer]
    if (refetchO && dram.outputOnce[chipsTile] && !residentO) {
      dRead = crs[outer] - 1
      dWrite *= crs[outer]
    }
    const dO = dRead + dWrite

    // DRAM and global buffer, except for operands that skip the local buffer.
    let energy = model.macEnergy
    let dramCycles = 0
    let gcI = 0
    let gcW = 0
    let gcO = 0
    const fromDram = (x: number, tile: number, count: number): void => {
      energy += tile * count * model.dram.energy[x]
      dramCycles += lineCycles(model.dram, x, tile, count, roundsPerTransfer)
    }
    if (skipGI) {
      if (!skipLI) fromDram(0, input[pesTile + chips], gI)
    } else {
      fromDram(0, input[chipsTile], dI)
      energy += copies * input[globalTile] * dI * global.energy[0]
      if (!skipLI) {
        energy += copies * input[pesTile] * gI * global.energy[0]
        gcI = lineCycles(global, 0, input[pesTile], gI, roundsPerTransfer)
      }
    }
    if (skipGW) {
      if (!skipLW) fromDram(1, weight[pesTile + chips], gW)
    } else {
      fromDram(1, weight[chipsTile], dW)
      energy += copies * weight[globalTile] * dW * global.energy[1]
      if (!skipLW) {
        energy += copies * weight[pesTile] * gW * global.energy[1]
        gcW = lineCycles(global, 1, weight[pesTile], gW, roundsPerTransfer)
      }
    }
    if (skipGO) {
      if (!skipLO) fromDram(2, output[pesTile + chips], gO)
    } else {
      fromDram(2, output[chipsTile], dO)
      energy += copies * output[globalTile] * dO * global.energy[2]
      if (!skipLO) {
        energy += copies * output[pesTile] * gO * global.energy[2]
        gcO = lineCycles(global, 2, output[pesTile], gO, roundsPerTransfer)
      }
    }

    // Fills of the local buffers, per element of a PE's tile and per PE.
    const fI = copies * gI * eLI
    const fW = copies * gW * eLW
    const fO = copies * gO * eLO
    if (separable && stageChips !== chips) {
      stageChips = chips
      for (let s = 0; s < peShapes.length; s++)
        stageOf[s] = mac.table(volume[peShapes[s]] * copies, crs[peShapes[s]] * crs[chips])
    }
    const { packed, words, guard } = lattice
    const room = packed[pesTile * words] | guard[0]
    const guard0 = guard[0]
    let least = Infinity
    for (let s = 0; s < peShapes.length; s++) {
      const pes = peShapes[s]
      if (((room - packed[pes * words]) & guard0) !== guard0) continue
      const tile = pesTile - pes
      if (fitsLocal[tile] === 0 || (words > 1 && !divides(lattice, pes, pesTile))) continue
      found.evaluations++
      const n = volume[pes]
      const fills = n * (fI * input[tile] + fW * weight[tile] + fO * output[tile])
      if (separable) {
        const inner = fills + stageOf[s][tile]
        if (inner < least) {
          least = inner
          found.pes = pes
        }
        continue
      }
      for (let m = 0; m < macShapes.length; m++) {
        const shape = macShapes[m]
        if (model.localLoops ? !divides(lattice, shape, tile) : shape !== tile) continue
        const cost = fills + unseparable(chips, pes, shape, crs[pes] * crs[chips])
        if (cost < least) {
          least = cost
          found.pes = pes
          found.macs = shape
        }
      }
    }
    if (!separable) return energy + least
    return energy + weights.cycles * (dramCycles + stageCycles(global, gcI, gcW, gcO)) + least

    /** Everything that depends on the MAC array, and all cycles, when the stages cannot be told apart. */
    function unseparable(chips: number, pes: number, shape: number, reduction: number): number {
      const n = copies * volume[pes]
      const steps = model.macs / (n * volume[shape])
      const moves = 2 * steps - (model.outputs * reduction) / (n * output[shape])
      let cost = 0
      let dramTime = dramCycles
      let [lI, lW, lO, hI, hW, hO] = [0, 0, 0, gcI, gcW, gcO]
      const tiles = [input, weight, output]
      for (let x = 0; x < 3; x++) {
        const count = x === 2 ? moves : steps
        if (!local.skipped[x]) {
          const tile = tiles[x][shape]
          cost += n * tile * count * local.energy[x]
          const cycles = lineCycles(local, x, tile, count, roundsPerTransfer)
          if (x === 0) lI = cycles
          else if (x === 1) lW = cycles
          else lO = cycles
        } else if (!global.skipped[x]) {
          const tile = tiles[x][shape + pes]
          cost += copies * tile * count * global.energy[x]
          const cycles = lineCycles(global, x, tile, count, roundsPerTransfer)
          if (x === 0) hI = cycles
          else if (x === 1) hW = cycles
          else hO = cycles
        } else {
          const tile = tiles[x][shape + pes + chips]
          cost += tile * count * model.dram.energy[x]
          dramTime += lineCycles(model.dram, x, tile, count, roundsPerTransfer)
        }
      }
      const localTime = stageCycles(local, lI, lW, lO)
      const globalTime = stageCycles(global, hI, hW, hO)
      const cycles = model.overlaps
        ? Math.max(steps, localTime, globalTime, dramTime)
        : steps + localTime + globalTime + dramTime
      return cost + weights.cycles * cycles
    }
  }
  return { best, found }
}
