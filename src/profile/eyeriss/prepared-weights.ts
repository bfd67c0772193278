import type { Mask } from '../mask.js'
import type { ConvLayer } from '../sparse-layer.js'
import type { EyerissMachine } from './machine.js'
import { chooseTiling, type EyerissTiling } from './tiling.js'

/** What the cycle count needs of a layer's weights, worked out once per layer. */
export interface PreparedWeights {
  readonly tiling: EyerissTiling
  /** Filters with a weight left, of the fullest group; the tiling is made for this many. */
  readonly filters: number
  /** Blocks of `tiling.filters` filters per group. */
  readonly blocks: number
  /**
   * Non-zero weights of one filter block at one tap:
   * `counts[(((group·blocks + block)·channels + channel)·R + r)·S + s]`, channels counted within the group.
   */
  readonly counts: Uint16Array
  readonly nonZeros: number
}

/** Packs the surviving filters of each group into blocks and counts their weights per tap. */
export function prepareWeights(
  machine: EyerissMachine,
  layer: ConvLayer,
  weights: Mask,
): PreparedWeights {
  const channels = layer.inputChannels / layer.groups
  const perGroup = layer.outputChannels / layer.groups
  const kernelSize = layer.kernel.y * layer.kernel.x
  const perFilter = channels * kernelSize
  let nonZeros = 0
  let fullest = 0
  const kept: number[][] = []
  for (let g = 0; g < layer.groups; g++) {
    const filters: number[] = []
    for (let m = g * perGroup; m < (g + 1) * perGroup; m++) {
      let ones = 0
      for (let i = m * perFilter; i < (m + 1) * perFilter; i++) ones += weights[i]
      nonZeros += ones
      if (ones > 0) filters.push(m)
    }
    kept.push(filters)
    fullest = Math.max(fullest, filters.length)
  }
  const filters = Math.max(1, fullest)
  const tiling = chooseTiling(machine, layer, filters)
  const blocks = Math.ceil(filters / tiling.filters)
  const counts = new Uint16Array(layer.groups * blocks * perFilter)
  kept.forEach((list, g) => {
    list.forEach((m, i) => {
      const to = (g * blocks + Math.floor(i / tiling.filters)) * perFilter
      const from = m * perFilter
      for (let w = 0; w < perFilter; w++) counts[to + w] += weights[from + w]
    })
  })
  return { tiling, filters, blocks, counts, nonZeros }
}
