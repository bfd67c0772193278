import type { Chooser, Policy, PolicySettings } from '../policy.js'
import type { QueueState } from '../queue-state.js'

const LEVELS = [9, 3]
/** Tokens only grow: whoever has reached the highest level stays a candidate, whatever the exact number. */
const HIGHEST = LEVELS[0]

/**
 * PREMA (Choi and Rhu 2020): tokens grow with priority and waiting; among the requests at or above the largest
 * reached level, the shortest runs (specification §5.3). Once everyone present has reached the highest level, only the
 * running request's remaining time changes, and while it stays below all others no scan is needed.
 */
function start(queue: QueueState, { conventions, explained }: PolicySettings): Chooser {
  const { ids, priority, arrivalS, isolatedS, lastRunS, at } = queue
  const { profiledS, factor } = queue.knowledge
  const token = new Float64Array(priority.length).fill(-1)
  const updatedS = Float64Array.from(arrivalS)
  const countsFresh = conventions.premaFreshTokens === 'counted'
  const sinceUpdate = conventions.premaWaiting === 'since-update'
  const ownRatio = conventions.premaRatio === 'own'
  const enough = explained ? Infinity : HIGHEST
  let chosen = -1
  let othersS = -Infinity
  /** The last in the queue, whose ratio all share where the conventions say so. */
  let lastId = -1
  let sharedRatio = 1
  /** Everyone's token has reached the highest level. */
  let settled = false

  const refresh = (nowS: number): number => {
    let largest = 0
    settled = true
    for (let i = 0; i < queue.length; i++) {
      const id = ids[i]
      if (token[id] >= enough) {
        largest = HIGHEST
        continue
      }
      settled = false
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
    keeps() {
      const ratio = factor[at[ownRatio ? chosen : lastId]]
      return (
        settled && (ownRatio || ratio === sharedRatio) && ratio * profiledS[at[chosen]] < othersS
      )
    },
    choose(nowS) {
      const largest = refresh(nowS)
      const threshold = LEVELS.find((level) => largest >= level) ?? 1
      lastId = ids[queue.length - 1]
      sharedRatio = factor[at[lastId]]
      let best = -1
      let bestS = Infinity
      othersS = Infinity
      for (let i = 0; i < queue.length; i++) {
        const id = ids[i]
        if (token[id] < threshold) continue
        const leftS = (ownRatio ? factor[at[id]] : sharedRatio) * profiledS[at[id]]
        if (best < 0 || leftS < bestS) {
          othersS = bestS
          best = i
          bestS = leftS
        } else if (leftS < othersS) {
          othersS = leftS
        }
      }
      chosen = ids[best]
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
