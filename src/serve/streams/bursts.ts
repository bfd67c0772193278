import type { RequestStream } from '../../model/index.js'
import type { ServeTables } from '../tables.js'
import { drawStream, exponential, type DrawSource, type StreamRequestMix } from './request-draws.js'

/** A two-state Markov-modulated Poisson process. */
export interface BurstShape {
  /** Arrival rate in a burst over the mean rate, > 1. */
  readonly peak: number
  /** Fraction of time in a burst, 0 … 1, with peak × share ≤ 1. */
  readonly share: number
  /** Mean length of a burst in seconds. */
  readonly lengthS: number
}

/** Arrivals at `rate` on average, in bursts. */
export function burstStream(
  tables: ServeTables,
  mix: StreamRequestMix,
  source: DrawSource,
  count: number,
  rate: number,
  shape: BurstShape,
): RequestStream {
  const busyRate = rate * shape.peak
  const calmRate = (rate * (1 - shape.peak * shape.share)) / (1 - shape.share)
  const calmLengthS = (shape.lengthS * (1 - shape.share)) / shape.share
  let bursting = source.random() < shape.share
  let switchS = exponential(source, 1 / (bursting ? shape.lengthS : calmLengthS))
  return drawStream(tables, mix, source, count, (fromS) => {
    let timeS = fromS
    for (;;) {
      const nextS = timeS + exponential(source, bursting ? busyRate : calmRate)
      if (nextS < switchS) return nextS - fromS
      // Exponential gaps forget the past: draw again from the change of state.
      timeS = switchS
      bursting = !bursting
      switchS = timeS + exponential(source, 1 / (bursting ? shape.lengthS : calmLengthS))
    }
  })
}
