import { MersenneTwister } from '../../base/index.js'
import { createRequestStream, type Request, type RequestStream } from '../../model/index.js'
import type { ServeTables } from '../tables.js'

const PRIORITIES = [1, 3, 9]
/** Number of fields of the published program's model record, which it draws the sample from (specification, quirk 1). */
const PUBLISHED_SAMPLES = 7

/** What every generated stream is made of. */
export interface StreamRequestMix {
  /** SLO of request i = this × pattern-blind isolated latency of its network; several are dealt in turn. */
  readonly sloMultipliers: readonly number[]
}

/** A random source in the published order of draws; one repetition may generate several streams from it. */
export type DrawSource = MersenneTwister

export function createDrawSource(seed: number): DrawSource {
  return new MersenneTwister(seed)
}

/** `expovariate(rate)`. */
export function exponential(source: DrawSource, rate: number): number {
  return -Math.log(1 - source.random()) / rate
}

/**
 * Gives each arrival its network, priority and sample, in the published order of draws (specification §3): the gap
 * first, then network, priority, sample. `nextGapS` draws the gap.
 */
export function drawStream(
  tables: ServeTables,
  mix: StreamRequestMix,
  source: DrawSource,
  count: number,
  nextGapS: (timeS: number) => number,
): RequestStream {
  const requests: Request[] = []
  let timeS = 0
  for (let i = 0; i < count; i++) {
    timeS += nextGapS(timeS)
    const traceIndex = source.below(tables.traces.length)
    const priority = PRIORITIES[source.below(PRIORITIES.length)]
    const samples =
      tables.conventions.sampling === 'all'
        ? tables.traces[traceIndex].sampleCount
        : PUBLISHED_SAMPLES
    const sampleIndex = source.below(samples)
    const sloS =
      tables.profiles[traceIndex].networkLatencyS *
      mix.sloMultipliers[i % mix.sloMultipliers.length]
    requests.push({ arrivalS: timeS, traceIndex, sampleIndex, priority, sloS })
  }
  return createRequestStream(requests)
}
