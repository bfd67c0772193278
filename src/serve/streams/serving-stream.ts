import { createRng, type Rng } from '../../base/index.js'
import {
  createRequestStream,
  type Request,
  type RequestSource,
  type RequestStream,
  type ServingMix,
  type SourceArrivals,
} from '../../model/index.js'
import type { ServeTables } from '../tables.js'

/** One drawing of a mix. */
export interface ServingDraw {
  readonly seed: number
  /** Factor on the rate of every drawn source. */
  readonly load: number
  /** SLO of the sources that have none of their own, over the isolated latency of the network. */
  readonly sloMultiplier: number
}

/** A request on its way into the stream: its place among all, and that of the one it follows. */
interface Draft extends Omit<Request, 'parent'> {
  readonly leader?: Draft
}

/**
 * The requests of a mix by arrival, of equal times those of the source named first. Every source has a random stream of
 * its own, so adding one does not move the requests of the others.
 */
export function servingStream(
  tables: ServeTables,
  mix: ServingMix,
  draw: ServingDraw,
): RequestStream {
  const bySource: Draft[][] = []
  mix.sources.forEach((source, index) => {
    const rng = createRng(draw.seed, index)
    const requestOf = drafter(tables, source, draw.sloMultiplier, rng)
    bySource.push(
      source.arrivals.kind === 'after'
        ? followers(bySource[source.arrivals.source], source, source.arrivals, requestOf, rng)
        : Array.from(arrivalTimes(source, source.arrivals, mix.seconds, draw.load, rng), (time) =>
            requestOf(time),
          ),
    )
  })
  const all = bySource.flat()
  const order = all.map((_, i) => i)
  order.sort((a, b) => all[a].arrivalS - all[b].arrivalS || a - b)
  const place = new Map(order.map((from, to) => [all[from], to]))
  return createRequestStream(
    order.map((from) => {
      const { leader, ...request } = all[from]
      return { ...request, parent: leader === undefined ? -1 : (place.get(leader) ?? -1) }
    }),
  )
}

/** Draws network and sample of one request after the other. */
function drafter(
  tables: ServeTables,
  source: RequestSource,
  experimentMultiplier: number,
  rng: Rng,
): (arrivalS: number, leader?: Draft) => Draft {
  const { traces, priority, sample, slo } = source
  const total = traces.reduce((sum, each) => sum + each.weight, 0)
  const pick = (): number => {
    let left = rng.next() * total
    for (const { trace, weight } of traces) if ((left -= weight) < 0) return trace
    return traces[traces.length - 1].trace
  }
  return (arrivalS, leader) => {
    const traceIndex = traces.length === 1 ? traces[0].trace : pick()
    const sampleIndex = sample ?? rng.below(tables.traces[traceIndex].sampleCount)
    const isolatedS = tables.profiles[traceIndex].networkLatencyS
    const multiplier =
      slo !== undefined && 'multiplier' in slo ? slo.multiplier : experimentMultiplier
    const sloS = slo !== undefined && 'seconds' in slo ? slo.seconds : isolatedS * multiplier
    return { arrivalS, traceIndex, sampleIndex, priority, sloS, ...(leader ? { leader } : {}) }
  }
}

function followers(
  leaders: readonly Draft[],
  source: RequestSource,
  { probability }: Extract<SourceArrivals, { kind: 'after' }>,
  requestOf: (arrivalS: number, leader: Draft) => Draft,
  rng: Rng,
): Draft[] {
  const out: Draft[] = []
  for (const leader of leaders) {
    if (out.length === source.requests) break
    if (rng.next() < probability) out.push(requestOf(leader.arrivalS, leader))
  }
  return out
}

function* arrivalTimes(
  { requests = Infinity }: RequestSource,
  arrivals: Exclude<SourceArrivals, { kind: 'after' }>,
  seconds = Infinity,
  load: number,
  rng: Rng,
): Generator<number> {
  let count = 0
  for (const timeS of endlessTimes(arrivals, load, rng)) {
    if (count++ >= requests || timeS >= seconds) return
    yield timeS
  }
}

function* endlessTimes(
  arrivals: Exclude<SourceArrivals, { kind: 'after' }>,
  load: number,
  rng: Rng,
): Generator<number> {
  if (arrivals.kind === 'given') {
    yield* arrivals.arrivalS
    return
  }
  const rate = arrivals.ratePerS * load
  let timeS = 0
  switch (arrivals.kind) {
    case 'poisson':
      for (;;) yield (timeS += rng.exponential(rate))
    case 'periodic':
      for (let n = 0; ; n++) yield (n + 0.5 + arrivals.jitter * (rng.next() - 0.5)) / rate
    case 'bursts': {
      const { peak, share, lengthS } = arrivals
      const lengths = [(lengthS * (1 - share)) / share, lengthS]
      const rates = [(rate * (1 - peak * share)) / (1 - share), rate * peak]
      let state = rng.next() < share ? 1 : 0
      let untilS = rng.exponential(1 / lengths[state])
      for (;;) {
        const nextS = rates[state] > 0 ? timeS + rng.exponential(rates[state]) : Infinity
        // Exponential gaps forget the past: draw again from the change of state.
        if (nextS < untilS) yield (timeS = nextS)
        else {
          timeS = untilS
          state = 1 - state
          untilS = timeS + rng.exponential(1 / lengths[state])
        }
      }
    }
  }
}
