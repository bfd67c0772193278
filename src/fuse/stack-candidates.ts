import type { ChosenStack } from './choose-stacks.js'
import type { StackJob, StackPoint } from './explore.js'
import type { FuseEngine } from './fuse-engine.js'
import type { EnergyAndLatency } from './objective.js'
import type { OverlapMode } from './overlap-mode.js'
import { rangeFloor } from './range-floor.js'
import type { StackRange } from './stack-range.js'
import type { TileSize } from './tile-sizes.js'

/** A stack in one mode with one tile, and what it costs at least, or in truth. */
export interface Candidate extends ChosenStack, EnergyAndLatency {
  energyPj: number
  latencyCycles: number
  knowledge: 'range' | 'tiles' | 'layers' | 'all' | 'priced'
  /** Once it is priced, or known not to fit. */
  point?: StackPoint
}

/** All candidates of a search, each once, in the order in which they were named: ties go to the first. */
export class Candidates {
  readonly all: Candidate[] = []
  private readonly byKey = new Map<string, Candidate>()
  private readonly floors = new Map<string, EnergyAndLatency>()

  constructor(private readonly engine: FuseEngine) {}

  add(jobs: readonly StackJob[]): void {
    for (const { first, last, modes, tiles } of jobs) {
      for (const tile of tiles) for (const mode of modes) this.of({ first, last }, mode, tile)
    }
  }

  /** The candidate of a stack; a new one if it was not named before. */
  of({ first, last }: StackRange, mode: OverlapMode, tile: TileSize): Candidate {
    // One tile for everything has no neighbours to share with: all modes are the same.
    const key = `${first}-${last}/${this.isWhole(last, tile) ? 'whole' : `${mode}/${tile.x}x${tile.y}`}`
    const known = this.byKey.get(key)
    if (known !== undefined) return known
    const { energyPj, latencyCycles } = this.floorOf({ first, last })
    const fresh: Candidate = {
      first,
      last,
      mode,
      tile,
      energyPj,
      latencyCycles,
      knowledge: 'range',
    }
    this.byKey.set(key, fresh)
    this.all.push(fresh)
    return fresh
  }

  private isWhole(last: number, { x, y }: TileSize): boolean {
    const size = this.engine.outputSize(last)
    return x >= size.x && y >= size.y
  }

  private floorOf(range: StackRange): EnergyAndLatency {
    const key = `${range.first}-${range.last}`
    const floor = this.floors.get(key) ?? rangeFloor(this.engine.view, this.engine.network, range)
    this.floors.set(key, floor)
    return floor
  }
}
