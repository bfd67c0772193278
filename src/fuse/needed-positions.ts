import type { Network } from './network.js'

/** Columns and rows of each layer's output that the outputs of the network need, however it is cut into stacks. */
export interface NeededSizes {
  readonly x: readonly number[]
  readonly y: readonly number[]
}

/**
 * Walks back from the outputs of the network: what a window reaches is needed, what is reshaped or read as a whole is
 * needed entirely (a stack ends there, and a stack computes all of its output).
 */
export function neededSizes(network: Network): NeededSizes {
  return { x: along(network, 'x'), y: along(network, 'y') }
}

function along({ nodes }: Network, axis: 'x' | 'y'): number[] {
  const needed = nodes.map(() => ({ start: Infinity, end: -Infinity }))
  for (let i = nodes.length - 1; i >= 0; i--) {
    const { layer, reads, consumers } = nodes[i]
    const { dims, padding } = layer
    const [out, kernel, before] =
      axis === 'x' ? [dims.OX, dims.FX, padding.left] : [dims.OY, dims.FY, padding.top]
    if (consumers.length === 0) needed[i] = { start: 0, end: out }
    const { start, end } = needed[i]
    for (const { from, whole, reshaped } of reads) {
      if (from < 0 || end <= start) continue
      const size = nodes[from].layer.dims[axis === 'x' ? 'OX' : 'OY']
      const crop = layer.operator === 'add' && size > out ? Math.floor((size - out) / 2) : 0
      const reach = (kernel - 1) * layer.dilation[axis] + 1
      const offset = crop - before
      const isAll = whole || reshaped !== undefined
      const low = isAll ? 0 : Math.max(0, start * layer.stride[axis] + offset)
      const high = isAll ? size : Math.min(size, (end - 1) * layer.stride[axis] + reach + offset)
      if (high <= low) continue
      needed[from].start = Math.min(needed[from].start, low)
      needed[from].end = Math.max(needed[from].end, high)
    }
  }
  return needed.map(({ start, end }) => Math.max(0, end - start))
}
