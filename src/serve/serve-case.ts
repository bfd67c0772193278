import type { RequestStream, Run } from '../model/index.js'
import { measure } from './metrics.js'
import { SentinelCollision } from './policies/index.js'
import type { Policy } from './policy.js'
import { simulate, type SimulateOptions } from './simulate.js'
import type { ServeTables } from './tables.js'

/** Outcome of one policy on an explicit stream, in the field names of a scheduling case file. */
export type CaseOutcome =
  | {
      readonly antt: number
      readonly violation_rate: number
      readonly throughput: number
      readonly finish: readonly number[]
      /** [request, layers] of each uninterrupted piece, in order of time. */
      readonly runs: readonly (readonly [number, number])[]
      readonly decisions?: readonly CaseDecision[]
      readonly decisions_truncated_to?: number
    }
  | { readonly reference_error: string }

export interface CaseDecision {
  readonly t: number
  readonly queue: readonly number[]
  readonly score: readonly (number | 'inf' | '-inf')[]
  readonly pick: number
}

/** Streams of up to this many requests have their decisions logged, this many of them. */
const LOGGED_REQUESTS = 50
const LOGGED_DECISIONS = 150

/** Runs one policy on a case. @returns undefined when cancelled */
export function serveCase(
  stream: RequestStream,
  tables: ServeTables,
  policy: Policy,
  options: Omit<SimulateOptions, 'segments' | 'logDecisions'>,
  run: Run,
): CaseOutcome | undefined {
  const logged = stream.arrivalS.length <= LOGGED_REQUESTS ? LOGGED_DECISIONS : 0
  try {
    const wanted = { ...options, segments: true, logDecisions: logged }
    const simulation = simulate(stream, tables, policy, wanted, run)
    if (simulation === undefined) return undefined
    const { antt, violationRate, throughput } = measure(stream, tables, simulation)
    const decisions = simulation.log?.map((decision) => ({
      t: decision.timeS,
      queue: decision.queue,
      score: decision.scores.map(spellInfinity),
      pick: decision.pick,
    }))
    return {
      antt,
      violation_rate: violationRate,
      throughput,
      finish: [...simulation.finishS],
      runs: (simulation.segments ?? []).map((s) => [s.request, s.layers] as const),
      ...(decisions && decisions.length > 0 ? { decisions } : {}),
      ...(decisions?.length === LOGGED_DECISIONS
        ? { decisions_truncated_to: LOGGED_DECISIONS }
        : {}),
    }
  } catch (error) {
    if (error instanceof SentinelCollision) return { reference_error: error.message }
    throw error
  }
}

function spellInfinity(value: number): number | 'inf' | '-inf' {
  if (value === Infinity) return 'inf'
  return value === -Infinity ? '-inf' : value
}
