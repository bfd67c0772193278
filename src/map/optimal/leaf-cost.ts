import { lineCycles, stageCycles, type ObjectiveModel } from './objective.js'
import type { OuterPart } from './outer-part.js'

/** What the choice of the innermost unrolling decides. */
export interface LeafCost {
  /** Local buffers towards the MACs, and all transfers of operands that pass by the local buffer. */
  energy: number
  /** Latency of the whole mapping. */
  cycles: number
}

/** Costs complete mappings whose outer part is known; the result is overwritten by the next call. */
export function leafCosts(
  model: ObjectiveModel,
): (part: OuterPart, chips: number, pes: number, shape: number) => LeafCost {
  const { lattice, local, global, dram, roundsPerTransfer } = model
  const { volume, crs } = lattice
  const tiles = [lattice.input, lattice.weight, lattice.output]
  const localCycles = new Float64Array(3)
  const globalCycles = new Float64Array(3)
  const leaf: LeafCost = { energy: 0, cycles: 0 }
  return (part, chips, pes, shape) => {
    const copies = volume[chips]
    const n = copies * volume[pes]
    const steps = model.macs / (n * volume[shape])
    const reduction = crs[pes] * crs[chips]
    const outputMoves = 2 * steps - (model.outputs * reduction) / (n * lattice.output[shape])
    let energy = 0
    let dramCycles = part.dramCycles
    globalCycles[0] = part.inputCycles
    globalCycles[1] = part.weightCycles
    globalCycles[2] = part.outputCycles
    for (let x = 0; x < 3; x++) {
      const count = x === 2 ? outputMoves : steps
      localCycles[x] = 0
      if (!local.skipped[x]) {
        const tile = tiles[x][shape]
        energy += n * tile * count * local.energy[x]
        localCycles[x] = lineCycles(local, x, tile, count, roundsPerTransfer)
      } else if (!global.skipped[x]) {
        const tile = tiles[x][shape + pes]
        energy += copies * tile * count * global.energy[x]
        globalCycles[x] = lineCycles(global, x, tile, count, roundsPerTransfer)
      } else {
        const tile = tiles[x][shape + pes + chips]
        energy += tile * count * dram.energy[x]
        dramCycles += lineCycles(dram, x, tile, count, roundsPerTransfer)
      }
    }
    const localTime = stageCycles(local, localCycles[0], localCycles[1], localCycles[2])
    const globalTime = stageCycles(global, globalCycles[0], globalCycles[1], globalCycles[2])
    leaf.energy = energy
    leaf.cycles = model.overlaps
      ? Math.max(steps, localTime, globalTime, dramCycles)
      : steps + localTime + globalTime + dramCycles
    return leaf
  }
}
