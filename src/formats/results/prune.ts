import { z } from 'zod'

/** `heddle prune --json`. */
export const pruneResult = z.strictObject({
  model: z.string(),
  pattern: z.string(),
  sparsity: z.number(),
  file: z.string().nullable().describe('name of the written model in --out'),
  layers: z.array(
    z.strictObject({
      layer: z.string(),
      weights: z.int(),
      zerosBefore: z.number(),
      zerosAfter: z.number(),
    }),
  ),
})
