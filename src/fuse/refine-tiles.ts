import type { ChosenStack } from './choose-stacks.js'
import type { StackJob } from './explore.js'
import type { FuseEngine } from './fuse-engine.js'
import type { OverlapMode } from './overlap-mode.js'
import { clip } from './plan-exploration.js'
import { tileGrid } from './tile-sizes.js'

/**
 * The neighbours of the best tile of each chosen stack that were not priced yet: half, the same and twice as wide and
 * high. Repeated until nothing improves, it finds a tile that no halving or doubling beats.
 */
export function neighbourJobs(
  engine: FuseEngine,
  modes: readonly OverlapMode[],
  stacks: readonly ChosenStack[],
  results: readonly { readonly points: readonly Omit<ChosenStack, 'mode'>[] }[],
): StackJob[] {
  const known = new Set(
    results.flatMap((result) =>
      result.points.map(({ first, last, tile }) => `${first}-${last}/${tile.x}x${tile.y}`),
    ),
  )
  const around = (value: number): number[] => [Math.max(1, Math.ceil(value / 2)), value, value * 2]
  return stacks.flatMap(({ first, last, tile }) => {
    const size = engine.outputSize(last)
    return tileGrid(around(tile.x), around(tile.y)).flatMap((neighbour): StackJob[] => {
      const clipped = clip(neighbour, size)
      const key = `${first}-${last}/${clipped.x}x${clipped.y}`
      if (known.has(key)) return []
      known.add(key)
      return [{ first, last, modes, tiles: [clipped] }]
    })
  })
}
