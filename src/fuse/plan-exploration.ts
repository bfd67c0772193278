import { branchFreeUnits } from './branch-free-units.js'
import type { StackJob } from './explore.js'
import type { FuseEngine } from './fuse-engine.js'
import type { StackRange } from './stack-range.js'
import { weightBits } from './network.js'
import type { OverlapMode } from './overlap-mode.js'
import { partitionByWeights } from './partition-by-weights.js'
import { namedStacks, stackRanges } from './stack-ranges.js'
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
  /** Whether a network that is one stack is to be priced with every tile of the grid, to be drawn. */
  readonly drawsGrid?: boolean
}

export interface ExplorationPlan {
  /** Tiles that hold for the whole network, largest sizes clipped to each stack's output. */
  readonly uniformTiles: readonly TileSize[]
  /** The stacks, when they are fixed. */
  readonly fixed?: readonly StackRange[]
  /** Every stack that may be part of the schedule. */
  readonly ranges: readonly StackRange[]
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

/** Lists what an exploration has to price. @throws InputError for named stacks that would have two outputs */
export function planExploration(
  engine: FuseEngine,
  { modes, tiles, stacks, perStack }: ExplorationRequest,
): ExplorationPlan {
  const { network } = engine
  const singles = network.nodes.map((_, i) => ({ first: i, last: i }))
  const cuts = partitionByWeights(network, weightCapacityBits(engine), engine.planner.conventions)
  const byWeights = engine.planner.stacksBetween(network, cuts)
  const whole = stackRanges(network).split({ first: 0, last: network.nodes.length - 1 })
  const layerByLayer = engine.planner.layerByLayer(network, cuts)
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
        return namedStacks(network, stacks.after)
    }
  }
  const fixed = fixedRanges()
  const excluded: string[] = []
  const seeds = fixed ?? [...whole, ...byWeights]
  const candidates = fixed ?? candidateStacks(engine, excluded)

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
    ranges: distinctRanges([...seeds, ...candidates, ...singles]),
    singles,
    layerByLayer,
    jobs,
    candidates: fixed === undefined ? candidates.flatMap(explored) : [],
    excluded,
  }
}

/** All stacks whose weights fit together, every branch-free unit that is one, and every layer alone. */
function candidateStacks(engine: FuseEngine, excluded: string[]): StackRange[] {
  const { network } = engine
  const capacity = weightCapacityBits(engine)
  const stacks = stackRanges(network)
  const units = new Set(
    branchFreeUnits(network).map((unit) => `${unit[0]}-${unit[unit.length - 1]}`),
  )
  const bits = network.nodes.map(({ layer }) => weightBits(layer))
  const ranges: StackRange[] = []
  let tooHeavy = 0
  bits.forEach((_, first) => {
    let sum = 0
    for (let last = first; last < bits.length; last++) {
      sum += bits[last]
      const fits = last === first || sum <= capacity || units.has(`${first}-${last}`)
      if (!stacks.isStack({ first, last })) continue
      if (fits) ranges.push({ first, last })
      else tooHeavy++
    }
  })
  if (tooHeavy > 0) {
    excluded.push(
      `${tooHeavy} stacks whose weights exceed the ${Math.round(capacity / 8192)} KiB that keep weights on chip`,
    )
  }
  return ranges
}

function distinctRanges(ranges: readonly StackRange[]): StackRange[] {
  return [...new Map(ranges.map((range) => [`${range.first}-${range.last}`, range])).values()]
}

/** A tile no larger than the output. */
export function clip(tile: TileSize, size: TileSize): TileSize {
  return { x: Math.min(tile.x, size.x), y: Math.min(tile.y, size.y) }
}

function distinct(tiles: readonly TileSize[]): TileSize[] {
  return [...new Map(tiles.map((tile) => [`${tile.x}x${tile.y}`, tile])).values()]
}
