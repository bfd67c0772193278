import type { Chooser, Policy, PolicySettings } from '../policy.js'
import type { QueueState } from '../queue-state.js'
import { bestScore } from './best-score.js'

/** Score of DREAM (Kim et al. 2023), called SDRM3 in the published simulator: urgency + α · fairness (specification §5.5). */
function start(queue: QueueState, { alpha, conventions }: PolicySettings): Chooser {
  const { deadlineS, remainingS, lastRunS, at } = queue
  const { nextLayerS, factor } = queue.knowledge
  const decided = conventions.lateRequests === 'decided'
  const score = (id: number, nowS: number): number => {
    const slackS = deadlineS[id] - nowS
    let urgency = remainingS[id] / slackS
    if (urgency > 1 || (decided && slackS <= 0)) urgency = 1
    const position = at[id]
    const fairness = (nowS - lastRunS[id]) / (factor[position] * nextLayerS[position])
    return urgency + alpha * fairness
  }
  return {
    kind: 'choice',
    choose: bestScore(queue, score, conventions.noneChosen === 'minus-one'),
    score,
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
