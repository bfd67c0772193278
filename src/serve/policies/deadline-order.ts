import type { QueueState } from '../queue-state.js'

/** The requests in the queue by deadline, ties by admission, kept up to date as they come and go. */
export interface DeadlineOrder {
  ids: Int32Array
  count: number
  readonly joined: (id: number) => void
  readonly left: (id: number) => void
}

export function createDeadlineOrder(queue: QueueState): DeadlineOrder {
  const { deadlineS } = queue
  const order: DeadlineOrder = {
    ids: new Int32Array(64),
    count: 0,
    joined(id) {
      if (order.count === order.ids.length) {
        const larger = new Int32Array(2 * order.count)
        larger.set(order.ids)
        order.ids = larger
      }
      const { ids } = order
      let i = order.count++
      for (; i > 0; i--) {
        const other = ids[i - 1]
        if (deadlineS[other] < deadlineS[id]) break
        if (deadlineS[other] === deadlineS[id] && other < id) break
        ids[i] = other
      }
      ids[i] = id
    },
    left(id) {
      const { ids } = order
      let i = ids.indexOf(id)
      for (order.count--; i < order.count; i++) ids[i] = ids[i + 1]
    },
  }
  return order
}

/**
 * Whether everyone in the queue can meet the deadline: earliest deadline first, as estimated, finds it out (Jackson 1955).
 * @param order requests in the queue by deadline
 */
export function allCanBeOnTime(queue: QueueState, order: Int32Array, nowS: number): boolean {
  const { remainingS, deadlineS, length } = queue
  let endS = nowS
  for (let i = 0; i < length; i++) {
    const id = order[i]
    endS += remainingS[id]
    if (endS > deadlineS[id]) return false
  }
  return true
}

/** Place of a request in `queue.ids`, or −1. */
export function placeOf({ ids, length }: QueueState, id: number): number {
  for (let i = 0; i < length; i++) if (ids[i] === id) return i
  return -1
}
