import { z } from 'zod'

/** `heddle validate FILE… --json`. */
export const validateResult = z.array(
  z.strictObject({
    file: z.string(),
    kind: z
      .string()
      .nullable()
      .describe('recognised kind of input, null when it was not recognised'),
    valid: z.boolean(),
    diagnostics: z.array(
      z.strictObject({
        code: z.string(),
        line: z.int().optional(),
        column: z.int().optional(),
        message: z.string(),
        hint: z.string().optional(),
      }),
    ),
  }),
)
