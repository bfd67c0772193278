import type { Policy } from '../policy.js'
import { bestScore } from './best-score.js'

/** Planaria's scheduler (Ghodrati et al. 2020) without spatial fission: priority over slack (specification §5.4). */
export const planaria: Policy = {
  name: 'planaria',
  summary: 'largest priority over slack to the deadline',
  origin: 'published',
  knows: 'network',
  predictor: 'none',
  keyChanges: 'with-time',
  asked: 'every-layer',
  usesDeadlines: true,
  start(queue, { conventions }) {
    const { priority, deadlineS } = queue
    const decided = conventions.lateRequests === 'decided'
    const score = (id: number, nowS: number): number => {
      const slackS = deadlineS[id] - nowS
      return decided && slackS <= 0 ? 0 : priority[id] / slackS
    }
    return {
      kind: 'choice',
      choose: bestScore(queue, score, conventions.noneChosen === 'minus-one'),
      score,
    }
  },
}
