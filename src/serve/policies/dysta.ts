import type { Chooser, Policy, PolicySettings } from '../policy.js'
import type { QueueState } from '../queue-state.js'

/** Two scores closer than this, relative, count as equal when a scan is to be saved. */
const CLOSE = 1e-12

/**
 * Dysta (Fan et al. 2023): remaining time + β · (laxity, at least 0 + waiting over size and queue length); the
 * smallest runs (specification §5.6). The addends are not negative, so a request whose remaining time alone is not
 * below the two best scores so far cannot change them: the scan skips the divisions for it. And a score falls by at
 * most β per second while a request waits, so whoever leads by more than that needs no scan. Both are exact.
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
  let chosen = -1
  let chosenS = 0
  let secondScore = -Infinity
  return {
    kind: 'choice',
    score,
    keeps(nowS) {
      const second = secondScore - beta * (nowS - chosenS)
      return prunes && score(chosen, nowS) < second - CLOSE * (secondScore + beta * nowS)
    },
    choose(nowS) {
      const { length } = queue
      let best = 0
      let bestScore = score(ids[0], nowS)
      secondScore = Infinity
      for (let i = 1; i < length; i++) {
        const id = ids[i]
        if (prunes && remainingS[id] >= secondScore) continue
        const value = score(id, nowS)
        if (value < bestScore) {
          secondScore = bestScore
          best = i
          bestScore = value
        } else if (value < secondScore) {
          secondScore = value
        }
      }
      chosen = ids[best]
      chosenS = nowS
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
