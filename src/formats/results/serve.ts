import { z } from 'zod'

const nullableNumber = z.number().nullable()
const estimate = z.strictObject({ mean: z.number(), halfWidth: z.number() })
const point = {
  policy: z.string(),
  rate: nullableNumber.describe('requests per second; null for a given stream'),
  sloMultiplier: nullableNumber.describe('null when the stream brings its own SLOs'),
}
const group = z.strictObject({
  requests: z.int(),
  dropped: z.int(),
  antt: nullableNumber,
  violationRate: z.number(),
  p99LatencyS: nullableNumber,
})

/** One stream under one policy. */
const streamResult = z.strictObject({
  ...point,
  seed: nullableNumber,
  antt: nullableNumber.describe('mean of (finish − arrival) / isolated latency'),
  violationRate: z.number().describe('fraction that finished after its deadline or was dropped'),
  throughput: z.number().describe('finished requests per second'),
  goodput: z.number().describe('requests within their SLO per second'),
  stp: z.number().describe('summed progress rates, mean over time'),
  fairness: z.number().describe('Jain’s index of progress rates'),
  utilisation: z.number(),
  preemptions: z.int(),
  dropped: z.int(),
  maxQueue: z.int(),
  meanQueue: z.number(),
  differingDecisions: z
    .number()
    .optional()
    .describe('dysta-hw: share of decisions that double precision takes otherwise'),
  p50LatencyS: nullableNumber,
  p95LatencyS: nullableNumber,
  p99LatencyS: nullableNumber,
  p999LatencyS: nullableNumber,
  p50Turnaround: nullableNumber,
  p95Turnaround: nullableNumber,
  p99Turnaround: nullableNumber,
  p999Turnaround: nullableNumber,
  anttBound: nullableNumber.describe('no schedule of this stream has a smaller ANTT'),
  violationBound: nullableNumber.describe('no schedule of this stream has a smaller rate'),
  byTrace: z.record(z.string(), group),
  byPriority: z.record(z.string(), group),
  finishS: z
    .array(nullableNumber)
    .optional()
    .describe('per request; null when dropped; up to 1000 requests, or with --requests-out'),
})

const caseOutcome = z.union([
  z.strictObject({
    antt: z.number(),
    violation_rate: z.number(),
    throughput: z.number(),
    finish: z.array(z.number()),
    runs: z.array(z.tuple([z.int(), z.int()])),
    decisions: z
      .array(
        z.strictObject({
          t: z.number(),
          queue: z.array(z.int()),
          score: z.array(z.union([z.number(), z.enum(['inf', '-inf'])])),
          pick: z.int(),
        }),
      )
      .optional(),
    decisions_truncated_to: z.int().optional(),
  }),
  z.strictObject({ reference_error: z.string() }),
])

/** `heddle serve --json`: streams, or with `--case` one case. */
export const serveResult = z.union([
  z.strictObject({
    conventions: z.string(),
    accelerators: z.int(),
    results: z.array(streamResult),
    summary: z.array(
      z.strictObject({
        ...point,
        repetitions: z.int(),
        antt: estimate,
        violationRate: estimate,
        throughput: estimate,
        p99LatencyS: estimate,
        anttBound: nullableNumber,
        violationBound: nullableNumber,
      }),
    ),
    paired: z.array(
      z.strictObject({
        ...point,
        baseline: z.string(),
        repetitions: z.int(),
        anttRelative: estimate,
        violationDifference: estimate,
        violationRate: z.number(),
        baselineViolationRate: z.number(),
        fewerViolations: z.int(),
        equalViolations: z.int(),
        moreViolations: z.int(),
        lowerAntt: z.int(),
      }),
    ),
    requestsPerSecond: z.number().describe('simulated requests per second of computing'),
    complete: z.boolean().describe('false when stopped before every simulation was done'),
  }),
  z.strictObject({
    id: z.string(),
    conventions: z.string(),
    results: z.record(z.string(), caseOutcome),
  }),
])
