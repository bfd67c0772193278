/** Output width and height of a tile. */
export interface TileSize {
  readonly x: number
  readonly y: number
}

/** Tiles no smaller than this along an axis are tried automatically: smaller ones only add control and halo. */
const SMALLEST = 4

/**
 * Sizes to try along an axis of `total` positions: the whole, its half, quarter, … rounded up, down to a few
 * positions. Rounding up keeps the number of tiles a power of two, so that none is a sliver.
 */
export function autoSizes(total: number): number[] {
  const sizes = [total]
  for (let parts = 2; total / parts >= SMALLEST; parts *= 2) sizes.push(Math.ceil(total / parts))
  return sizes.reverse()
}

/** All pairs, x varying slowest. */
export function tileGrid(xs: readonly number[], ys: readonly number[]): TileSize[] {
  return xs.flatMap((x) => ys.map((y) => ({ x, y })))
}
