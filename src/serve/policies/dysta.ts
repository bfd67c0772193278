import type { Chooser, Policy, PolicySettings } from '../policy.js'
import type { QueueState } from '../queue-state.js'

/**
 * Dysta (Fan et al. 2023): remaining time + β · (laxity, at least 0 + waiting over size and queue length); the
 * smallest runs (specification §5.6). The addends are not negative, so a request whose remaining time alone is not
 * below the best score so far cannot win: the scan skips the divisions for it, exactly.
 */
function start(queue: QueueState, { beta }: PolicySettings): Chooser {
  const { ids, deadlineS, remainingS, isolatedS, lastRunS } = queue
  const score = (id: number, nowS: number): number => {
    const leftS = remainingS[id]
    const laxityS = deadlineS[id] - nowS - leftS
    const waiting = (nowS - lastRunS[id]) / isolatedS[id] / queue.length
    return leftS + beta * ((laxityS > 0 ? laxityS : 0) + waiting)
  }
  const prunes = beta >= 0
  return {
    kind: 'choice',
    score,
    choose(nowS) {
      const { length } = queue
      let best = 0
      let bestScore = score(ids[0], nowS)
      for (let i = 1; i < length; i++) {
        const id = ids[i]
        if (prunes && remainingS[id] >= bestScore) continue
        const value = score(id, nowS)
        if (value < bestScore) {
          best = i
          bestScore = value
        }
      }
      return best
    },
  }
}

const base = {
  origin: 'published',
  keyChanges: 'with-time',
  usesDeadlines: true,
  start,
} satisfies Partial<Policy>

export const dysta: Policy = {
  ...base,
  name: 'dysta',
  summary: 'remaining time, laxity and waiting, corrected by measured sparsity',
  knows: 'pattern',
  predictor: 'average',
}

/** Ablation of the published evaluation: no pattern, no monitor. */
export const dystaNaive: Policy = {
  ...base,
  name: 'dysta_naive',
  summary: 'Dysta without any knowledge of sparsity',
  knows: 'network',
  predictor: 'none',
}

/** Dysta's rule with true remaining times: not an optimum. */
export const dystaOracle: Policy = {
  ...base,
  name: 'dysta_oracle',
  summary: 'Dysta’s rule with true remaining times',
  knows: 'truth',
  predictor: 'none',
}
