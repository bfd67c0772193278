import { z } from 'zod'

/** `heddle convert FILE --json`. */
export const convertResult = z.strictObject({
  from: z.string().describe('form of the input'),
  to: z.string().describe('form of the text'),
  text: z.string(),
})
