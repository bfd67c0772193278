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

/** The names of the published program, as `schedule.json` of `place --out` has them. */
const publishedSchema = z
  .object({
    start_times: numbers,
    end_times: numbers,
    computing_cores: z.array(z.string()),
    computing_ids: z.array(z.int().min(0)),
    transfers: listsSchema.shape.transfers,
  })
  .transform((lists) => ({
    ...(lists.transfers === undefined ? {} : { transfers: lists.transfers }),
    startUs: lists.start_times,
    endUs: lists.end_times,
    core: lists.computing_cores,
    coreId: lists.computing_ids,
  }))

/**
 * Reads a schedule to be verified: the document of `place --json`, its `schedule`, or the lists of the published program.
 * @throws InputError with every problem
 */
export function readSchedule(text: string, file: string): Schedule {
  const { value, at } = parseYaml(text, file, z.unknown())
  const nested = typeof value === 'object' && value !== null && 'schedule' in value
  const lists = nested ? value.schedule : value
  const published = typeof lists === 'object' && lists !== null && 'start_times' in lists
  const parsed = published ? publishedSchema.safeParse(lists) : listsSchema.safeParse(lists)
  if (!parsed.success) {
    const { issues } = parsed.error
    throw new InputError(
      issues.slice(0, 10).map(({ path, message }) => ({
        code: 'E-SCHED-001',
        at: at([...(nested ? ['schedule'] : []), ...(path as (string | number)[])]),
        message: `${path.join('.') || 'the schedule'}: ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
        hint: 'expected startUs, endUs, core and coreId, lists of equal length, as `heddle place --json` prints them (or start_times, end_times, computing_cores, computing_ids)',
      })),
    )
  }
  const { transfers, ...rest } = parsed.data
  return { kind: 'schedule', ...rest, ...(transfers === undefined ? {} : { transfers }) }
}
