import {
  acceleratorPool,
  createTables,
  measure,
  measureGroup,
  policies,
  publishedSettings,
  effectiveArrivals,
  simulateSystem,
  standard,
} from '../serve/index.js'
import { createTrace, type Run, type Scenario } from '../model/index.js'
import { scenarioStream } from './scenario-stream.js'

/** A trace as plain lists, so that the step can be cached. */
export interface PlainTrace {
  readonly name: string
  readonly sampleCount: number
  readonly layerCount: number
  readonly latencyS: readonly number[]
  readonly sparsity: readonly number[]
}

/** One policy on one stream of requests. */
export interface ServeStepInput {
  readonly scenario: Pick<Scenario, 'networks' | 'serve'>
  readonly traces: readonly PlainTrace[]
  readonly sloS: readonly number[]
  readonly policy: string
  readonly seed: number
  /** Remember who ran when, for this many segments from the start; 0 = not at all. */
  readonly segments: number
}

/** Which request ran when, in seconds. */
export interface ServedSegment {
  readonly network: string
  readonly request: number
  readonly startS: number
  readonly endS: number
}

export interface ServeStepOutput {
  readonly policy: string
  readonly seed: number
  readonly requests: number
  readonly antt: number
  readonly violationRate: number
  readonly meanLatencyMs: number
  readonly p99LatencyMs: number
  readonly throughput: number
  readonly utilisation: number
  /** Per network of the scenario. */
  readonly networks: readonly {
    readonly name: string
    readonly requests: number
    readonly violationRate: number
    readonly p99LatencyMs: number
  }[]
  readonly segments: readonly ServedSegment[]
}

/** Serves the scenario's requests on the placed chip. */
export function serveStep(input: ServeStepInput, run: Run): ServeStepOutput {
  const traces = input.traces.map(({ latencyS, sparsity, ...rest }) =>
    createTrace({
      ...rest,
      latencyS: Float64Array.from(latencyS),
      sparsity: Float64Array.from(sparsity),
    }),
  )
  const tables = createTables(traces, standard)
  const samples = traces.map((trace) => trace.sampleCount)
  const stream = scenarioStream({ ...EMPTY, ...input.scenario }, input.sloS, samples, input.seed)
  const { partitions } = input.scenario.serve
  const simulation = simulateSystem(
    stream,
    tables,
    policies[input.policy],
    acceleratorPool(partitions),
    { ...publishedSettings, segments: input.segments > 0 },
    run,
  )
  if (simulation === undefined) throw new Error('the simulation was cancelled')
  const metrics = measure(stream, tables, simulation, partitions)
  const arrivals = effectiveArrivals(stream, simulation.finishS)
  let latency = 0
  simulation.finishS.forEach((finish, i) => (latency += finish - arrivals[i]))
  return {
    policy: input.policy,
    seed: input.seed,
    requests: metrics.requests,
    antt: metrics.antt,
    violationRate: metrics.violationRate,
    meanLatencyMs: (1000 * latency) / metrics.requests,
    p99LatencyMs: 1000 * metrics.latencyS.p99,
    throughput: metrics.throughput,
    utilisation: metrics.utilisation,
    networks: input.traces.map(({ name }, index) => {
      const own = Int32Array.from(simulation.finishS.keys()).filter(
        (i) => stream.traceIndex[i] === index,
      )
      const group = measureGroup(stream, tables, simulation.finishS, arrivals, own)
      return {
        name,
        requests: group.requests,
        violationRate: group.violationRate,
        p99LatencyMs: 1000 * group.latencyS.p99,
      }
    }),
    segments: (simulation.segments ?? []).slice(0, input.segments).map((segment) => ({
      network: input.traces[stream.traceIndex[segment.request]].name,
      request: segment.request,
      startS: segment.startS,
      endS: segment.endS,
    })),
  }
}

const EMPTY = {
  kind: 'scenario',
  name: '',
  description: '',
  chip: { name: '', cores: [] },
  objective: 'violations',
} as const satisfies Omit<Scenario, 'networks' | 'serve'>
