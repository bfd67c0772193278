import type { QueueState } from '../queue-state.js'

/** The published program cannot tell this score from "no request chosen yet" and aborts (specification, quirk 8). */
export class SentinelCollision extends Error {
  override readonly name = 'SentinelCollision'
  constructor() {
    super('a score of exactly -1 on the first queued request: the published program aborts')
  }
}

/**
 * Selection of Planaria and SDRM3 (specification §5.4): the largest score, ties to the earlier arrival, equal
 * arrivals to the later place. While the best score is negative every later request replaces it, so an all-late
 * queue is served from its end.
 */
export function bestScore(
  queue: QueueState,
  score: (id: number, nowS: number) => number,
  abortsOnSentinel: boolean,
): (nowS: number) => number {
  const { ids, arrivalS } = queue
  return (nowS) => {
    let best = -1
    let bestValue = -1
    for (let i = 0; i < queue.length; i++) {
      const value = score(ids[i], nowS)
      if (bestValue >= 0 && !(bestValue <= value)) continue
      if (bestValue === value) {
        if (best < 0 && abortsOnSentinel) throw new SentinelCollision()
        if (best >= 0 && arrivalS[ids[best]] < arrivalS[ids[i]]) continue
      }
      best = i
      bestValue = value
    }
    return best
  }
}
