import type { Priced } from './priced.js'
import { CoverFloors } from './cover-floors.js'
import type { StackJob, StackJobResult } from './explore.js'
import type { FuseEngine } from './fuse-engine.js'
import { objectiveOf } from './objective.js'
import type { ExplorationPlan } from './plan-exploration.js'
import { rangeFloor } from './range-floor.js'

/** Candidate stacks that may be part of a schedule better than `known`, and how many points the others have. */
export function promisingCandidates(
  { view, network, objective }: FuseEngine,
  plan: Pick<ExplorationPlan, 'candidates' | 'ranges' | 'singles'>,
  known: number,
): { readonly jobs: readonly StackJob[]; readonly bounded: number } {
  const floors = new CoverFloors(
    plan.singles.length,
    plan.ranges.map((range) => ({ ...range, ...rangeFloor(view, network, range) })),
  )
  const isPromising = (job: StackJob): boolean =>
    objectiveOf(objective, floors.through(job, rangeFloor(view, network, job))) < known
  return {
    jobs: plan.candidates.filter(isPromising),
    bounded: pointsOf(plan.candidates.filter((job) => !isPromising(job))),
  }
}

/**
 * What pricing these jobs came to.
 * @param bounded points of candidates that were left out
 */
export function allPriced(
  jobs: readonly StackJob[],
  results: readonly StackJobResult[],
  bounded: number,
): Priced {
  const expected = pointsOf(jobs)
  const priced = results.reduce((sum, result) => sum + result.points.length, 0)
  return {
    results,
    considered: expected + bounded,
    pruned: { byRange: bounded, byTiles: 0, byLayers: 0, byMappings: 0 },
    complete: priced === expected,
  }
}

function pointsOf(jobs: readonly StackJob[]): number {
  return jobs.reduce((sum, { modes, tiles }) => sum + modes.length * tiles.length, 0)
}
