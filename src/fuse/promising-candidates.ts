import type { Priced } from './priced.js'
import { CoverFloors } from './cover-floors.js'
import { directionsOf } from './directions.js'
import type { StackJob, StackJobResult } from './explore.js'
import type { FuseEngine } from './fuse-engine.js'
import type { EnergyAndLatency } from './objective.js'
import type { ExplorationPlan } from './plan-exploration.js'
import { rangeFloor } from './range-floor.js'
import type { StackRange } from './stack-range.js'

/** Candidate stacks that may be part of a schedule better than `known`, and how many points the others have. */
export function promisingCandidates(
  { view, network, objective }: FuseEngine,
  plan: Pick<ExplorationPlan, 'candidates' | 'ranges' | 'singles'>,
  known: number,
): { readonly jobs: readonly StackJob[]; readonly bounded: number } {
  const floorOf = (range: StackRange): EnergyAndLatency => rangeFloor(view, network, range)
  // Floors are rough: how steep lines are makes no difference yet.
  const directions = directionsOf(objective, 1)
  const ranges = plan.ranges.map(({ first, last }) => {
    const floor = floorOf({ first, last })
    const least = Array.from({ length: directions.count }, (_, d) => directions.valueOf(d, floor))
    return { first, last, least }
  })
  const floors = new CoverFloors(plan.singles.length, ranges, directions)
  const isPromising = (job: StackJob): boolean => floors.through(job, floorOf(job)) < known
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
