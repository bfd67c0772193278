import { existsSync, readFileSync } from 'node:fs'
import { InputError, suggestName } from '../../base/index.js'
import { readStreamCsv } from '../../formats/index.js'
import type { Trace } from '../../model/index.js'
import { acceleratorPool, type Arrivals, type ServeSystem } from '../../serve/index.js'
import type { ServeStreamJob } from '../jobs/serve-stream.js'
import type { ServeOptions } from './options.js'
import type { StreamKey } from './stream-results.js'

interface PlannedStream {
  readonly key: StreamKey
  readonly source: ServeStreamJob['source']
  readonly sloMultipliers?: readonly number[]
}

/** The streams that the options ask for: one from a file, or one per seed and rate. */
export function streamSource(
  options: ServeOptions,
  traces: readonly Trace[],
  seed: number,
): PlannedStream[] {
  const multipliers = options.sloMultiplier ?? [10]
  if (options.stream !== undefined) {
    if (!existsSync(options.stream)) {
      throw new InputError({
        code: 'E-STR-000',
        at: { file: options.stream },
        message: 'there is no such stream file',
      })
    }
    const given = readStreamCsv(readFileSync(options.stream, 'utf8'), options.stream, traces, seed)
    return [
      {
        key: { rate: null, seed: null },
        source: { kind: 'given', stream: given.stream },
        ...(given.hasSlo ? {} : { sloMultipliers: multipliers }),
      },
    ]
  }
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
    rates.map((rate, rateIndex) => ({
      key: { rate, seed: each },
      source: {
        kind: 'generated' as const,
        arrivals,
        requests: options.requests,
        rates,
        rateIndex,
        seed: each,
      },
      sloMultipliers: multipliers,
    })),
  )
}

function arrivalsOf(options: ServeOptions): Arrivals {
  switch (options.arrivals) {
    case 'poisson':
      return { process: 'poisson' }
    case 'periodic':
      return { process: 'periodic', jitter: options.jitter }
    case 'bursts': {
      const [peak, share, lengthS] = options.burst
      if (!(peak > 1 && share > 0 && share < 1 && peak * share <= 1 && lengthS > 0)) {
        throw new InputError({
          code: 'E-SRV-004',
          message: `--burst ${options.burst.join(',')}: expected PEAK > 1, 0 < SHARE < 1 with PEAK × SHARE ≤ 1, LENGTH > 0 s`,
        })
      }
      return { process: 'bursts', shape: { peak, share, lengthS } }
    }
    default:
      throw new InputError({
        code: 'E-SRV-005',
        message: `unknown arrival process "${options.arrivals}"`,
        hint: suggestName(options.arrivals, ['poisson', 'periodic', 'bursts']),
      })
  }
}

/** The machine that the options ask for. */
export function systemOf(options: ServeOptions): ServeSystem {
  const pool = acceleratorPool(options.speeds?.length ?? options.accelerators)
  return {
    ...pool,
    ...(options.speeds === undefined ? {} : { speeds: options.speeds }),
    saveS: options.saveMs / 1000,
    restoreS: options.restoreMs / 1000,
    admission: options.admission,
  }
}
