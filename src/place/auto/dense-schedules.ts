import type { Run } from '../../model/index.js'
import type { PlaceProblem } from '../problem.js'
import { beamSearch } from './beam.js'
import type { Seed } from './memetic.js'

/** Partial schedules per level times tasks: bounds the effort of one beam. */
const BEAM_EFFORT = 90_000
const NARROWEST = 60
const WIDEST = 800
/** How urgency is weighed, and how much of a transfer counts as part of the way to the end. */
const JUDGEMENTS = [
  { urgency: 0.1, transferShare: 0.5 },
  { urgency: 0.2, transferShare: 1 },
  { urgency: 0.3, transferShare: 0.5 },
  { urgency: 0.05, transferShare: 0.25 },
  { urgency: 0.02, transferShare: 0 },
]

/**
 * Schedules with little idle time: beam searches under several judgements, from the start and, where time has no
 * direction (no releases, no clock), from the end as well. Stops at the target.
 */
export function denseSchedules(
  p: PlaceProblem,
  targetUs: number,
  run: Run,
): { seeds: Seed[]; evaluations: number } {
  const width = Math.max(NARROWEST, Math.min(WIDEST, Math.round(BEAM_EFFORT / p.tasks)))
  const symmetric = p.clockUs === 0 && p.releaseUs.every((release) => release === 0)
  const mirror = symmetric ? mirrored(p) : undefined
  const seeds: Seed[] = []
  let evaluations = 0
  for (const judgement of JUDGEMENTS) {
    for (const problem of mirror === undefined ? [p] : [p, mirror]) {
      const found = beamSearch(problem, { width, ...judgement, cancelled: run.cancelled })
      if (found === undefined) return { seeds, evaluations }
      evaluations += found.evaluations
      const { core, startUs } = found
      seeds.push(
        problem === p
          ? { core, startUs }
          : {
              core,
              startUs: startUs.map((start, t) => {
                const held = p.heldUs[t * p.kinds + p.kindOfCore[core[t]]]
                return found.makespanUs - start - held
              }),
            },
      )
      if (found.makespanUs <= targetUs) return { seeds, evaluations }
    }
  }
  return { seeds, evaluations }
}

/** The problem with time running backwards. */
function mirrored(p: PlaceProblem): PlaceProblem {
  const { kinds } = p
  return {
    ...p,
    predStart: p.succStart,
    pred: p.succ,
    predVolume: p.succVolume,
    succStart: p.predStart,
    succ: p.pred,
    succVolume: p.predVolume,
    order: p.order.slice().reverse(),
    usPerVolume: p.usPerVolume.map(
      (_, i) => p.usPerVolume[(i % kinds) * kinds + Math.floor(i / kinds)],
    ),
  }
}
