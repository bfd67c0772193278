import { z } from 'zod'

const triple = z.array(z.number()).length(3)
const levels = (value: z.ZodType) =>
  z
    .strictObject({ LB: value, GB: value, DRAM: value })
    .describe('local buffer, global buffer, DRAM')
const counts = z
  .array(z.number())
  .length(4)
  .describe('tile transfers: input read, weight read, output read, output write')
const components = {
  mac: z.number(),
  LB: z.number(),
  GB: z.number(),
  DRAM: z.number(),
  total: z.number(),
}

const stats = z.strictObject({
  tile_send: levels(triple).describe('elements sent inward per transfer: input, weight, output'),
  tile_alloc: levels(triple).describe('elements held by one instance'),
  access: levels(counts),
  active: z.strictObject({
    mac: z.array(z.number()).length(2),
    pe: z.array(z.number()).length(2),
    chip: z.array(z.number()).length(2),
  }),
  gb_exists: z.boolean(),
  util: z.record(z.string(), z.number()).describe('percent, by buffer (and operand) and array'),
  dyn_pJ: z.strictObject({
    ...components,
    LB_upper: z.number(),
    LB_lower: z.number(),
    GB_upper: z.number(),
    GB_lower: z.number(),
  }),
  static_pJ: z.strictObject(components),
  cycles: z.strictObject(components),
  energy_pJ: z.number(),
  edp: z.number(),
  reported: z
    .strictObject({ tile_alloc: levels(triple), access: levels(counts) })
    .describe('as the published program prints them: 0 for an operand that bypasses at no energy'),
})

/** One analysed mapping. */
export const analysis = z.strictObject({
  accelerator: z.string(),
  network: z.string().nullable().describe('null when the loop bounds were given directly'),
  layer: z.string(),
  semantics: z.enum(['standard', 'published']),
  valid: z.boolean(),
  violations: z.array(
    z.strictObject({
      constraint: z.string(),
      where: z.string(),
      found: z.number(),
      limit: z.number(),
      message: z.string(),
    }),
  ),
  energyPj: z.number(),
  dynamicEnergyPj: z.number(),
  staticEnergyPj: z.number(),
  latencyCycles: z.number(),
  edp: z.number().describe('energyPj × latencyCycles'),
  dataflow: z.record(z.string(), z.string()),
  mapping: z.record(z.string(), z.array(z.int()).length(8)),
  stats,
  explanation: z
    .array(
      z.strictObject({
        name: z.string(),
        value: z.number(),
        unit: z.string(),
        formula: z.string(),
        substituted: z.string(),
      }),
    )
    .optional()
    .describe('every figure with its formula and the values put in (--explain)'),
})

/** `heddle analyze --json`: one mapping, or with `--batch` an array of them. */
export const analyzeResult = z.union([analysis, z.array(analysis)])
