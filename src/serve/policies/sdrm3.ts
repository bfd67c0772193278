import type { Chooser, Policy, PolicySettings } from '../policy.js'
import type { QueueState } from '../queue-state.js'
import { BELOW, SentinelCollision } from './sentinel.js'

/**
 * Score of DREAM (Kim et al. 2023), called SDRM3 in the published simulator: urgency + α · fairness, the largest runs
 * (specification §5.5); ties and negative scores as in Planaria. Urgency is at most 1, so a request whose fairness
 * alone is too small is passed over without a division, exactly.
 */
function start(queue: QueueState, { alpha, conventions }: PolicySettings): Chooser {
  const { ids, arrivalS, deadlineS, remainingS, lastRunS, at } = queue
  const { nextLayerS, factor } = queue.knowledge
  const decided = conventions.lateRequests === 'decided'
  const abortsOnSentinel = conventions.noneChosen === 'minus-one'
  /** Estimate of each request's next layer. */
  const nextS = new Float64Array(at.length)
  const refresh = (id: number): void => {
    nextS[id] = factor[at[id]] * nextLayerS[at[id]]
  }
  let last = -1
  const score = (id: number, nowS: number): number => {
    const slackS = deadlineS[id] - nowS
    let urgency = remainingS[id] / slackS
    if (urgency > 1 || (decided && slackS <= 0)) urgency = 1
    const fairness = (nowS - lastRunS[id]) / nextS[id]
    return urgency + alpha * fairness
  }
  return {
    kind: 'choice',
    score,
    joined: refresh,
    choose(nowS) {
      if (last >= 0) refresh(last)
      let best = -1
      let bestScore = -1
      for (let i = 0; i < queue.length; i++) {
        const id = ids[i]
        const waitedS = nowS - lastRunS[id]
        if (bestScore > 1 && alpha * waitedS < (bestScore * BELOW - 1) * nextS[id]) continue
        const slackS = deadlineS[id] - nowS
        let urgency = remainingS[id] / slackS
        if (urgency > 1 || (decided && slackS <= 0)) urgency = 1
        const value = urgency + alpha * (waitedS / nextS[id])
        if (bestScore >= 0 && !(bestScore <= value)) continue
        if (bestScore === value) {
          if (best < 0 && abortsOnSentinel) throw new SentinelCollision()
          if (best >= 0 && arrivalS[ids[best]] < arrivalS[id]) continue
        }
        best = i
        bestScore = value
      }
      last = ids[best]
      return best
    },
  }
}

const base = {
  origin: 'published',
  keyChanges: 'with-time',
  asked: 'every-layer',
  usesDeadlines: true,
  start,
} satisfies Partial<Policy>

export const sdrm3: Policy = {
  ...base,
  name: 'sdrm3',
  summary: 'urgency plus fairness (MapScore of DREAM)',
  knows: 'network',
  predictor: 'none',
}

export const sdrm3Sparse: Policy = {
  ...base,
  name: 'sdrm3_sparse',
  summary: 'SDRM3 with estimates corrected by measured sparsity',
  knows: 'pattern',
  predictor: 'average',
}
