import { z } from 'zod'

const us = z.number().describe('µs')

/** `heddle place --json`. */
export const placeResult = z.union([
  z.strictObject({
    makespanUs: us,
    lowerBoundUs: us.describe('no schedule can be shorter, µs'),
    gap: z.number().describe('makespan / lower bound − 1'),
    status: z.enum(['optimal', 'gap', 'heuristic']),
    perBatchUs: us.describe('makespan / inputs'),
    schedule: z.strictObject({
      startUs: z.array(z.number()),
      endUs: z.array(z.number()),
      core: z.array(z.string()).describe('name of the core kind'),
      coreId: z.array(z.int()).describe('number within the kind, from 0'),
      transfers: z
        .array(
          z.strictObject({ from: z.int(), to: z.int(), startUs: z.number(), endUs: z.number() }),
        )
        .optional(),
    }),
    throughput: z.strictObject({
      periodUs: us.describe('per input, of the modulo schedule found'),
      boundUs: us.describe('resource bound of the period'),
      inFlight: z.int().describe('inputs in the machine at once'),
      responseUs: us.describe('from the first operation of an input to its last'),
    }),
    evaluations: z.number(),
    seconds: z.number(),
    policy: z.string(),
    method: z.string().describe('what gave the schedule'),
    bounds: z.strictObject({
      criticalPathUs: us,
      dedicatedLoadUs: us,
      resourceLpUs: us,
      bestUs: us,
    }),
    cores: z.array(
      z.strictObject({
        kind: z.string(),
        coreId: z.int(),
        tasks: z.int(),
        busyUs: us,
        utilisation: z.number(),
      }),
    ),
    missedDeadlines: z.int(),
    energyUj: z.number().optional(),
    accepted: z
      .array(z.strictObject({ pass: z.int(), op: z.int(), makespanUs: us }))
      .optional()
      .describe('flips that the published hill climbing kept'),
  }),
  z
    .strictObject({
      valid: z.boolean(),
      makespanUs: z.number().nullable(),
      violations: z.array(z.strictObject({ rule: z.string(), message: z.string() })),
    })
    .describe('with --verify'),
])
