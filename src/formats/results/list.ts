import { z } from 'zod'

/** `heddle list --json`. */
export const listResult = z.array(
  z.strictObject({
    category: z.string().describe('accelerators, networks, socs, scenarios, traces or policies'),
    name: z.string().describe('what a path option accepts'),
    description: z.string(),
  }),
)
