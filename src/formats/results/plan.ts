import { z } from 'zod'

const operation = z.strictObject({
  name: z.string(),
  type: z.string(),
  core: z.string(),
  coreId: z.int(),
  startUs: z.number(),
  endUs: z.number(),
  energyPj: z.number(),
  mapping: z.enum(['optimal', 'gap', 'heuristic', 'stack', 'roofline']),
})
const stack = z.strictObject({
  layers: z.array(z.string()),
  core: z.string(),
  mode: z.string(),
  tileX: z.int(),
  tileY: z.int(),
  latencyUs: z.number(),
  energyPj: z.number(),
  aloneLatencyUs: z.number().describe('the same layers one by one on the same core'),
  aloneEnergyPj: z.number(),
})
const policy = z.strictObject({
  policy: z.string(),
  requests: z.number(),
  antt: z.number().describe('average normalised turnaround time'),
  violationRate: z.number(),
  violationRate95: z.number().describe('half width of the 95 % confidence interval over seeds'),
  meanLatencyMs: z.number(),
  p99LatencyMs: z.number(),
  utilisation: z.number(),
  networks: z.array(
    z.strictObject({
      name: z.string(),
      requests: z.number(),
      violationRate: z.number(),
      p99LatencyMs: z.number(),
    }),
  ),
})
const settings = z.record(z.string(), z.union([z.number(), z.string()]))
const objective = z.strictObject({ name: z.string(), value: z.number(), unit: z.string() })

/** `heddle plan SCENARIO --json`: the best variant in full, every variant in one line. */
export const planResult = z.strictObject({
  scenario: z.string(),
  settings: settings.describe('values that --vary put in, of the best variant'),
  layers: z.strictObject({
    problems: z.int().describe('distinct loop nests, over all kinds of core'),
    optimal: z.int(),
    infeasible: z.int().describe('loop nests that their core cannot run'),
  }),
  networks: z.array(
    z.strictObject({
      name: z.string(),
      operations: z.array(operation),
      energyPj: z.number().describe('of one inference'),
      makespanUs: z.number().describe('alone on the chip, or on one of its equal parts'),
      lowerBoundUs: z.number(),
      status: z.enum(['optimal', 'gap', 'heuristic']),
      method: z.string(),
      way: z
        .string()
        .describe('layer by layer, or the kind of core whose depth-first stacks it runs in'),
      tried: z
        .array(z.strictObject({ way: z.string(), makespanUs: z.number(), energyPj: z.number() }))
        .describe('every way that was placed; the better one by the objective was kept'),
      stacks: z.array(stack),
      sloUs: z.number(),
      ratePerS: z.number(),
      densities: z.string().nullable().describe('where measured densities come from'),
      assumptions: z.array(z.string()),
    }),
  ),
  together: z.strictObject({
    makespanUs: z.number(),
    lowerBoundUs: z.number(),
    operations: z.array(operation.extend({ network: z.string() })),
  }),
  loads: z.array(
    z.strictObject({
      core: z.string(),
      count: z.int(),
      load: z.number(),
      networks: z.array(z.strictObject({ name: z.string(), load: z.number() })),
    }),
  ),
  chipLoad: z.number().describe('fraction of time that the chip, or its parts, are taken'),
  powerW: z.number(),
  policies: z.array(policy),
  best: policy,
  limits: z.array(z.string()).describe('what stands in the way of doing better, in sentences'),
  objective,
  runs: z.array(
    z.strictObject({
      policy: z.string(),
      seed: z.int(),
      requests: z.number(),
      antt: z.number(),
      violationRate: z.number(),
      meanLatencyMs: z.number(),
      p99LatencyMs: z.number(),
      throughput: z.number(),
      utilisation: z.number(),
      networks: z.array(
        z.strictObject({
          name: z.string(),
          requests: z.number(),
          violationRate: z.number(),
          p99LatencyMs: z.number(),
        }),
      ),
    }),
  ),
  variants: z.array(
    z.strictObject({
      settings,
      objective,
      policy: z.string(),
      violationRate: z.number(),
      meanLatencyMs: z.number(),
      p99LatencyMs: z.number(),
      powerW: z.number(),
    }),
  ),
  impossible: z
    .array(z.strictObject({ settings, reasons: z.array(z.string()) }))
    .describe('variants that cannot be planned, and why not'),
  cache: z.strictObject({ hits: z.int(), misses: z.int() }),
})
