import type { CandidateCount } from './priced.js'
import type { FuseEngine } from './fuse-engine.js'
import type { Objective } from './objective.js'
import type { ExplorationPlan, ExplorationRequest } from './plan-exploration.js'

/** What a proof counts. */
interface Counts {
  readonly candidates: CandidateCount
  readonly complete: boolean
  /** When it was stopped: the part of the objective by which a better schedule could at most be better. */
  readonly gap?: number
  /** Layer problems that were mapped, and those without a proof. */
  readonly mapped: number
  readonly unproven: number
}

/** In one sentence: what was explored, what was left out and why, and what is proven about the rest. */
export function proofOf(
  engine: FuseEngine,
  request: ExplorationRequest,
  plan: ExplorationPlan,
  objective: Objective,
  counts: Counts,
): string {
  const { considered, priced } = counts.candidates
  if (!counts.complete) {
    const better =
      counts.gap === undefined
        ? 'better ones may exist'
        : `nothing that was considered is better by more than ${(100 * counts.gap).toFixed(2)} %`
    return `stopped early: the best of the ${priced} stack points priced so far (of ${considered}); ${better}`
  }
  const stacks =
    plan.fixed === undefined
      ? `every partition of ${plan.singles.length} layers into stacks with one output each was compared by dynamic programming, exact because ${objective === 'edp' ? 'all undominated pairs of energy and latency were kept' : `${objective} adds up over stacks`}`
      : `the ${plan.fixed.length} ${plan.fixed.length === 1 ? 'stack is' : 'stacks are'} given`
  const choice = request.perStack
    ? 'each stack with each mode and tile of its own'
    : 'one mode and tile for all stacks'
  const sizes = `${request.modes.length} modes, ${plan.uniformTiles.length} tile sizes${request.tiles === 'auto' ? ' and the halves and doubles of the best ones' : ''}, ${choice}`
  const outside = plan.excluded.length > 0 ? `; not considered: ${plan.excluded.join(', ')}` : ''
  return `${considered} stack points (${sizes}): ${priced} were priced${prunedText(counts.candidates)}; ${stacks}; ${mappingProof(engine, counts)}${outside}`
}

function prunedText({ pruned }: CandidateCount): string {
  const reasons = [
    [pruned.byRange, 'by operations, outputs and maps between stacks alone'],
    [pruned.byTiles, 'once their tiles were laid out'],
    [pruned.byLayers, 'by exact bounds of some of their layers'],
    [pruned.byMappings, 'by those of all their layers'],
  ] as const
  const given = reasons.flatMap(([count, how]) => (count > 0 ? [`${count} ${how}`] : []))
  if (given.length === 0) return ''
  return `, the others are in no schedule as good (known of ${given.join(', of ')})`
}

function mappingProof(
  { search, objective }: FuseEngine,
  { mapped, unproven }: Pick<Counts, 'mapped' | 'unproven'>,
): string {
  if (search.kind === 'loma') {
    return `every layer was mapped by LOMA with at most ${search.lpfLimit} loop factors, which proves nothing about other loop orders`
  }
  return unproven === 0
    ? `each of the ${mapped} different layer problems in them has a mapping proven to be the best for ${objective}`
    : `${mapped - unproven} of ${mapped} different layer problems in them have a mapping proven to be the best for ${objective}, the others one within a known gap`
}
