import type { Stationarity } from '../../model/index.js'
import { sparedInput, type DramCounts } from './dram-counts.js'
import { lineCycles, type ObjectiveModel } from './objective.js'

/** What is fixed of a mapping's cost once its loops around the PE array are: filled in by {@link outerPart}. */
export interface OuterPart {
  /** MACs, DRAM and global buffers, but for operands that pass by the local buffer. */
  energy: number
  dramCycles: number
  /** Cycles of the global buffer per operand. */
  inputCycles: number
  weightCycles: number
  outputCycles: number
  /** Objective of filling the local buffers, per element of one PE's tile and per PE. */
  inputFill: number
  weightFill: number
  outputFill: number
}

/** Computes the outer part of mappings under one dataflow; `dram` must be the counts for the stationarity of the global buffer. */
export function outerPart(
  model: ObjectiveModel,
  dram: DramCounts,
  localStationarity: Stationarity,
): {
  readonly part: OuterPart
  readonly enter: (chipsTile: number, chips: number, globalTile: number, pesTile: number) => void
} {
  const { lattice, problem, local, global, roundsPerTransfer } = model
  const { input, weight, output, volume, bpq, crs } = lattice
  const top = lattice.size - 1
  const { inputReuse, bypass } = problem.conventions
  const refetches = problem.global.present && bypass === 'corrected-when-read-once'
  const [refetchI, refetchW, refetchO] = problem.global.bypassed.map((b) => b && refetches)
  const [skipGI, skipGW, skipGO] = global.skipped
  const [skipLI, skipLW, skipLO] = local.skipped
  const [eLI, eLW, eLO] = local.energy.map((e, x) => (local.skipped[x] ? 0 : e))
  const [eGI, eGW, eGO] = global.energy
  const part: OuterPart = {
    energy: 0,
    dramCycles: 0,
    inputCycles: 0,
    weightCycles: 0,
    outputCycles: 0,
    inputFill: 0,
    weightFill: 0,
    outputFill: 0,
  }
  const fromDram = (x: number, tile: number, count: number): void => {
    part.energy += tile * count * model.dram.energy[x]
    part.dramCycles += lineCycles(model.dram, x, tile, count, roundsPerTransfer)
  }

  const enter = (chipsTile: number, chips: number, globalTile: number, pesTile: number): void => {
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

    part.energy = model.macEnergy
    part.dramCycles = 0
    part.inputCycles = 0
    part.weightCycles = 0
    part.outputCycles = 0
    if (skipGI) {
      if (!skipLI) fromDram(0, input[pesTile + chips], gI)
    } else {
      fromDram(0, input[chipsTile], dI)
      part.energy += copies * input[globalTile] * dI * eGI
      if (!skipLI) {
        part.energy += copies * input[pesTile] * gI * eGI
        part.inputCycles = lineCycles(global, 0, input[pesTile], gI, roundsPerTransfer)
      }
    }
    if (skipGW) {
      if (!skipLW) fromDram(1, weight[pesTile + chips], gW)
    } else {
      fromDram(1, weight[chipsTile], dW)
      part.energy += copies * weight[globalTile] * dW * eGW
      if (!skipLW) {
        part.energy += copies * weight[pesTile] * gW * eGW
        part.weightCycles = lineCycles(global, 1, weight[pesTile], gW, roundsPerTransfer)
      }
    }
    if (skipGO) {
      if (!skipLO) fromDram(2, output[pesTile + chips], gO)
    } else {
      fromDram(2, output[chipsTile], dO)
      part.energy += copies * output[globalTile] * dO * eGO
      if (!skipLO) {
        part.energy += copies * output[pesTile] * gO * eGO
        part.outputCycles = lineCycles(global, 2, output[pesTile], gO, roundsPerTransfer)
      }
    }
    part.inputFill = copies * gI * eLI
    part.weightFill = copies * gW * eLW
    part.outputFill = copies * gO * eLO
  }
  return { part, enter }
}
