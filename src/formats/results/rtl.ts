import { z } from 'zod'

const area = {
  luts: z.number(),
  lutsAsRam: z.number(),
  ffs: z.number(),
  dsps: z.number(),
  blockRams: z.number(),
}
const shares = { luts: z.number(), dsps: z.number() }

/** `heddle rtl --json`. */
export const rtlResult = z.strictObject({
  design: z.string(),
  options: z.strictObject({
    slots: z.int(),
    rows: z.int(),
    format: z.enum(['int16', 'int20', 'fp16', 'fp32']),
    policy: z.enum(['dysta', 'fs', 'edf', 'sjf', 'fcfs']),
    beta: z.number(),
    accelerators: z.int(),
    compute: z.enum(['shared', 'separate']),
    tickShift: z.int(),
    lanes: z.int(),
    laneBits: z.int(),
  }),
  top: z.string(),
  files: z.array(z.string()),
  recordBits: z.int(),
  decisionClocks: z.strictObject({
    hidden: z.int().optional().describe('clocks when the waiting requests were scored in time'),
    visible: z
      .strictObject({ slope: z.int(), offset: z.int() })
      .describe('at most slope · n + offset clocks, n requests in the queue'),
  }),
  testDecisions: z.int().describe('decisions that the generated test bench plays'),
  synthesis: z.array(
    z.strictObject({
      target: z.enum(['xilinx', 'ice40', 'ecp5']),
      ...area,
      carries: z.number(),
      cells: z.record(z.string(), z.int()),
      modules: z.array(
        z.strictObject({
          module: z.string(),
          instances: z.int(),
          ...area,
          carries: z.number(),
        }),
      ),
    }),
  ),
  routing: z
    .strictObject({
      device: z.string(),
      maxFrequencyMhz: z.number(),
      utilisation: z.record(z.string(), z.strictObject({ used: z.int(), available: z.int() })),
    })
    .optional(),
  comparison: z
    .array(
      z.strictObject({
        design: z.string(),
        slots: z.int(),
        ...area,
        works: z.boolean(),
        relative: z.strictObject({ ...shares, ffs: z.number() }),
        overhead: z.strictObject(shares),
      }),
    )
    .optional(),
})
