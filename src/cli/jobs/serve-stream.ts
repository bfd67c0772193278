import { performance } from 'node:perf_hooks'
import type { RequestStream, Run, ServingMix, Trace } from '../../model/index.js'
import {
  conventionsByName,
  createTables,
  evaluateStream,
  generateStream,
  policies,
  predictors,
  servingStream,
  sloVariants,
  type Arrivals,
  type HardwareFormat,
  type ServeSystem,
  type ServeTables,
  type StreamOutcomes,
  type StreamVariant,
} from '../../serve/index.js'

/** Some policies on one stream, given or generated. */
export interface ServeStreamJob {
  readonly traces: readonly Trace[]
  readonly conventions: string
  readonly policies: readonly string[]
  readonly predictor?: string
  readonly alpha: number
  readonly beta: number
  readonly hardwareFormat: HardwareFormat
  readonly system: ServeSystem
  readonly source:
    | { readonly kind: 'given'; readonly stream: RequestStream }
    | {
        readonly kind: 'generated'
        readonly arrivals: Arrivals
        readonly requests: number
        readonly rates: readonly number[]
        readonly rateIndex: number
        readonly seed: number
      }
    | {
        readonly kind: 'mix'
        readonly mix: ServingMix
        readonly load: number
        readonly seed: number
      }
  readonly sloMultipliers?: readonly number[]
  /** Keep who ran when, for the timeline. */
  readonly segments: boolean
}

export interface ServeStreamResult extends StreamOutcomes {
  /** Requests simulated, and the seconds that took. */
  readonly simulatedRequests: number
  readonly seconds: number
}

export function run(job: ServeStreamJob, run: Run): ServeStreamResult | undefined {
  if (run.cancelled()) return undefined
  const tables = createTables(job.traces, conventionsByName[job.conventions])
  const variants = variantsOf(job, tables)
  let seconds = 0
  let simulations = 0
  const timed = <T>(simulation: () => T): T => {
    const started = performance.now()
    const result = simulation()
    seconds += (performance.now() - started) / 1000
    simulations++
    return result
  }
  const outcomes = evaluateStream(
    variants,
    tables,
    job.policies.map((name) => policies[name]),
    {
      alpha: job.alpha,
      beta: job.beta,
      hardwareFormat: job.hardwareFormat,
      system: job.system,
      segments: job.segments,
      timed,
      ...(job.predictor === undefined ? {} : { predictor: predictors[job.predictor] }),
    },
    run,
  )
  if (outcomes === undefined) return undefined
  return {
    ...outcomes,
    simulatedRequests: simulations * variants[0].stream.arrivalS.length,
    seconds,
  }
}

function variantsOf(
  { source, sloMultipliers }: ServeStreamJob,
  tables: ServeTables,
): readonly StreamVariant[] {
  switch (source.kind) {
    case 'given':
      return sloVariants(source.stream, tables, sloMultipliers)
    case 'generated':
      return sloVariants(generateStream(tables, source), tables, sloMultipliers)
    case 'mix': {
      const { mix, load, seed } = source
      const draw = (sloMultiplier: number): RequestStream =>
        servingStream(tables, mix, { seed, load, sloMultiplier })
      return (
        sloMultipliers?.map((sloMultiplier) => ({
          sloMultiplier,
          stream: draw(sloMultiplier),
        })) ?? [{ stream: draw(1) }]
      )
    }
  }
}
