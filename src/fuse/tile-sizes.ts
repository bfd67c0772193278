/** Output width and height of a tile. */
export interface TileSize {
  readonly x: number
  readonly y: number
}

/** Tiles no smaller than this along an axis are tried automatically: smaller ones only add control and halo. */
const SMALLEST = 3

/** Ratio between neighbouring sizes: coarse, because the cost changes slowly with the size of a tile. */
const RATIO = 4

/**
 * Sizes to try along an axis of `total` positions: the whole, its quarter, sixteenth, … rounded up, down to a few
 * positions. Rounding up keeps the number of tiles a power of the ratio, so that none is a sliver.
 */
export function autoSizes(total: number): number[] {
  const sizes = [total]
  for (let parts = RATIO; total / parts >= SMALLEST; parts *= RATIO) {
    sizes.push(Math.ceil(total / parts))
  }
  return sizes.reverse()
}

/** All pairs, x varying slowest. */
export function tileGrid(xs: readonly number[], ys: readonly number[]): TileSize[] {
  return xs.flatMap((x) => ys.map((y) => ({ x, y })))
}
