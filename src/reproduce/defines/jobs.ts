import { InfeasibleError } from '../../base/index.js'
import {
  accessStages,
  allPriced,
  concludeExploration,
  createFuseEngine,
  detailStack,
  exploreStack,
  overlapModes,
  planExploration,
  summarise,
  tileGrid,
  type AccessStages,
  type CostSummary,
  type FuseEngine,
  type FuseSetting,
  type OverlapMode,
  type StackDetail,
  type TileSize,
} from '../../fuse/index.js'
import type { HierarchicalAccelerator, Run, Workload } from '../../model/index.js'

/** The two semantics that stand side by side in every figure. */
export const semantics = ['published', 'standard'] as const
export type Semantics = (typeof semantics)[number]

interface Problem {
  readonly semantics: Semantics
  readonly accelerator: HierarchicalAccelerator
  readonly workload: Workload
}

/** FSRCNN as one stack with some tiles, in all modes. */
export interface SweepJob extends Problem {
  readonly kind: 'sweep'
  readonly tiles: readonly TileSize[]
}

/** One design point in full detail. */
export interface DesignJob extends Problem {
  readonly kind: 'design'
}

/** A network on an accelerator under the strategies of case studies 2 and 3. */
export interface CaseJob extends Problem {
  readonly kind: 'case'
}

export type DefinesJob = SweepJob | DesignJob | CaseJob

export interface SweepPoint {
  readonly mode: OverlapMode
  readonly tile: TileSize
  readonly summary: CostSummary
  readonly stages: AccessStages
}

/** Energy and latency of one strategy. */
export interface Strategy {
  readonly energyPj: number
  readonly latencyCycles: number
}

/** A network that fits an accelerator under none of the strategies, and why. */
export interface CaseMisfit {
  readonly misfit: string
}

export interface CaseResult {
  readonly singleLayer: Strategy
  readonly layerByLayer: Strategy
  /** Fully cached, tile 4×72. */
  readonly fixed: Strategy
  readonly fixedIsFeasible: boolean
  /** The best mode and tile for all stacks, and what it is. */
  readonly single: Strategy & { readonly what: string }
  /** The best mode and tile per stack. */
  readonly combination: Strategy
}

/** Tiles of the published sweep. */
export const sweepX = [1, 4, 16, 60, 240, 960] as const
export const sweepY = [1, 4, 18, 72, 270, 540] as const
/** Tiles of the case studies; larger ones are clipped to the output of each stack. */
export const caseTiles: readonly TileSize[] = [
  { x: 4, y: 72 },
  { x: 16, y: 18 },
  { x: 60, y: 72 },
  { x: 1_000_000, y: 1_000_000 },
]

export function work(
  job: DefinesJob,
  run: Run,
): readonly SweepPoint[] | StackDetail | CaseResult | CaseMisfit {
  const setting: FuseSetting = {
    accelerator: job.accelerator,
    workload: job.workload,
    conventions: job.semantics,
    search: job.semantics === 'published' ? { kind: 'loma', lpfLimit: 6 } : { kind: 'optimal' },
    objective: 'energy',
  }
  const engine = createFuseEngine(setting)
  switch (job.kind) {
    case 'sweep':
      return sweep(engine, job.tiles, run)
    case 'design': {
      const last = engine.network.nodes.length - 1
      return detailStack(engine, {
        first: 0,
        last,
        mode: 'fully-recompute',
        tile: { x: 60, y: 72 },
      })
    }
    case 'case':
      try {
        return compareStrategies(engine, run)
      } catch (error) {
        if (error instanceof InfeasibleError) return { misfit: error.diagnostics[0].message }
        throw error
      }
  }
}

function sweep(engine: FuseEngine, tiles: readonly TileSize[], run: Run): SweepPoint[] {
  const range = { first: 0, last: engine.network.nodes.length - 1 }
  return overlapModes.flatMap((mode) =>
    tiles.map((tile) => {
      run.progress({ message: `${mode}, tile ${tile.x}×${tile.y}` })
      const { cost } = engine.evaluate(range, mode, tile)
      return {
        mode,
        tile,
        summary: summarise(engine.view, cost),
        stages: accessStages(engine.view, [cost]),
      }
    }),
  )
}

function compareStrategies(engine: FuseEngine, run: Run): CaseResult {
  const request = {
    modes: overlapModes,
    tiles: caseTiles,
    stacks: { kind: 'weights-fit' },
    perStack: true,
  } as const
  const plan = planExploration(engine, request)
  const results = plan.jobs.map((job) => exploreStack(engine, job, run))
  const combined = concludeExploration(engine, request, plan, allPriced(plan.jobs, results, 0))
  const fixed = combined.points.find(
    (point) => point.mode === 'fully-cached' && point.tileX === 4 && point.tileY === 72,
  )
  const single = combined.points.reduce((a, b) => (b.energyPj < a.energyPj ? b : a))
  const { singleLayer, layerByLayer } = combined.baselines
  const none = { energyPj: Number.NaN, latencyCycles: Number.NaN }
  const pick = (each: Strategy | undefined): Strategy =>
    each === undefined ? none : { energyPj: each.energyPj, latencyCycles: each.latencyCycles }
  const isWhole = single.tileX >= 1_000_000
  return {
    singleLayer: pick(singleLayer),
    layerByLayer: pick(layerByLayer),
    fixed: pick(fixed),
    fixedIsFeasible: fixed !== undefined,
    single: {
      ...pick(single),
      what: isWhole ? 'layer by layer' : `${single.mode} ${single.tileX}×${single.tileY}`,
    },
    combination: pick(combined.best),
  }
}

/** Jobs of the sweep: a column of tiles each. */
export function sweepJobs(problem: Problem, tiles?: readonly TileSize[]): SweepJob[] {
  if (tiles !== undefined) return [{ kind: 'sweep', ...problem, tiles }]
  return sweepX.map((x) => ({ kind: 'sweep', ...problem, tiles: tileGrid([x], sweepY) }))
}
