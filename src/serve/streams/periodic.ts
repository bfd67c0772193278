import type { RequestStream } from '../../model/index.js'
import type { ServeTables } from '../tables.js'
import { drawStream, type DrawSource, type StreamRequestMix } from './request-draws.js'

/**
 * Arrivals every 1/rate seconds, each moved by a uniform jitter of ± `jitter`/2 periods (0 … 1, so that order is kept):
 * sensor frames.
 */
export function periodicStream(
  tables: ServeTables,
  mix: StreamRequestMix,
  source: DrawSource,
  count: number,
  rate: number,
  jitter = 0,
): RequestStream {
  const periodS = 1 / rate
  let index = 0
  return drawStream(tables, mix, source, count, (timeS) => {
    const offset = jitter > 0 ? jitter * (source.random() - 0.5) : 0
    const dueS = (index + 0.5 + offset) * periodS
    index++
    return dueS - timeS
  })
}
