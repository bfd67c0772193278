import type { Mask } from '../mask.js'
import { outputSize, type ConvLayer } from '../sparse-layer.js'
import type { EyerissMachine } from './machine.js'
import type { PreparedWeights } from './prepared-weights.js'

/** Cycles of the array, and the work in them: their ratio is the utilisation. */
export interface ArrayCycles {
  /** Sum over passes of the slowest element's cycles. */
  readonly cycles: number
  /** Sum over passes and elements of each element's own cycles. */
  readonly work: number
}

/**
 * Runs a layer pass by pass with its real zeros. The elements of a pass start together and the pass ends with the
 * slowest, so load imbalance, idle elements and blocks at the edge all count. An element's work for one output row,
 * kernel row, channel block and filter block is 4 cycles per pair of non-zeros, 2 per non-zero activation of the row,
 * 1 per activation address.
 */
export function maskedCycles(
  machine: EyerissMachine,
  layer: ConvLayer,
  weights: PreparedWeights,
  input: Mask,
): ArrayCycles {
  const { tiling, blocks, counts } = weights
  const { parallel } = tiling
  const { kernel, stride, dilation, padding, height, groups } = layer
  const out = outputSize(layer)
  const channels = layer.inputChannels / groups
  const channelBlocks = Math.ceil(channels / tiling.channels)
  const { visits, reads } = rowActivity(machine, layer, out.width, input)
  const S = kernel.x
  const perBlock = channels * kernel.y * S
  let cycles = 0
  let work = 0

  const elementWork = (g: number, cb: number, mb: number, y: number, r: number): number => {
    const first = cb * tiling.channels
    const end = Math.min(channels, first + tiling.channels)
    const base = (g * blocks + mb) * perBlock
    let pairs = 0
    let reading = 0
    for (let c = first; c < end; c++) {
      const row = (g * channels + c) * height + y
      const w = base + (c * kernel.y + r) * S
      const v = row * S
      for (let s = 0; s < S; s++) pairs += counts[w + s] * visits[v + s]
      reading += reads[row]
    }
    return machine.cyclesPerMac * pairs + reading
  }

  for (let g0 = 0; g0 < groups; g0 += parallel.groups) {
    const g1 = Math.min(groups, g0 + parallel.groups)
    for (let c0 = 0; c0 < channelBlocks; c0 += parallel.channels) {
      const c1 = Math.min(channelBlocks, c0 + parallel.channels)
      for (let m0 = 0; m0 < blocks; m0 += parallel.filters) {
        const m1 = Math.min(blocks, m0 + parallel.filters)
        for (let f0 = 0; f0 < out.height; f0 += parallel.rows) {
          const f1 = Math.min(out.height, f0 + parallel.rows)
          for (let r0 = 0; r0 < kernel.y; r0 += parallel.kernelRows) {
            const r1 = Math.min(kernel.y, r0 + parallel.kernelRows)
            let slowest = 0
            for (let g = g0; g < g1; g++) {
              for (let cb = c0; cb < c1; cb++) {
                for (let mb = m0; mb < m1; mb++) {
                  for (let f = f0; f < f1; f++) {
                    for (let r = r0; r < r1; r++) {
                      const y = f * stride.y + r * dilation.y - padding.top
                      if (y < 0 || y >= height) continue
                      const each = elementWork(g, cb, mb, y, r)
                      work += each
                      if (each > slowest) slowest = each
                    }
                  }
                }
              }
            }
            cycles += slowest
          }
        }
      }
    }
  }
  return { cycles, work }
}

/**
 * Per channel and input row: how many non-zero activations each kernel column meets (`visits[row·S + s]`), and the
 * cycles to read the row's addresses and non-zeros (`reads[row]`).
 */
function rowActivity(
  machine: EyerissMachine,
  layer: ConvLayer,
  outWidth: number,
  input: Mask,
): { visits: Uint32Array; reads: Uint32Array } {
  const { width, kernel, stride, dilation, padding } = layer
  const rows = layer.inputChannels * layer.height
  const visits = new Uint32Array(rows * kernel.x)
  const reads = new Uint32Array(rows)
  for (let row = 0; row < rows; row++) {
    const at = row * width
    let ones = 0
    for (let x = 0; x < width; x++) ones += input[at + x]
    reads[row] = machine.cyclesPerAddress * width + machine.cyclesPerActivation * ones
    if (ones === 0) continue
    for (let s = 0; s < kernel.x; s++) {
      const offset = s * dilation.x - padding.left
      const first = Math.max(0, Math.ceil(-offset / stride.x))
      const end = Math.min(outWidth, Math.ceil((width - offset) / stride.x))
      let met = 0
      for (let o = first, x = at + first * stride.x + offset; o < end; o++, x += stride.x) {
        met += input[x]
      }
      visits[row * kernel.x + s] = met
    }
  }
  return { visits, reads }
}
