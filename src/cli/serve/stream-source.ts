import { InputError, suggestName } from '../../base/index.js'
import { readStreamCsv } from '../../formats/index.js'
import type { Trace } from '../../model/index.js'
import type { Arrivals } from '../../serve/index.js'
import type { ServeOptions } from './options.js'
import type { PlannedStream } from './serve-plan.js'

/** The requests of a CSV file. */
export function givenStream(
  text: string,
  file: string,
  options: ServeOptions,
  traces: readonly Trace[],
  seed: number,
): PlannedStream {
  const { stream, hasSlo } = readStreamCsv(text, file, traces, seed)
  return {
    key: { rate: null, seed: null },
    source: { kind: 'given', stream },
    ...(hasSlo ? {} : { sloMultipliers: options.sloMultiplier ?? [10] }),
  }
}

/** One stream per seed and rate. */
export function generatedStreams(options: ServeOptions, seed: number): PlannedStream[] {
  if (options.rate === undefined) {
    throw new InputError({
      code: 'E-SRV-003',
      message: 'no arrival rate is given',
      hint: 'give --rate R,… in requests per second, or --stream FILE',
    })
  }
  const arrivals = arrivalsOf(options)
  const seeds = options.seeds ?? [seed]
  const rates = options.rate
  return seeds.flatMap((each) =>
    rates.map((rate, rateIndex): PlannedStream => ({
      key: { rate, seed: each },
      source: {
        kind: 'generated',
        arrivals,
        requests: options.requests ?? 1000,
        rates,
        rateIndex,
        seed: each,
      },
      sloMultipliers: options.sloMultiplier ?? [10],
    })),
  )
}

function arrivalsOf(options: ServeOptions): Arrivals {
  const { arrivals = 'poisson', jitter = 0, burst = [3, 0.2, 5] } = options
  switch (arrivals) {
    case 'poisson':
      return { process: 'poisson' }
    case 'periodic':
      return { process: 'periodic', jitter }
    case 'bursts': {
      const [peak, share, lengthS] = burst
      if (!(peak > 1 && share > 0 && share < 1 && peak * share <= 1 && lengthS > 0)) {
        throw new InputError({
          code: 'E-SRV-004',
          message: `--burst ${burst.join(',')}: expected PEAK > 1, 0 < SHARE < 1 with PEAK × SHARE ≤ 1, LENGTH > 0 s`,
        })
      }
      return { process: 'bursts', shape: { peak, share, lengthS } }
    }
    default:
      throw new InputError({
        code: 'E-SRV-005',
        message: `unknown arrival process "${arrivals}"`,
        hint: suggestName(arrivals, ['poisson', 'periodic', 'bursts']),
      })
  }
}
