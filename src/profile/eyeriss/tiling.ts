import { outputSize, type ConvLayer } from '../sparse-layer.js'
import type { EyerissMachine } from './machine.js'

/**
 * How a layer is spread over the machine. A processing element holds `channels` × kernel columns activations and
 * `filters` partial sums, and walks along one output row for one kernel row; the other numbers count the parts that
 * work side by side.
 */
export interface EyerissTiling {
  /** Input channels and filters (of one group) per processing element. */
  readonly channels: number
  readonly filters: number
  /** Side by side: groups, channel blocks, filter blocks, output rows, kernel rows. Their product ≤ all elements. */
  readonly parallel: {
    readonly groups: number
    readonly channels: number
    readonly filters: number
    readonly rows: number
    readonly kernelRows: number
  }
  /** Passes one after the other, and cycles of them all when nothing is zero. */
  readonly passes: number
  readonly denseCycles: number
}

/**
 * The tiling with the fewest dense cycles among all ways to split clusters (powers of two) over groups, channels,
 * filters and output rows, and the elements of a cluster over kernel rows and one more dimension. Any channel count is
 * tiled: the last block may be smaller. Ties: the first in enumeration order.
 * @param filters filters per group that have a weight left; pruned ones are not mapped
 */
export function chooseTiling(
  machine: EyerissMachine,
  layer: ConvLayer,
  filters: number,
): EyerissTiling {
  const out = outputSize(layer)
  const channels = layer.inputChannels / layer.groups
  const kernelRows = Math.min(machine.rows, layer.kernel.y)
  const spare = Math.floor(machine.rows / kernelRows) * machine.columns
  const taps = layer.kernel.x
  let best: EyerissTiling | undefined
  for (let g = 1; g <= machine.clusters; g *= 2) {
    for (let c = 1; g * c <= machine.clusters; c *= 2) {
      for (let m = 1; g * c * m <= machine.clusters; m *= 2) {
        const f = machine.clusters / (g * c * m)
        for (const spread of ['rows', 'filters', 'channels'] as const) {
          const parallel = {
            groups: g,
            channels: spread === 'channels' ? c * spare : c,
            filters: spread === 'filters' ? m * spare : m,
            rows: spread === 'rows' ? f * spare : f,
            kernelRows,
          }
          const held = Math.max(1, Math.floor(machine.activationEntries / taps))
          const c0 = Math.min(held, Math.ceil(channels / parallel.channels))
          const capacity = Math.max(1, Math.floor(machine.weightEntries / (c0 * taps)))
          const m0 = Math.min(machine.sumEntries, capacity, Math.ceil(filters / parallel.filters))
          const passes =
            Math.ceil(layer.groups / g) *
            Math.ceil(channels / (c0 * parallel.channels)) *
            Math.ceil(filters / (m0 * parallel.filters)) *
            Math.ceil(out.height / parallel.rows) *
            Math.ceil(layer.kernel.y / kernelRows)
          const macs = c0 * taps * out.width * m0
          const perActivation = machine.cyclesPerActivation + machine.cyclesPerAddress
          const each = machine.cyclesPerMac * macs + perActivation * c0 * layer.width
          if (best === undefined || passes * each < best.denseCycles) {
            best = { channels: c0, filters: m0, parallel, passes, denseCycles: passes * each }
          }
        }
      }
    }
  }
  if (best === undefined) throw new RangeError('a machine has at least one cluster')
  return best
}
