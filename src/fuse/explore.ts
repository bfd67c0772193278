import type { Diagnostic } from '../base/index.js'
import type { Run } from '../model/index.js'
import type { CostSummary } from './cost-summary.js'
import type { FuseEngine } from './fuse-engine.js'
import type { StackRange } from './stack-range.js'
import type { ProblemCount } from './layer-problem.js'
import type { OverlapMode } from './overlap-mode.js'
import type { TileSize } from './tile-sizes.js'

/** One stack in some modes with some tiles: a unit of work. */
export interface StackJob extends StackRange {
  readonly modes: readonly OverlapMode[]
  readonly tiles: readonly TileSize[]
}

/** One evaluated point of one stack. */
export interface StackPoint extends StackRange {
  readonly mode: OverlapMode
  readonly tile: TileSize
  /** Absent when the stack does not fit, for the reason given. */
  readonly summary?: CostSummary
  readonly misfit?: Diagnostic
}

export interface StackJobResult extends ProblemCount {
  readonly points: readonly StackPoint[]
}

/** Prices the points of a job; stops between points when cancelled. */
export function exploreStack(engine: FuseEngine, job: StackJob, run: Run): StackJobResult {
  const { first, last } = job
  const size = engine.outputSize(last)
  const asked = engine.solver.startCounting()
  const points: StackPoint[] = []
  for (const tile of job.tiles) {
    // One tile for everything has no neighbours to share with: all modes are the same.
    const whole = tile.x >= size.x && tile.y >= size.y
    let known: CostSummary | Diagnostic | undefined
    for (const mode of job.modes) {
      if (run.cancelled()) break
      const outcome = whole && known !== undefined ? known : engine.price(job, mode, tile)
      known = outcome
      points.push({
        first,
        last,
        mode,
        tile,
        ...('energyPj' in outcome ? { summary: outcome } : { misfit: outcome }),
      })
      run.progress({ message: `${mode}, tile ${tile.x}×${tile.y}` })
    }
  }
  return { points, ...asked() }
}
