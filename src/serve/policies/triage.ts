import type { Chooser, Policy } from '../policy.js'
import type { QueueState } from '../queue-state.js'
import { createDeadlineOrder, placeOf } from './deadline-order.js'
import { KEPT, mooreHodgson } from './moore-hodgson.js'
import { spendSlack } from './slack-spending.js'

type Pick = (
  queue: QueueState,
  order: Int32Array,
  state: Uint8Array,
  index: Float64Array,
  nowS: number,
) => number

/** Moore-Hodgson triage of everyone present, then one of the kept, or of the others, by `pick`. */
function triageThen(queue: QueueState, pick: Pick): Chooser {
  const { remainingS, executedS, deadlineS, ids } = queue
  const deadlines = createDeadlineOrder(queue)
  const state = new Uint8Array(deadlineS.length)
  const index = new Float64Array(deadlineS.length)
  let heap = new Int32Array(64)
  return {
    kind: 'choice',
    joined: deadlines.joined,
    left: deadlines.left,
    score: (id) => index[id],
    choose(nowS) {
      const { length } = queue
      if (heap.length < length) heap = new Int32Array(2 * length)
      for (let i = 0; i < length; i++) {
        const id = ids[i]
        state[id] = KEPT
        index[id] = remainingS[id] * (executedS[id] + remainingS[id])
      }
      const order = deadlines.ids
      mooreHodgson(order, length, remainingS, deadlineS, nowS, state, heap)
      return placeOf(queue, pick(queue, order, state, index, nowS))
    },
  }
}

/** First kept request by deadline, or −1. */
function firstKept(queue: QueueState, order: Int32Array, state: Uint8Array): number {
  for (let i = 0; i < queue.length; i++) if (state[order[i]] === KEPT) return order[i]
  return -1
}

/** Smallest index of all, first by deadline. */
export function smallestIndex(queue: QueueState, order: Int32Array, index: Float64Array): number {
  let best = order[0]
  for (let i = 1; i < queue.length; i++) if (index[order[i]] < index[best]) best = order[i]
  return best
}

const base = {
  origin: 'heddle',
  knows: 'pattern',
  predictor: 'affine',
  keyChanges: 'with-time',
  usesDeadlines: true,
} satisfies Partial<Policy>

/** Triage, then always the kept request due first: fewest violations, whatever the slowdown. */
export const mhEdf: Policy = {
  ...base,
  name: 'mh_edf',
  summary: 'the largest set that can meet its deadlines, earliest deadline first',
  start: (queue) =>
    triageThen(queue, (q, order, state, index) => {
      const first = firstKept(q, order, state)
      return first >= 0 ? first : smallestIndex(q, order, index)
    }),
}

/** Triage, then the slack of the kept set is spent on the mean slowdown. */
function slackSpending(margin: number): Policy['start'] {
  return (queue) =>
    triageThen(queue, (q, order, state, index, nowS) => {
      const free = spendSlack(q, order, state, index, margin, nowS)
      return free >= 0 ? free : smallestIndex(q, order, index)
    })
}

export const mh2: Policy = {
  ...base,
  name: 'mh2',
  summary: 'the largest set that can meet its deadlines; its slack goes to the mean slowdown',
  start: slackSpending(0),
}

export const mh2Margin: Policy = {
  ...base,
  name: 'mh2_margin',
  summary: 'mh2 with a reserve of 20 % on every estimate',
  start: slackSpending(0.2),
}
