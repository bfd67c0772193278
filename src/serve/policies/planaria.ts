import type { Chooser, Policy, PolicySettings } from '../policy.js'
import type { QueueState } from '../queue-state.js'
import { BELOW, SentinelCollision } from './sentinel.js'

/** Relative error below which two scores count as too close to tell which will lead later. */
const CLOSE = 1e-9

/**
 * Priority over slack, the largest runs (specification §5.4): ties go to the earlier arrival, equal arrivals to the
 * later place. While the best score is negative every later request replaces it, so an all-late queue is served from
 * its end.
 */
function start(queue: QueueState, { conventions }: PolicySettings): Chooser {
  const { ids, arrivalS, priority, deadlineS } = queue
  const decided = conventions.lateRequests === 'decided'
  const abortsOnSentinel = conventions.noneChosen === 'minus-one'
  let leadsUntilS = -Infinity
  const score = (id: number, nowS: number): number => {
    const slackS = deadlineS[id] - nowS
    return decided && slackS <= 0 ? 0 : priority[id] / slackS
  }

  /**
   * Scores p / (d − t) of two requests cross at most once, where p₁ (d₂ − t) = p₂ (d₁ − t).
   * @returns a time before which no other request overtakes the leader
   */
  const leadOf = (leader: number, nowS: number): number => {
    const p = priority[leader]
    const dueS = deadlineS[leader]
    let untilS = dueS
    for (let i = 0; i < queue.length; i++) {
      const id = ids[i]
      const slackS = deadlineS[id] - nowS
      if (id === leader || slackS < 0 || (priority[id] === p && deadlineS[id] === dueS)) continue
      const lead = p * slackS - priority[id] * (dueS - nowS)
      if (!(lead > CLOSE * p * Math.abs(deadlineS[id]))) return -Infinity
      if (priority[id] < p) untilS = Math.min(untilS, nowS + lead / (p - priority[id]))
    }
    return untilS - CLOSE * Math.abs(untilS)
  }

  return {
    kind: 'choice',
    score,
    // Where the published program aborts on a first score of −1, it must be seen.
    keeps: (nowS) => nowS < leadsUntilS && !(abortsOnSentinel && score(ids[0], nowS) === -1),
    choose(nowS) {
      let best = -1
      let bestScore = -1
      for (let i = 0; i < queue.length; i++) {
        const id = ids[i]
        const slackS = deadlineS[id] - nowS
        if (bestScore > 0 && (slackS < 0 || priority[id] < bestScore * slackS * BELOW)) continue
        const value = decided && slackS <= 0 ? 0 : priority[id] / slackS
        if (bestScore >= 0 && !(bestScore <= value)) continue
        if (bestScore === value) {
          if (best < 0 && abortsOnSentinel) throw new SentinelCollision()
          if (best >= 0 && arrivalS[ids[best]] < arrivalS[id]) continue
        }
        best = i
        bestScore = value
      }
      leadsUntilS = bestScore > 0 && best >= 0 ? leadOf(ids[best], nowS) : -Infinity
      return best
    },
  }
}

/** Planaria's scheduler (Ghodrati et al. 2020) without spatial fission: priority over slack. */
export const planaria: Policy = {
  name: 'planaria',
  summary: 'largest priority over slack to the deadline',
  origin: 'published',
  knows: 'network',
  predictor: 'none',
  keyChanges: 'with-time',
  asked: 'every-layer',
  usesDeadlines: true,
  start,
}
