import { branchFreeUnits } from './branch-free-units.js'
import type { StackJob } from './explore.js'
import type { FuseEngine, StackRange } from './fuse-engine.js'
import { weightBits } from './network.js'
import type { OverlapMode } from './overlap-mode.js'
import { partitionByWeights } from './partition-by-weights.js'
import { cutIntoStacks, type Stack } from './stack.js'
import { autoSizes, tileGrid, type TileSize } from './tile-sizes.js'

/** Where a network is cut into stacks. */
export type StackChoice =
  | { readonly kind: 'auto' | 'weights-fit' | 'every-layer' | 'none' }
  /** After these layers (positions). */
  | { readonly kind: 'cuts'; readonly after: readonly number[] }

export interface ExplorationRequest {
  readonly modes: readonly OverlapMode[]
  readonly tiles: 'auto' | readonly TileSize[]
  readonly stacks: StackChoice
  /** Whether every stack may take a mode and tile of its own; else one mode and tile hold for the whole network. */
  readonly perStack: boolean
}

export interface ExplorationPlan {
  /** Tiles that hold for the whole network, largest sizes clipped to each stack's output. */
  readonly uniformTiles: readonly TileSize[]
  /** The stacks, when they are fixed. */
  readonly fixed?: readonly StackRange[]
  /** Branch-free units, when the partition is searched: a stack covers consecutive units. */
  readonly units: readonly (readonly number[])[]
  /** Stacks that run one layer each, and stacks of the layer-by-layer baseline. */
  readonly singles: readonly StackRange[]
  readonly layerByLayer: readonly StackRange[]
  /** What to price at once; each job covers one stack. */
  readonly jobs: readonly StackJob[]
  /** Further stacks, worth pricing only while their floor is below the best schedule known. */
  readonly candidates: readonly StackJob[]
  /** Candidates left out, with the reason. */
  readonly excluded: readonly string[]
}

/** Size of the second-highest memory of the weights: what fused weights must fit into. */
export function weightCapacityBits({ view }: Pick<FuseEngine, 'view'>): number {
  const { weight } = view.levels
  return view.sizeBits[weight[Math.max(0, weight.length - 2)]]
}

const WHOLE: TileSize = { x: Number.MAX_SAFE_INTEGER, y: Number.MAX_SAFE_INTEGER }

/** Lists what an exploration has to price. @throws InputError for stacks that would have two outputs */
export function planExploration(
  engine: FuseEngine,
  { modes, tiles, stacks, perStack }: ExplorationRequest,
): ExplorationPlan {
  const { network } = engine
  const rangesOf = (each: readonly Stack[]): StackRange[] =>
    each.map(({ nodes }) => ({ first: nodes[0].position, last: nodes[nodes.length - 1].position }))
  const singles = network.nodes.map((_, i) => ({ first: i, last: i }))
  const cuts = partitionByWeights(network, weightCapacityBits(engine), engine.planner.conventions)
  const byWeights = rangesOf(engine.planner.stacksBetween(network, cuts))
  const whole = [{ first: 0, last: network.nodes.length - 1 }]
  const layerByLayer = engine.planner.conventions.layerByLayerKeepsStacks
    ? rangesOf(cutIntoStacks(network, cuts))
    : whole
  const units = branchFreeUnits(network)
  const fixedRanges = (): readonly StackRange[] | undefined => {
    switch (stacks.kind) {
      case 'auto':
        return undefined
      case 'weights-fit':
        return byWeights
      case 'every-layer':
        return singles
      case 'none':
        return whole
      case 'cuts':
        return rangesOf(cutIntoStacks(network, stacks.after))
    }
  }
  const fixed = fixedRanges()
  const excluded: string[] = []
  const seeds = fixed ?? [...whole, ...byWeights]
  const candidates = fixed ?? candidateStacks(engine, units, excluded)

  const largest = seeds
    .map(({ last }) => engine.outputSize(last))
    .reduce((a, b) => (b.x * b.y > a.x * a.y ? b : a))
  const uniformTiles =
    tiles === 'auto' ? tileGrid(autoSizes(largest.x), autoSizes(largest.y)) : tiles
  const tilesOf = (last: number): TileSize[] => {
    const size = engine.outputSize(last)
    const own = tiles === 'auto' && perStack ? tileGrid(autoSizes(size.x), autoSizes(size.y)) : []
    return distinct([...uniformTiles, ...own].map((tile) => clip(tile, size)))
  }
  const seen = new Set<string>()
  const jobsFor = (
    range: StackRange,
    wanted: readonly OverlapMode[],
    sizes: readonly TileSize[],
  ): StackJob[] => {
    const groups = new Map<number, TileSize[]>()
    for (const tile of sizes) groups.set(tile.x, [...(groups.get(tile.x) ?? []), tile])
    return [...groups.values()].flatMap((group): StackJob[] => {
      const key = JSON.stringify([range.first, range.last, group])
      if (seen.has(key)) return []
      seen.add(key)
      return [{ ...range, modes: wanted, tiles: group }]
    })
  }
  const explored = (range: StackRange): StackJob[] => jobsFor(range, modes, tilesOf(range.last))
  const jobs = [
    ...seeds.flatMap(explored),
    ...[...singles, ...layerByLayer].flatMap((range) =>
      jobsFor(range, modes.slice(0, 1), [clip(WHOLE, engine.outputSize(range.last))]),
    ),
  ]
  return {
    uniformTiles,
    ...(fixed === undefined ? {} : { fixed }),
    units,
    singles,
    layerByLayer,
    jobs,
    candidates: fixed === undefined ? candidates.flatMap(explored) : [],
    excluded,
  }
}

/** All runs of consecutive units whose weights fit together, every unit alone, and every layer alone. */
function candidateStacks(
  engine: FuseEngine,
  units: readonly (readonly number[])[],
  excluded: string[],
): StackRange[] {
  const capacity = weightCapacityBits(engine)
  const bits = units.map((unit) =>
    unit.reduce((sum, i) => sum + weightBits(engine.network.nodes[i].layer), 0),
  )
  const ranges: StackRange[] = []
  let tooHeavy = 0
  units.forEach((unit, i) => {
    let sum = 0
    for (let j = i; j < units.length; j++) {
      sum += bits[j]
      if (j > i && sum > capacity) {
        tooHeavy += units.length - j
        break
      }
      ranges.push({ first: unit[0], last: units[j][units[j].length - 1] })
    }
    if (unit.length > 1)
      ranges.push(...unit.map((position) => ({ first: position, last: position })))
  })
  if (tooHeavy > 0) {
    excluded.push(
      `${tooHeavy} stacks whose weights exceed the ${Math.round(capacity / 8192)} KiB that keep weights on chip`,
    )
  }
  return ranges
}

/** A tile no larger than the output. */
export function clip(tile: TileSize, size: TileSize): TileSize {
  return { x: Math.min(tile.x, size.x), y: Math.min(tile.y, size.y) }
}

function distinct(tiles: readonly TileSize[]): TileSize[] {
  return [...new Map(tiles.map((tile) => [`${tile.x}x${tile.y}`, tile])).values()]
}
