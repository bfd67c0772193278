import type { GroupMetrics, Outcome, StreamBounds, SummaryRow } from '../../serve/index.js'

/** Where an outcome belongs: which stream of the experiment. */
export interface StreamKey {
  readonly rate: number | null
  readonly seed: number | null
}

/** Streams up to this size print every finish time unasked. */
const PRINTED_REQUESTS = 1000

/** One entry of `results` in the JSON document. */
export function resultRow(
  key: StreamKey,
  outcome: Outcome,
  bounds: StreamBounds | undefined,
  allFinishes: boolean,
): Record<string, unknown> & SummaryRow {
  const { metrics, finishS } = outcome
  const { latencyS, turnaround } = metrics
  return {
    policy: outcome.policy,
    rate: key.rate,
    sloMultiplier: outcome.sloMultiplier ?? null,
    seed: key.seed,
    antt: metrics.antt,
    violationRate: metrics.violationRate,
    throughput: metrics.throughput,
    goodput: metrics.goodput,
    stp: metrics.stp,
    fairness: metrics.fairness,
    utilisation: metrics.utilisation,
    preemptions: metrics.preemptions,
    dropped: metrics.dropped,
    maxQueue: metrics.maxQueue,
    meanQueue: metrics.meanQueue,
    ...(metrics.differingDecisions === undefined
      ? {}
      : { differingDecisions: metrics.differingDecisions }),
    p50LatencyS: latencyS.p50,
    p95LatencyS: latencyS.p95,
    p99LatencyS: latencyS.p99,
    p999LatencyS: latencyS.p999,
    p50Turnaround: turnaround.p50,
    p95Turnaround: turnaround.p95,
    p99Turnaround: turnaround.p99,
    p999Turnaround: turnaround.p999,
    anttBound: bounds?.antt ?? null,
    violationBound: bounds?.violationRate ?? null,
    byTrace: mapGroups(outcome.byTrace),
    byPriority: mapGroups(outcome.byPriority),
    ...(allFinishes || finishS.length <= PRINTED_REQUESTS
      ? { finishS: Array.from(finishS, (value) => (Number.isNaN(value) ? null : value)) }
      : {}),
  }
}

function mapGroups(groups: Readonly<Record<string, GroupMetrics>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(groups).map(([name, group]) => [
      name,
      {
        requests: group.requests,
        dropped: group.dropped,
        antt: group.antt,
        violationRate: group.violationRate,
        p99LatencyS: group.latencyS.p99,
      },
    ]),
  )
}
