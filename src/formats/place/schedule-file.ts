import { z } from 'zod'
import { InputError } from '../../base/index.js'
import type { Schedule } from '../../model/index.js'
import { parseYaml } from '../parse-yaml.js'

const numbers = z.array(z.number())

const listsSchema = z.object({
  startUs: numbers,
  endUs: numbers,
  core: z.array(z.string()),
  coreId: z.array(z.int().min(0)),
  transfers: z
    .array(
      z.object({
        from: z.int().min(0),
        to: z.int().min(0),
        startUs: z.number(),
        endUs: z.number(),
      }),
    )
    .optional(),
})

/**
 * Reads a schedule to be verified.
 * @throws InputError with every problem
 */
export function readSchedule(text: string, file: string): Schedule {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    value = parseYaml(text, file, z.unknown()).value
  }
  const lists =
    typeof value === 'object' && value !== null && 'schedule' in value ? value.schedule : value
  const parsed = listsSchema.safeParse(lists)
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.slice(0, 10).map((issue) => ({
        code: 'E-SCHED-001',
        at: { file },
        message: `${issue.path.join('.') || 'the schedule'}: ${issue.message}`,
        hint: 'expected startUs, endUs, core and coreId, lists of equal length, as `heddle place --json` prints them',
      })),
    )
  }
  const { transfers, ...rest } = parsed.data
  return { kind: 'schedule', ...rest, ...(transfers === undefined ? {} : { transfers }) }
}
