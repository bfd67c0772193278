import type { Chooser, Policy, PolicySettings } from '../policy.js'
import type { QueueState } from '../queue-state.js'

const LEVELS = [9, 3]

/**
 * PREMA (Choi and Rhu 2020): tokens grow with priority and waiting; among the requests at or above the largest
 * reached level, the shortest runs (specification §5.3).
 */
function start(queue: QueueState, { conventions }: PolicySettings): Chooser {
  const { ids, priority, arrivalS, isolatedS, lastRunS, at } = queue
  const { profiledS, factor } = queue.knowledge
  const token = new Float64Array(priority.length).fill(-1)
  const updatedS = Float64Array.from(arrivalS)
  const countsFresh = conventions.premaFreshTokens === 'counted'
  const sinceUpdate = conventions.premaWaiting === 'since-update'
  const ownRatio = conventions.premaRatio === 'own'

  const refresh = (nowS: number): number => {
    let largest = 0
    for (let i = 0; i < queue.length; i++) {
      const id = ids[i]
      const fresh = token[id] < 0
      const sizeS = factor[at[id]] * isolatedS[id]
      if (sinceUpdate) {
        const waitedS = nowS - Math.max(lastRunS[id], updatedS[id])
        token[id] = (fresh ? priority[id] : token[id]) + priority[id] * (waitedS / sizeS)
        updatedS[id] = nowS
      } else if (fresh) {
        token[id] = priority[id]
      } else {
        token[id] += priority[id] * ((nowS - lastRunS[id]) / sizeS)
      }
      if ((countsFresh || !fresh) && token[id] > largest) largest = token[id]
    }
    return largest
  }

  return {
    kind: 'choice',
    choose(nowS) {
      const largest = refresh(nowS)
      const threshold = LEVELS.find((level) => largest >= level) ?? 1
      const sharedRatio = factor[at[ids[queue.length - 1]]]
      let best = -1
      let bestS = Infinity
      for (let i = 0; i < queue.length; i++) {
        const id = ids[i]
        if (token[id] < threshold) continue
        const leftS = (ownRatio ? factor[at[id]] : sharedRatio) * profiledS[at[id]]
        if (best < 0 || leftS < bestS) {
          best = i
          bestS = leftS
        }
      }
      return best
    },
    score: (id) => token[id],
  }
}

const base = {
  origin: 'published',
  keyChanges: 'with-time',
  asked: 'every-layer',
  usesDeadlines: false,
  start,
} satisfies Partial<Policy>

export const prema: Policy = {
  ...base,
  name: 'prema',
  summary: 'priority tokens that grow with waiting, then shortest remaining time',
  knows: 'network',
  predictor: 'none',
}

export const premaSparse: Policy = {
  ...base,
  name: 'prema_sparse',
  summary: 'PREMA with estimates corrected by measured sparsity',
  knows: 'pattern',
  predictor: 'average',
}
