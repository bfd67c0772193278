import type { FuseEngine } from './fuse-engine.js'
import type { Objective } from './objective.js'
import type { ExplorationPlan, ExplorationRequest } from './plan-exploration.js'

/** In one sentence: what was explored, what was left out and why, and what is proven about the rest. */
export function proofOf(
  engine: FuseEngine,
  request: ExplorationRequest,
  plan: ExplorationPlan,
  objective: Objective,
  count: {
    readonly priced: number
    readonly bounded: number
    readonly complete: boolean
    readonly solved: number
    readonly unproven: number
  },
): string {
  const { priced } = count
  if (!count.complete) {
    return `stopped early: the best of the ${priced} stack points priced so far; better ones may exist`
  }
  const { search } = engine
  const mapped =
    search.kind === 'loma'
      ? `every layer was mapped by LOMA with at most ${search.lpfLimit} loop factors, which proves nothing about other loop orders`
      : count.unproven === 0
        ? `each of the ${count.solved} different layer problems has a mapping proven to be the best for ${engine.objective}`
        : `${count.solved - count.unproven} of ${count.solved} different layer problems have a mapping proven to be the best for ${engine.objective}, the others one within a known gap`
  const stacks =
    plan.fixed === undefined
      ? `every partition of ${plan.singles.length} layers into stacks with one output each was compared by dynamic programming, exact because ${objective === 'edp' ? 'all undominated pairs of energy and latency were kept' : `${objective} adds up over stacks`}`
      : `the ${plan.fixed.length} ${plan.fixed.length === 1 ? 'stack is' : 'stacks are'} given`
  const choice = request.perStack
    ? 'each stack with each mode and tile of its own'
    : 'one mode and tile for all stacks'
  const out = [
    ...(count.bounded > 0
      ? [
          `${count.bounded} stacks that cannot be part of a better schedule (operations, final output and cut feature maps alone cost more than the best)`,
        ]
      : []),
    ...plan.excluded,
  ]
  const excluded = out.length > 0 ? `; left out: ${out.join(', ')}` : ''
  return `${priced} stack points (${request.modes.length} modes, ${plan.uniformTiles.length} tile sizes${request.tiles === 'auto' ? ' and the halves and doubles of the best ones' : ''}, ${choice}) were priced; ${stacks}; ${mapped}${excluded}`
}
