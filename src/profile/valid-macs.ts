import type { Mask } from './mask.js'
import { outputSize, type ConvLayer } from './sparse-layer.js'

/**
 * Number of multiply-accumulates whose two operands are both non-zero: exactly what a direct convolution of the masks
 * counts, in O(C·(H·W + R·S)) instead of O(MACs).
 *
 * A tap (r, s) of channel c meets every non-zero weight of that tap with the same activations, so the count is a sum of
 * products A·B: A non-zero weights at the tap, B non-zero activations among the positions that the tap visits. Those
 * positions are a rectangle of one residue class modulo the stride, and B is four reads of a prefix-sum table.
 * @param taps non-zero weights per (input channel, r, s); see {@link weightTaps}
 */
export function validMacs(layer: ConvLayer, input: Mask, taps: Uint32Array): number {
  return pairs(tapVisits(layer, input), taps)
}

/** Sum of A·B over all taps: {@link validMacs} where B is known already. */
export function pairs(visits: Uint32Array, taps: Uint32Array): number {
  let total = 0
  for (let i = 0; i < visits.length; i++) total += visits[i] * taps[i]
  return total
}

/** A of {@link validMacs}: for every input channel (over all groups) and tap, how many filters have a weight there. */
export function weightTaps(layer: ConvLayer, weights: Mask): Uint32Array {
  const { groups, kernel } = layer
  const kernelSize = kernel.y * kernel.x
  const channels = layer.inputChannels / groups
  const filters = layer.outputChannels / groups
  const taps = new Uint32Array(layer.inputChannels * kernelSize)
  const perFilter = channels * kernelSize
  for (let m = 0; m < layer.outputChannels; m++) {
    const base = Math.floor(m / filters) * perFilter
    const from = m * perFilter
    for (let i = 0; i < perFilter; i++) taps[base + i] += weights[from + i]
  }
  return taps
}

/** B of {@link validMacs}: for every input channel and tap, how many of the activations it visits are not zero. */
export function tapVisits(layer: ConvLayer, input: Mask): Uint32Array {
  const { height, width, kernel, stride, dilation, padding } = layer
  const out = outputSize(layer)
  const visits = new Uint32Array(layer.inputChannels * kernel.y * kernel.x)
  const rows = tapRanges(height, out.height, kernel.y, stride.y, dilation.y, padding.top)
  const columns = tapRanges(width, out.width, kernel.x, stride.x, dilation.x, padding.left)
  const phaseHeights = phaseSizes(height, stride.y)
  const phaseWidths = phaseSizes(width, stride.x)
  // One table per pair of residues; `tableStart` finds it. Each has a zero first row and column.
  const tableStart = new Int32Array(phaseHeights.length * phaseWidths.length)
  let size = 0
  for (let py = 0; py < phaseHeights.length; py++) {
    for (let px = 0; px < phaseWidths.length; px++) {
      tableStart[py * phaseWidths.length + px] = size
      size += (phaseHeights[py] + 1) * (phaseWidths[px] + 1)
    }
  }
  const table = new Int32Array(size)
  let tap = 0
  for (let c = 0; c < layer.inputChannels; c++) {
    const plane = c * height * width
    for (let y = 0; y < height; y++) {
      const py = y % stride.y
      const ty = (y - py) / stride.y + 1
      for (let px = 0; px < phaseWidths.length; px++) {
        const pitch = phaseWidths[px] + 1
        let at = tableStart[py * phaseWidths.length + px] + ty * pitch + 1
        let rowSum = 0
        for (let x = px; x < width; x += stride.x, at++) {
          rowSum += input[plane + y * width + x]
          table[at] = table[at - pitch] + rowSum
        }
      }
    }
    for (const row of rows) {
      for (const column of columns) {
        const pitch = phaseWidths[column.phase] + 1
        const at = tableStart[row.phase * phaseWidths.length + column.phase]
        visits[tap++] =
          table[at + row.to * pitch + column.to] -
          table[at + row.from * pitch + column.to] -
          table[at + row.to * pitch + column.from] +
          table[at + row.from * pitch + column.from]
      }
    }
  }
  return visits
}

/** Positions inside the map that one tap visits along one axis: `from ≤ index < to` of residue class `phase`. */
interface TapRange {
  readonly phase: number
  readonly from: number
  readonly to: number
}

function tapRanges(
  size: number,
  outputs: number,
  kernel: number,
  stride: number,
  dilation: number,
  before: number,
): TapRange[] {
  return Array.from({ length: kernel }, (_, k) => {
    // Output o reads position o·stride + offset.
    const offset = k * dilation - before
    const first = Math.max(0, Math.ceil(-offset / stride))
    const end = Math.min(outputs, Math.ceil((size - offset) / stride))
    if (end <= first) return { phase: 0, from: 0, to: 0 }
    const start = first * stride + offset
    const phase = start % stride
    const from = (start - phase) / stride
    return { phase, from, to: from + (end - first) }
  })
}

/** Sizes of the residue classes of 0 … size−1 modulo the stride, without empty ones. */
function phaseSizes(size: number, stride: number): number[] {
  return Array.from({ length: Math.min(stride, size) }, (_, phase) =>
    Math.ceil((size - phase) / stride),
  )
}
