import type { RequestStream, Run, Trace } from '../model/index.js'
import { streamBounds, type StreamBounds } from './bounds.js'
import {
  effectiveArrivals,
  measure,
  measureGroup,
  type GroupMetrics,
  type Metrics,
} from './metrics.js'
import type { Policy } from './policy.js'
import { simulateSystem, type ServeSystem } from './pool/index.js'
import type { SimulateOptions } from './simulate.js'
import type { Segment } from './simulation.js'
import { withSlo } from './streams/index.js'
import type { ServeTables } from './tables.js'

/** One policy on one stream with one SLO. */
export interface Outcome {
  readonly policy: string
  /** Multiplier of the SLO; absent when the stream brings its own. */
  readonly sloMultiplier?: number
  readonly metrics: Metrics
  readonly byTrace: Readonly<Record<string, GroupMetrics>>
  readonly byPriority: Readonly<Record<string, GroupMetrics>>
  readonly finishS: Float64Array
  readonly arrivalS: Float64Array
  readonly traceIndex: Int32Array
  readonly sampleIndex: Int32Array
  readonly segments?: readonly Segment[]
}

/** All outcomes on one stream, and per SLO what no policy could beat. */
export interface StreamOutcomes {
  readonly outcomes: readonly Outcome[]
  readonly bounds: readonly (StreamBounds | undefined)[]
}

/** A stream under one SLO; variants of one stream differ in their SLOs only. */
export interface StreamVariant {
  /** Multiplier behind the SLOs; absent when the stream brings its own. */
  readonly sloMultiplier?: number
  readonly stream: RequestStream
}

/** A stream under each of some SLO multipliers, or with its own SLOs. */
export function sloVariants(
  stream: RequestStream,
  tables: ServeTables,
  sloMultipliers?: readonly number[],
): readonly StreamVariant[] {
  if (sloMultipliers === undefined) return [{ stream }]
  return sloMultipliers.map((sloMultiplier) => ({
    sloMultiplier,
    stream: withSlo(stream, tables, sloMultiplier),
  }))
}

export interface EvaluateOptions extends SimulateOptions {
  readonly system: ServeSystem
  /** Work out the lower bounds too; default true. */
  readonly bounds?: boolean
  /** Called around every simulation, so that a caller with a clock can time them. */
  readonly timed?: <T>(simulation: () => T) => T
}

/** The relaxation behind the violation bound takes time that grows with the square of the number of requests. */
const BOUNDED_REQUESTS = 5000

/**
 * Runs policies on the variants of a stream, one simulation per policy and variant; a policy that ignores deadlines is
 * simulated once for all.
 * @returns undefined when cancelled
 */
export function evaluateStream(
  variants: readonly StreamVariant[],
  tables: ServeTables,
  policies: readonly Policy[],
  options: EvaluateOptions,
  run: Run,
): StreamOutcomes | undefined {
  const { system } = options
  const timed = options.timed ?? (<T>(simulation: () => T): T => simulation())
  const outcomes: Outcome[] = []
  for (const policy of policies) {
    const shared = !policy.usesDeadlines && system.admission === 'all'
    let simulation: ReturnType<typeof simulateSystem> = undefined
    for (const { stream: variant, sloMultiplier } of variants) {
      if (simulation === undefined || !shared)
        simulation = timed(() => simulateSystem(variant, tables, policy, system, options, run))
      if (simulation === undefined) return undefined
      const { finishS } = simulation
      const arrivalS = effectiveArrivals(variant, finishS)
      const group = (by: (id: number) => string): Record<string, GroupMetrics> =>
        groups(variant, tables, finishS, arrivalS, by)
      outcomes.push({
        policy: policy.name,
        ...(sloMultiplier === undefined ? {} : { sloMultiplier }),
        metrics: measure(variant, tables, simulation, system.speeds.length),
        byTrace: group((id) => tables.traces[variant.traceIndex[id]].name),
        byPriority: group((id) => String(variant.priority[id])),
        finishS,
        arrivalS,
        traceIndex: variant.traceIndex,
        sampleIndex: variant.sampleIndex,
        ...(simulation.segments ? { segments: simulation.segments } : {}),
      })
    }
  }
  const bounded =
    options.bounds !== false &&
    variants.every(({ stream }) => stream.arrivalS.length <= BOUNDED_REQUESTS) &&
    system.admission === 'all' &&
    system.speeds.every((speed) => speed === 1)
  const bounds = variants.map(({ stream }) =>
    bounded ? streamBounds(stream, tables, system.speeds.length) : undefined,
  )
  return { outcomes, bounds }
}

function groups(
  stream: RequestStream,
  tables: ServeTables,
  finishS: Float64Array,
  arrivalS: Float64Array,
  nameOf: (id: number) => string,
): Record<string, GroupMetrics> {
  const members = new Map<string, number[]>()
  for (let id = 0; id < finishS.length; id++) {
    const name = nameOf(id)
    const list = members.get(name)
    if (list) list.push(id)
    else members.set(name, [id])
  }
  return Object.fromEntries(
    [...members]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, ids]) => [
        name,
        measureGroup(stream, tables, finishS, arrivalS, Int32Array.from(ids)),
      ]),
  )
}

/** True isolated latency of each request of an outcome, seconds. */
export function isolatedLatencies(
  traces: readonly Trace[],
  outcome: Pick<Outcome, 'traceIndex' | 'sampleIndex'>,
): Float64Array {
  return Float64Array.from(outcome.traceIndex, (t, i) => {
    const { latencyS, layerCount } = traces[t]
    const row = outcome.sampleIndex[i] * layerCount
    let sum = 0
    for (let l = 0; l < layerCount; l++) sum += latencyS[row + l]
    return sum
  })
}
