/** The published program cannot tell this score from "no request chosen yet" and aborts (specification, quirk 8). */
export class SentinelCollision extends Error {
  override readonly name = 'SentinelCollision'
  constructor() {
    super('a score of exactly -1 on the first queued request: the published program aborts')
  }
}

/**
 * Bounds of scores are worked out without divisions and rounded otherwise than the scores: a request is passed over
 * only when its bound is smaller by more than this, relative.
 */
export const BELOW = 1 - 1e-12
