import { InfeasibleError, type Diagnostic } from '../base/index.js'
import { choose, chosenStack, type ChosenStack } from './choose-stacks.js'
import type { CandidateCount, Priced } from './priced.js'
import { addSummaries, type CostSummary } from './cost-summary.js'
import { proofOf } from './exploration-proof.js'
import type { StackJobResult, StackPoint } from './explore.js'
import type { FuseEngine } from './fuse-engine.js'
import type { StackRange } from './stack-range.js'
import { reshapedMaps, type ReshapedMap } from './network.js'
import { objectiveOf, type Objective } from './objective.js'
import { overlapModes, type OverlapMode } from './overlap-mode.js'
import { clip, type ExplorationPlan, type ExplorationRequest } from './plan-exploration.js'
import type { TileSize } from './tile-sizes.js'

/** One mode and tile for the whole network. */
export interface UniformPoint extends CostSummary {
  readonly mode: OverlapMode
  readonly tileX: number
  readonly tileY: number
  readonly stacks: readonly ChosenStack[]
}

/** The winner of an exploration. */
export interface BestSchedule extends CostSummary {
  /** `per-stack` when stacks differ in mode or tile. */
  readonly mode: OverlapMode | 'per-stack'
  readonly tileX: number | null
  readonly tileY: number | null
  readonly objective: number
  readonly stacks: readonly ChosenStack[]
}

export interface Exploration {
  readonly points: readonly UniformPoint[]
  readonly infeasible: readonly {
    readonly mode: OverlapMode
    readonly tileX: number
    readonly tileY: number
    readonly reason: Diagnostic
  }[]
  readonly best: BestSchedule
  readonly baselines: {
    readonly singleLayer?: CostSummary
    readonly layerByLayer?: CostSummary
  }
  /** Where stacks had to end because a map does not lie as it is read. */
  readonly reshaped: readonly ReshapedMap[]
  /** Mappings evaluated, layer problems asked for, and how many of them were different. */
  readonly evaluations: number
  readonly problems: { readonly asked: number; readonly distinct: number }
  readonly candidates: CandidateCount
  /** False when it was stopped before all was priced. */
  readonly complete: boolean
  /** `optimal`: nothing better exists in the explored space. */
  readonly status: 'optimal' | 'heuristic'
  /** Why nothing better exists in the explored space. */
  readonly proof: string
}

/** The best schedule of what was priced so far, or undefined when nothing fits. */
export function bestSoFar(
  engine: FuseEngine,
  request: ExplorationRequest,
  plan: ExplorationPlan,
  results: readonly StackJobResult[],
): BestSchedule | { readonly reason?: Diagnostic } {
  const { objective } = engine
  const prices = priceList(engine, results)
  if (request.perStack)
    return schedule(
      choose(plan, objective, (range) => prices.all(range)),
      objective,
    )
  let best: BestSchedule | { readonly reason?: Diagnostic } = {}
  for (const mode of request.modes) {
    for (const tile of plan.uniformTiles) {
      const found = schedule(
        choose(plan, objective, (range) => prices.at(range, mode, tile)),
        objective,
        { mode, tile },
      )
      const isBetter =
        'objective' in found && (!('objective' in best) || found.objective < best.objective)
      if (isBetter || !('objective' in best)) best = found
    }
  }
  return best
}

/**
 * Puts the prices of stacks together: the best schedule, the points of one mode and tile that are cut like it, the
 * baselines.
 * @throws InfeasibleError when nothing fits
 */
