import { z } from 'zod'

const spread = z.strictObject({
  mean: z.number(),
  deviation: z.number(),
  min: z.number(),
  max: z.number(),
  relativeRange: z.number().describe('(max − min) / mean'),
})

/** `heddle profile --json`. */
export const profileResult = z.strictObject({
  model: z.string(),
  name: z.string().describe('name of the trace'),
  network: z.string().describe('traces of one network under several patterns share it'),
  provenance: z.enum(['measured', 'measured-micro', 'synthetic-calibrated']),
  accelerator: z.string().describe('latency model and its version'),
  runtime: z.string(),
  samples: z.int(),
  resumedSamples: z.int().describe('samples taken over from an interrupted run'),
  complete: z.boolean().describe('false when the run was interrupted'),
  latencyS: spread,
  validMacRatio: spread.describe('non-zero multiply-accumulates over dense ones, per sample'),
  layerCorrelation: z.number().nullable().describe('mean over pairs of layers'),
  layers: z.array(
    z.strictObject({
      layer: z.int(),
      name: z.string(),
      operator: z.enum(['conv', 'linear', 'matmul', 'attention']),
      shape: z.string(),
      weightZeros: z.number().optional(),
      weightPattern: z.string().optional(),
      inputZeros: z.number(),
      outputZeros: z.number(),
      sparsity: z.number(),
      sparsityMin: z.number(),
      sparsityMax: z.number(),
      macSparsity: z.number(),
      cycles: z.number(),
      latencyS: z.number(),
    }),
  ),
  pruning: z
    .array(
      z.strictObject({
        layer: z.int(),
        name: z.string(),
        weightPattern: z.string(),
        weightDensity: z.number(),
        measured: spread.describe('valid over dense MACs with the weights as they are'),
        channel: spread.describe(
          'the same if as many weights were missing as whole input channels',
        ),
      }),
    )
    .describe('layers with zero weights'),
  skipped: z.array(
    z.strictObject({ operator: z.string(), nodes: z.array(z.string()), reason: z.string() }),
  ),
  trace: z.string().nullable().describe('the trace file, null without --out'),
  seconds: z.number(),
})
