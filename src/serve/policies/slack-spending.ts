import type { QueueState } from '../queue-state.js'
import { KEPT } from './moore-hodgson.js'

/**
 * Who may run without endangering the kept set: going by deadline, a kept request may jump ahead when its remaining
 * time fits the smallest slack of all kept ones due before it (the first is always free to run), any other request
 * when it fits the smallest slack of all. Among those, the smallest index wins, ties by deadline order.
 * @param order requests in the system by deadline
 * @param state {@link KEPT} or not
 * @param index what decides among those free to run; Infinity = only when nobody else is free
 * @param margin relative reserve on every estimate
 * @returns the request to run, or −1 when nobody is free
 */
export function spendSlack(
  queue: QueueState,
  order: Int32Array,
  state: Uint8Array,
  index: Float64Array,
  margin: number,
  nowS: number,
): number {
  const { remainingS, deadlineS, length } = queue
  const scale = 1 + margin
  let smallestSlackS = Infinity
  let keptS = 0
  let best = -1
  let bestIndex = Infinity
  for (let i = 0; i < length; i++) {
    const id = order[i]
    if (state[id] !== KEPT) continue
    if (remainingS[id] * scale <= smallestSlackS && index[id] < bestIndex) {
      bestIndex = index[id]
      best = id
    }
    keptS += remainingS[id]
    const slackS = deadlineS[id] - nowS - keptS * scale
    if (slackS < smallestSlackS) smallestSlackS = slackS
  }
  for (let i = 0; i < length; i++) {
    const id = order[i]
    if (state[id] === KEPT || index[id] >= bestIndex) continue
    if (remainingS[id] * scale <= smallestSlackS) {
      bestIndex = index[id]
      best = id
    }
  }
  return best
}
