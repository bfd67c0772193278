import { z } from 'zod'

/** `heddle import MODEL.onnx --json`. */
export const importResult = z.strictObject({
  name: z.string(),
  assumptions: z.array(z.string()).describe('what was taken for granted on import'),
  macs: z
    .number()
    .describe('multiply-accumulates of all loop nests with weights or matrix products'),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      type: z.string().describe('ONNX operator'),
      work: z.enum(['layer', 'elementwise', 'movement', 'fused', 'free']),
      dims: z
        .record(z.string(), z.int())
        .optional()
        .describe('loop bounds of a layer; ones left out'),
      macs: z.number(),
      inputBytes: z.number(),
      weightBytes: z.number(),
      outputBytes: z.number(),
    }),
  ),
})