export function concludeExploration(
  engine: FuseEngine,
  request: ExplorationRequest,
  plan: ExplorationPlan,
  { results, considered, pruned, complete, lowerBound }: Priced,
): Exploration {
  const { objective } = engine
  const best = bestSoFar(engine, request, plan, results)
  if (!('objective' in best)) {
    throw new InfeasibleError(
      best.reason ?? {
        code: 'E-FUSE-011',
        message: 'stopped before a single schedule was priced',
      },
    )
  }
  const prices = priceList(engine, results)
  const points: UniformPoint[] = []
  const infeasible: { mode: OverlapMode; tileX: number; tileY: number; reason: Diagnostic }[] = []
  for (const mode of request.modes) {
    for (const tile of plan.uniformTiles) {
      const at = { mode, tileX: tile.x, tileY: tile.y }
      const parts = best.stacks.flatMap((range) => prices.at(range, mode, tile))
      const misfit = parts.find((part) => part.misfit !== undefined)?.misfit
      if (misfit !== undefined) infeasible.push({ ...at, reason: misfit })
      else if (parts.length === best.stacks.length) {
        points.push({ ...at, ...sumUp(parts), stacks: parts.map(chosenStack) })
      }
    }
  }
  const baseline = (ranges: readonly StackRange[]): CostSummary | undefined => {
    const parts = ranges.flatMap((range) =>
      prices.at(range, request.modes[0], engine.outputSize(range.last)),
    )
    return parts.length === ranges.length && parts.every((part) => part.summary !== undefined)
      ? sumUp(parts)
      : undefined
  }
  const singleLayer = baseline(plan.singles)
  const layerByLayer = baseline(plan.layerByLayer)
  const solved = new Map(
    results.flatMap((result) => result.problems.map((each) => [each[0], each])),
  )
  const mapped = [...solved.values()].flatMap(([, , proven]) =>
    proven === undefined ? [] : [proven],
  )
  const unproven = mapped.filter((proven) => !proven).length
  const priced = results.reduce((sum, result) => sum + result.points.length, 0)
  const candidates = { considered, priced, pruned }
  return {
    points,
    infeasible,
    best,
    baselines: {
      ...(singleLayer === undefined ? {} : { singleLayer }),
      ...(layerByLayer === undefined ? {} : { layerByLayer }),
    },
    reshaped: reshapedMaps(engine.network),
    evaluations: [...solved.values()].reduce((sum, [, evaluations]) => sum + evaluations, 0),
    problems: {
      asked: results.reduce((sum, result) => sum + result.asked, 0),
      distinct: solved.size,
    },
    candidates,
    complete,
    status: complete && unproven === 0 ? 'optimal' : 'heuristic',
    proof: proofOf(engine, request, plan, objective, {
      candidates,
      complete,
      ...(lowerBound === undefined ? {} : { gap: Math.max(0, 1 - lowerBound / best.objective) }),
      mapped: mapped.length,
      unproven,
    }),
  }
}

interface PriceList {
  at(range: StackRange, mode: OverlapMode, tile: TileSize): StackPoint[]
  all(range: StackRange): readonly StackPoint[]
}

function priceList(engine: FuseEngine, results: readonly StackJobResult[]): PriceList {
  const single = new Map<string, StackPoint>()
  const byRange = new Map<string, StackPoint[]>()
  for (const point of results.flatMap((result) => result.points)) {
    if (single.has(keyOf(point))) continue
    single.set(keyOf(point), point)
    const range = `${point.first}-${point.last}`
    byRange.set(range, [...(byRange.get(range) ?? []), point])
  }
  return {
    at: (range, mode, tile) => {
      const size = engine.outputSize(range.last)
      const key = { first: range.first, last: range.last, tile: clip(tile, size) }
      const exact = single.get(keyOf({ ...key, mode }))
      if (exact !== undefined) return [exact]
      // One tile for everything is the same in every mode, and may have been priced in another one.
      const isWhole = key.tile.x === size.x && key.tile.y === size.y
      const other = overlapModes
        .map((each) => single.get(keyOf({ ...key, mode: each })))
        .find((each) => each !== undefined)
      return isWhole && other !== undefined ? [{ ...other, mode }] : []
    },
    all: ({ first, last }) => byRange.get(`${first}-${last}`) ?? [],
  }
}

/** A schedule from its priced stacks; `uniform` names the mode and tile that were asked for all of them. */
function schedule(
  chosen: StackPoint[] | { readonly reason?: Diagnostic },
  objective: Objective,
  uniform?: { readonly mode: OverlapMode; readonly tile: TileSize },
): BestSchedule | { readonly reason?: Diagnostic } {
  if (!Array.isArray(chosen)) return chosen
  const summary = sumUp(chosen)
  const [head] = chosen
  const same = chosen.every(
    ({ mode, tile }) => mode === head.mode && tile.x === head.tile.x && tile.y === head.tile.y,
  )
  const named = uniform ?? (same ? head : undefined)
  return {
    ...summary,
    mode: named?.mode ?? 'per-stack',
    tileX: named?.tile.x ?? null,
    tileY: named?.tile.y ?? null,
    objective: objectiveOf(objective, summary),
    stacks: chosen.map(chosenStack),
  }
}

function keyOf({ first, last, mode, tile }: ChosenStack): string {
  return `${first}-${last}/${mode}/${tile.x}x${tile.y}`
}

/** Sum of priced stacks; the first one holds the first layer (several may, in the published reading of cuts). */
function sumUp(parts: readonly StackPoint[]): CostSummary {
  return addSummaries(
    parts.map((part) => ({ summary: part.summary!, hasFirstLayer: part.first === 0 })),
  )
}
