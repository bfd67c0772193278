import type { Layer } from '../../src/model/index.js'
import type { OverlapMode, TileSize } from '../../src/fuse/index.js'

/** A layer and the maps that it reads, by index; −1 is the input of the network. */
export interface CountedLayer {
  readonly layer: Layer
  readonly reads: readonly number[]
}

/** What one tile did, counted element by element; positions only, channels multiply them. */
export interface CountedTile {
  /** Per layer: positions computed. */
  readonly made: readonly number[]
  /** Positions newly read from the input. */
  readonly loaded: number
  /** Per layer and read: positions used, and those of them that earlier tiles had made. */
  readonly used: readonly (readonly number[])[]
  readonly reused: readonly (readonly number[])[]
  /** Most elements of feature maps (times their depth) that are needed at once. */
  readonly peak: number
  /** Elements (times their depth) that later tiles need again, after this one. */
  readonly cached: number
}

type Positions = Set<string>

/**
 * Runs the tiles of a stack one after the other, row by row, and remembers for every single element where it is: an
 * oracle that knows nothing of intervals, classes or borders. A layer computes rectangles.
 */
export function countTiles(
  layers: readonly CountedLayer[],
  input: { readonly width: number; readonly height: number; readonly depth: number },
  tile: TileSize,
  mode: OverlapMode,
): CountedTile[] {
  const output = layers.length - 1
  const { OX, OY } = layers[output].layer.dims
  const sizeOf = (map: number): { width: number; height: number; depth: number } => {
    if (map < 0) return input
    const { dims, operator } = layers[map].layer
    const depth = dims.G * dims.K * (operator === 'add' ? dims.C : 1)
    return { width: dims.OX, height: dims.OY, depth }
  }
  const maps = [-1, ...layers.keys()]
  let done = new Map(maps.map((map) => [map, new Set<string>()]))
  const rows = starts(OY, tile.y)
  const columns = starts(OX, tile.x)
  const log: { used: Map<number, Positions>; epoch: number; done: Map<number, Positions> }[] = []
  const counted = rows.flatMap((top, r) => {
    if (mode === 'h-cached-v-recompute') done = new Map(maps.map((map) => [map, new Set()]))
    return columns.map((left, c) => {
      if (mode === 'fully-recompute') done = new Map(maps.map((map) => [map, new Set()]))
      const needed = new Map<number, Positions>(maps.map((map) => [map, new Set()]))
      for (let y = top; y < (rows[r + 1] ?? OY); y++) {
        for (let x = left; x < (columns[c + 1] ?? OX); x++) needed.get(output)?.add(`${x},${y}`)
      }
      const made = new Map<number, Positions>()
      const used = layers.map(({ reads }) => reads.map((): Positions => new Set()))
      const fresh = (map: number): Positions => {
        const before = done.get(map) as Positions
        return new Set(
          [...rectangle(needed.get(map) as Positions)].filter((each) => !before.has(each)),
        )
      }
      for (let i = output; i >= 0; i--) {
        const own = fresh(i)
        made.set(i, own)
        layers[i].reads.forEach((map, read) => {
          const { width, height } = sizeOf(map)
          for (const each of own) {
            for (const at of window(layers[i].layer, each, width, height)) {
              used[i][read].add(at)
              needed.get(map)?.add(at)
            }
          }
        })
      }
      made.set(-1, fresh(-1))
      const reusedOf = (i: number, read: number): number => {
        const before = done.get(layers[i].reads[read]) as Positions
        return [...used[i][read]].filter((each) => before.has(each)).length
      }
      const result = {
        made: layers.map((_, i) => made.get(i)?.size ?? 0),
        loaded: made.get(-1)?.size ?? 0,
        used: used.map((each) => each.map((positions) => positions.size)),
        reused: layers.map(({ reads }, i) => reads.map((_, read) => reusedOf(i, read))),
        peak: peakOf(layers, made, used, (map) => sizeOf(map).depth),
      }
      for (const [map, own] of made) own.forEach((each) => done.get(map)?.add(each))
      const usedMaps = new Map<number, Positions>(maps.map((map) => [map, new Set()]))
      layers.forEach(({ reads }, i) =>
        reads.forEach((map, read) => used[i][read].forEach((each) => usedMaps.get(map)?.add(each))),
      )
      log.push({
        used: usedMaps,
        epoch: mode === 'fully-cached' ? 0 : mode === 'fully-recompute' ? log.length : r,
        done: new Map([...done].map(([map, positions]) => [map, new Set(positions)])),
      })
      return result
    })
  })
  return counted.map((each, t) => ({
    ...each,
    cached: maps.reduce((sum, map) => {
      const again = new Set<string>()
      for (const later of log.slice(t + 1)) {
        if (later.epoch !== log[t].epoch) continue
        for (const position of later.used.get(map) as Positions) {
          if (log[t].done.get(map)?.has(position)) again.add(position)
        }
      }
      return sum + again.size * sizeOf(map).depth
    }, 0),
  }))
}

/** The remainder comes first. */
function starts(total: number, size: number): number[] {
  const rest = size >= total ? total : total % size || size
  const found = [0]
  for (let at = rest; at < total; at += size) found.push(at)
  return found
}

/** All positions between the outermost ones. */
function rectangle(positions: Positions): Positions {
  if (positions.size === 0) return positions
  const pairs = [...positions].map((each) => each.split(',').map(Number))
  const [xs, ys] = [pairs.map(([x]) => x), pairs.map(([, y]) => y)]
  const all = new Set<string>()
  for (let x = Math.min(...xs); x <= Math.max(...xs); x++) {
    for (let y = Math.min(...ys); y <= Math.max(...ys); y++) all.add(`${x},${y}`)
  }
  return all
}

/** Stored positions that one output position of a layer reads. */
function window(layer: Layer, at: string, width: number, height: number): string[] {
  const [ox, oy] = at.split(',').map(Number)
  const { dims, stride, padding } = layer
  const found: string[] = []
  for (let fy = 0; fy < dims.FY; fy++) {
    for (let fx = 0; fx < dims.FX; fx++) {
      const x = ox * stride.x + fx - padding.left
      const y = oy * stride.y + fy - padding.top
      if (x >= 0 && y >= 0 && x < width && y < height) found.push(`${x},${y}`)
    }
  }
  return found
}

/** While a layer runs: what it reads, what it makes, and what this tile made before for layers after it. */
function peakOf(
  layers: readonly CountedLayer[],
  made: ReadonlyMap<number, Positions>,
  used: readonly (readonly Positions[])[],
  depth: (map: number) => number,
): number {
  const loads = (made.get(-1)?.size ?? 0) * depth(-1)
  const steps = layers.map(({ reads }, i) => {
    const live = new Map<number, Positions>()
    const add = (map: number, positions: Positions): void => {
      live.set(map, new Set([...(live.get(map) ?? []), ...positions]))
    }
    add(i, made.get(i) as Positions)
    reads.forEach((map, read) => add(map, used[i][read]))
    for (const [map, positions] of made) {
      const isRead = layers.some((reader, j) => j >= i && reader.reads.includes(map))
      if (map < i && isRead) add(map, positions)
    }
    return [...live].reduce((sum, [map, positions]) => sum + positions.size * depth(map), 0)
  })
  return Math.max(loads, ...steps)
}
