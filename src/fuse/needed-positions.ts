import type { Layer } from '../model/index.js'
import type { Network, NetworkRead } from './network.js'
import type { StackRange } from './stack-range.js'

/** Positions along one axis. */
export type Axis = 'x' | 'y'

/**
 * Positions along an axis that a stack makes at least of the map of each of its layers, whatever its tiles: walks back
 * from its output, all of which it makes.
 * @returns by position in the network
 */
export function neededAlong(
  { nodes }: Network,
  { first, last }: StackRange,
  axis: Axis,
): ReadonlyMap<number, number> {
  const needed = new Map<number, number>([[last, sizeOf(nodes[last].layer, axis)]])
  for (let i = last; i >= first; i--) {
    const { layer, reads } = nodes[i]
    for (const read of reads) {
      if (read.from < first) continue
      const stored = sizeOf(nodes[read.from].layer, axis)
      const least = positionsRead(layer, read, axis, needed.get(i) ?? 0, stored)
      needed.set(read.from, Math.max(needed.get(read.from) ?? 0, least))
    }
  }
  return needed
}

/** Stored positions that so many different outputs of a layer read at least. */
export function positionsRead(
  layer: Layer,
  { whole }: NetworkRead,
  axis: Axis,
  outputs: number,
  stored: number,
): number {
  if (outputs === 0) return 0
  if (whole) return stored
  const { left, right, top, bottom } = layer.padding
  const outside = axis === 'x' ? left + right : top + bottom
  return Math.min(stored, windowPositions(layer, axis, outputs, outside))
}

/**
 * Positions that the windows of so many different outputs cover at least; there may be gaps between them (a stride
 * beyond the kernel).
 * @param outside how many of them may be padding
 */
export function windowPositions(
  { dims, stride, dilation }: Layer,
  axis: Axis,
  outputs: number,
  outside: number,
): number {
  const kernel = axis === 'x' ? dims.FX : dims.FY
  // The window of every further output adds what it moves on by, or, where it has holes, its last position.
  const further = dilation[axis] > 1 ? 1 : Math.min(stride[axis], kernel)
  return Math.max(0, (outputs - 1) * further + kernel - outside)
}

/** Output positions of a layer along an axis. */
export function sizeOf({ dims }: Layer, axis: Axis): number {
  return axis === 'x' ? dims.OX : dims.OY
}
