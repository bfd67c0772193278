import type { RequestStream } from '../../model/index.js'
import type { ServeTables } from '../tables.js'
import { drawStream, exponential, type DrawSource, type StreamRequestMix } from './request-draws.js'

/** Poisson arrivals at `rate` requests per second: the published process, draw for draw. */
export function poissonStream(
  tables: ServeTables,
  mix: StreamRequestMix,
  source: DrawSource,
  count: number,
  rate: number,
): RequestStream {
  return drawStream(tables, mix, source, count, () => exponential(source, rate))
}
