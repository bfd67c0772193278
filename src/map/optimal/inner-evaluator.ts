import type { Stationarity } from '../../model/index.js'
import type { DramCounts } from './dram-counts.js'
import { leafCosts } from './leaf-cost.js'
import type { MacStage } from './mac-stage.js'
import { stageCycles, type ObjectiveModel } from './objective.js'
import { outerPart } from './outer-part.js'
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
}

/** Exact cost of everything, minimised over what happens inside the PE array. */
export interface InnerEvaluator {
  /**
   * Least objective of the mappings with these outer tiles. The unrolling that reaches it is in `found` afterwards, that on
   * the MAC array only when the model is not separable. Infinity when no unrolling fits the local buffer.
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
  const { lattice, weights, global, peShapes, macShapes, fitsLocal, separable } = model
  const { input, weight, output, volume, crs, packed, words, guard } = lattice
  const guard0 = guard[0]
  const { part, enter } = outerPart(model, dram, localStationarity)
  const leafCost = leafCosts(model)
  const found = { pes: 0, macs: 0, evaluations: 0 }
  // The MAC stage's table of every PE unrolling, for the chips of the last call.
  const stageOf: Float64Array[] = []
  let stageChips = -1

  const best: InnerEvaluator['best'] = (chipsTile, chips, globalTile, pesTile) => {
    enter(chipsTile, chips, globalTile, pesTile)
    if (separable && stageChips !== chips) {
      stageChips = chips
      for (let s = 0; s < peShapes.length; s++)
        stageOf[s] = mac.table(volume[peShapes[s]] * volume[chips], crs[peShapes[s]] * crs[chips])
    }
    const { inputFill, weightFill, outputFill } = part
    const room = packed[pesTile * words] | guard0
    let least = Infinity
    for (let s = 0; s < peShapes.length; s++) {
      const pes = peShapes[s]
      if (((room - packed[pes * words]) & guard0) !== guard0) continue
      const tile = pesTile - pes
      if (fitsLocal[tile] === 0 || (words > 1 && !divides(lattice, pes, pesTile))) continue
      found.evaluations++
      const fills =
        volume[pes] *
        (inputFill * input[tile] + weightFill * weight[tile] + outputFill * output[tile])
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
        const leaf = leafCost(part, chips, pes, shape)
        const inner = fills + leaf.energy + weights.cycles * leaf.cycles
        if (inner < least) {
          least = inner
          found.pes = pes
          found.macs = shape
        }
      }
    }
    if (!separable) return part.energy + least
    const globalCycles = stageCycles(global, part.inputCycles, part.weightCycles, part.outputCycles)
    return part.energy + weights.cycles * (part.dramCycles + globalCycles) + least
  }
  return { best, found }
}
