import type { RequestStream } from '../../model/index.js'
import type { ServeTables } from '../tables.js'
import { burstStream, type BurstShape } from './bursts.js'
import { periodicStream } from './periodic.js'
import { poissonStream } from './poisson.js'
import { createDrawSource, type DrawSource, type StreamRequestMix } from './request-draws.js'

/** How requests arrive. */
export type Arrivals =
  | { readonly process: 'poisson' }
  | { readonly process: 'periodic'; readonly jitter: number }
  | { readonly process: 'bursts'; readonly shape: BurstShape }

/** One generated stream: the `rateIndex`-th of the rates that one repetition goes through. */
export interface StreamPlan {
  readonly arrivals: Arrivals
  readonly requests: number
  readonly rates: readonly number[]
  readonly rateIndex: number
  readonly seed: number
}

/** The planned stream with SLO = 1 × network latency; {@link withSlo} sets the multiplier. */
export function generateStream(tables: ServeTables, plan: StreamPlan): RequestStream {
  const source = createDrawSource(plan.seed)
  if (tables.conventions.seeding === 'carried-over') {
    // The published repetition seeds once and draws its rates one after the other.
    for (let i = 0; i < plan.rateIndex; i++) draw(tables, plan, source, plan.rates[i])
  }
  return draw(tables, plan, source, plan.rates[plan.rateIndex])
}

function draw(
  tables: ServeTables,
  plan: StreamPlan,
  source: DrawSource,
  rate: number,
): RequestStream {
  const { arrivals, requests } = plan
  const mix: StreamRequestMix = { sloMultipliers: [1] }
  switch (arrivals.process) {
    case 'poisson':
      return poissonStream(tables, mix, source, requests, rate)
    case 'periodic':
      return periodicStream(tables, mix, source, requests, rate, arrivals.jitter)
    case 'bursts':
      return burstStream(tables, mix, source, requests, rate, arrivals.shape)
  }
}

/** The same requests with SLO = multiplier × pattern-blind isolated latency of their network. */
export function withSlo(
  stream: RequestStream,
  tables: ServeTables,
  multiplier: number,
): RequestStream {
  return Object.freeze({
    ...stream,
    sloS: Float64Array.from(
      stream.traceIndex,
      (trace) => tables.profiles[trace].networkLatencyS * multiplier,
    ),
  })
}
