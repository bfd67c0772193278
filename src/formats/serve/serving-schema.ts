import { z } from 'zod'

const rate = z.number().positive().describe('requests per second, on average')
const arrivals = z.discriminatedUnion('process', [
  z.strictObject({ process: z.literal('poisson'), rate }),
  z.strictObject({
    process: z.literal('periodic'),
    rate,
    jitter: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .describe('each request moves by up to half of this many periods, either way'),
  }),
  z.strictObject({
    process: z.literal('bursts'),
    rate,
    peak: z.number().gt(1).default(3).describe('rate in a burst over the mean rate'),
    share: z.number().gt(0).lt(1).default(0.2).describe('share of time that is burst'),
    lengthS: z.number().positive().default(5).describe('mean length of a burst'),
  }),
  z.strictObject({
    process: z.literal('given'),
    atS: z.array(z.number().nonnegative()).min(1).describe('times of arrival in seconds'),
  }),
  z.strictObject({
    process: z.literal('replay'),
    file: z.string().min(1).describe('CSV or JSON table with a column of times'),
    column: z.string().default('arrival_s').describe('column of the arrival times'),
    unitS: z.number().positive().default(1).describe('seconds per unit of a numeric column'),
    speedup: z.number().positive().default(1).describe('replays this many times as fast'),
  }),
])

const stream = z.strictObject({
  name: z.string().min(1),
  trace: z
    .union([z.string(), z.array(z.string()).min(1), z.record(z.string(), z.number().positive())])
    .optional()
    .describe('a trace, a list of them, or names with relative frequencies; default: all, alike'),
  sample: z.int().nonnegative().optional().describe('sample of every request; default: drawn'),
  arrivals: arrivals.optional(),
  after: z
    .strictObject({ stream: z.string(), probability: z.number().gt(0).max(1).default(1) })
    .optional()
    .describe('a cascade: follows the requests of a stream above when they have finished'),
  requests: z.int().positive().optional().describe('at most so many; default: until `seconds`'),
  priority: z.number().positive().default(1),
  sloMs: z.number().positive().optional(),
  sloMultiplier: z.number().positive().optional().describe('of the isolated latency'),
})

const accelerator = z.strictObject({
  name: z.string().min(1),
  count: z.int().min(1).max(1024).default(1),
  speed: z.number().positive().default(1).describe('a layer takes its traced time / speed'),
  runs: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('traces or networks that may run here; default: all'),
})

/** Heddle YAML of a serving experiment. */
export const servingSchema = z.strictObject({
  kind: z.literal('serving'),
  name: z.string().min(1),
  description: z.string().default(''),
  traces: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe('presets, folders or files; paths are relative to this file'),
  sequenceLength: z.int().positive().default(512).describe('tokens, for attention traces'),
  streams: z.array(stream).min(1),
  seconds: z.number().positive().optional().describe('simulated time in which requests come'),
  load: z
    .array(z.number().positive())
    .min(1)
    .default([1])
    .describe('factors on every drawn rate, one operating point each'),
  sloMultipliers: z
    .array(z.number().positive())
    .min(1)
    .default([10])
    .describe('for streams without an SLO of their own, one operating point each'),
  seeds: z.array(z.int().nonnegative()).min(1).default([1]),
  policies: z.array(z.string()).min(1).optional(),
  predictor: z.string().optional(),
  machine: z
    .strictObject({
      accelerators: z
        .array(accelerator)
        .min(1)
        .default([{ name: 'accelerator', count: 1, speed: 1 }]),
      saveMs: z.number().nonnegative().default(0).describe('cost of leaving a request unfinished'),
      restoreMs: z.number().nonnegative().default(0).describe('cost of resuming it'),
      admission: z.enum(['all', 'feasible']).default('all'),
    })
    .default({
      accelerators: [{ name: 'accelerator', count: 1, speed: 1 }],
      saveMs: 0,
      restoreMs: 0,
      admission: 'all',
    }),
})

/** A serving experiment as written, with its defaults. */
export type ServingFile = z.infer<typeof servingSchema>
