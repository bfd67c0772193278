import { column } from '../../../model/index.js'
import { onChipExtents, type CrossLayerRule } from '../cross-layer.js'

const f32 = Math.fround

/**
 * The published saving (specification §9): the previous layer's input channels stand for its outputs (Q27), only the
 * metric that was searched is reduced, and leakage is not computed again.
 */
export const publishedCrossLayer: CrossLayerRule = (previous, current, metric) => {
  const { cost } = current
  const { dram, layer } = cost.problem
  let overlapElements = 0
  if (previous !== undefined) {
    const before = onChipExtents(previous.table)
    const now = onChipExtents(current.table)
    const { P, Q, R, S, B, C } = column
    const height = (now[P] - 1) * layer.strideY + now[R]
    const width = (now[Q] - 1) * layer.strideX + now[S]
    overlapElements =
      Math.min(before[B], now[B]) *
      Math.min(before[P], height) *
      Math.min(before[Q], width) *
      Math.min(before[C], now[C])
  }
  let dynamicEnergyPj = cost.dynamicEnergyPj.total
  let latencyCycles = cost.latencyCycles.total
  if (metric === 'cycles') {
    const lines = Math.ceil(f32(f32(overlapElements) / f32(dram.elementsPerTransfer)))
    const perLine = f32(f32(dram.cyclesPerTransfer[0]) + f32(dram.cyclesPerTransfer[2]))
    latencyCycles = f32(latencyCycles - f32(lines * perLine))
  } else {
    const perElement = f32(f32(dram.accessEnergyPj[0]) + f32(dram.accessEnergyPj[2]))
    dynamicEnergyPj = f32(dynamicEnergyPj - f32(f32(overlapElements) * perElement))
  }
  return {
    overlapElements,
    dynamicEnergyPj,
    staticEnergyPj: cost.staticEnergyPj.total,
    energyPj: f32(dynamicEnergyPj + cost.staticEnergyPj.total),
    latencyCycles,
  }
}
