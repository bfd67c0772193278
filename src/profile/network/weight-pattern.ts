import { countOnes, type Mask } from '../mask.js'
import { weightElements, type ConvLayer } from '../sparse-layer.js'

/** How the zeros of a layer's weights are arranged. `n:m` is written out, e.g. `2:4`. */
export type WeightPattern = 'dense' | 'random' | 'block4' | 'filter' | 'channel' | `${number}:4`

/** Zeros that may lie outside a pattern and still be called by its name: trained weights have accidental zeros. */
const TOLERATED = 0.02

/** Recognises the pruning pattern of a weight mask (filters × channels × R × S). */
export function weightPattern(layer: ConvLayer, mask: Mask): WeightPattern {
  const zeros = weightElements(layer) - countOnes(mask)
  if (zeros <= 0.005 * mask.length) return 'dense'
  const channels = layer.inputChannels / layer.groups
  const kernelSize = layer.kernel.y * layer.kernel.x
  const filters = layer.outputChannels
  const enough = (1 - TOLERATED) * zeros
  let inFilters = 0
  for (let m = 0; m < filters; m++) {
    const perFilter = channels * kernelSize
    if (countOnes(mask.subarray(m * perFilter, (m + 1) * perFilter)) === 0) inFilters += perFilter
  }
  if (inFilters >= enough) return 'filter'
  const alive = new Uint8Array(channels)
  for (let i = 0; i < mask.length; i++) alive[Math.floor(i / kernelSize) % channels] |= mask[i]
  if ((channels - countOnes(alive)) * kernelSize * filters >= enough) return 'channel'
  if (channels % 4 !== 0) return 'random'
  let inBlocks = 0
  const withOnes = new Array<number>(5).fill(0)
  for (let m = 0; m < filters; m++) {
    for (let c = 0; c < channels; c += 4) {
      for (let k = 0; k < kernelSize; k++) {
        let ones = 0
        for (let i = 0; i < 4; i++) ones += mask[(m * channels + c + i) * kernelSize + k]
        if (ones === 0) inBlocks += 4
        withOnes[ones]++
      }
    }
  }
  if (inBlocks >= enough) return 'block4'
  const groups = mask.length / 4
  for (let n = 1; n <= 3; n++) {
    const within = withOnes.slice(0, n + 1).reduce((sum, count) => sum + count, 0)
    if (within >= (1 - TOLERATED / 4) * groups) return `${n}:4`
  }
  return 'random'
}
