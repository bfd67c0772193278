import { z } from 'zod'
import { InputError, type Diagnostic } from '../../base/index.js'
import type { Interconnect, Soc } from '../../model/index.js'
import { parseYaml, type ParsedYaml } from '../parse-yaml.js'

const kindSchema = z.strictObject({
  name: z.string().min(1),
  count: z.int().min(0).describe('number of identical cores'),
  supports: z
    .array(z.string())
    .optional()
    .describe('operator types that it runs, exact names; absent = every type'),
  timeColumn: z
    .string()
    .optional()
    .describe('column of the network’s table of times; absent = the kind’s name'),
  speed: z.number().positive().optional().describe('how many times faster than that column'),
  memoryBytes: z.number().positive().optional().describe('memory for weights of one core'),
  weightBytesPerUs: z.number().positive().optional().describe('speed of fetching weights'),
  activePowerW: z.number().min(0).optional(),
  idlePowerW: z.number().min(0).optional(),
})

const interconnectSchema = z.strictObject({
  kind: z.enum(['links', 'bus']).describe('a path per pair of cores, or one medium for all'),
  latencyUs: z.number().min(0).default(0),
  bytesPerUs: z.number().positive().optional().describe('bandwidth between any two cores'),
  usPerVolume: z
    .array(z.array(z.number().min(0)))
    .optional()
    .describe('µs per unit of volume, [producer kind][consumer kind]; instead of bytesPerUs'),
  contention: z.boolean().default(false).describe('one transfer at a time per medium'),
})

/** YAML form of a chip: `kind: soc`. */
export const socSchema = z.strictObject({
  kind: z.literal('soc'),
  name: z.string().min(1),
  source: z.string().optional().describe('where the figures come from'),
  cores: z.array(kindSchema).min(1),
  interconnect: interconnectSchema.optional(),
})

/**
 * Reads a chip from YAML or JSON.
 * @throws InputError with every problem
 */
export function readSoc(text: string, file: string): Soc {
  const parsed = parseYaml(text, file, socSchema)
  const { name, cores, interconnect } = parsed.value
  const problems: Diagnostic[] = []
  cores.forEach((kind, i) => {
    if (cores.findIndex((each) => each.name === kind.name) < i) {
      problems.push({
        code: 'E-SOC-001',
        at: parsed.at(['cores', i, 'name']),
        message: `there are two core kinds named "${kind.name}"`,
        hint: 'give one of them another name, or add up their counts',
      })
    }
  })
  const wires = interconnect && readInterconnect(interconnect, cores.length, parsed, problems)
  if (problems.length > 0) throw new InputError(problems)
  return Object.freeze({
    kind: 'soc' as const,
    name,
    cores: cores.map((kind) => Object.freeze(withoutUndefined(kind))),
    ...(wires === undefined ? {} : { interconnect: wires }),
  })
}

function readInterconnect(
  wires: z.infer<typeof interconnectSchema>,
  kinds: number,
  parsed: ParsedYaml<z.infer<typeof socSchema>>,
  problems: Diagnostic[],
): Interconnect | undefined {
  const { bytesPerUs, usPerVolume } = wires
  if ((bytesPerUs === undefined) === (usPerVolume === undefined)) {
    problems.push({
      code: 'E-SOC-002',
      at: parsed.at(['interconnect']),
      message: `the interconnect has ${bytesPerUs === undefined ? 'neither' : 'both'} bytesPerUs and usPerVolume`,
      hint: 'give exactly one of them',
    })
    return undefined
  }
  const factor = 1 / (bytesPerUs ?? 1)
  const matrix =
    usPerVolume ?? Array.from({ length: kinds }, () => Array.from({ length: kinds }, () => factor))
  if (matrix.length !== kinds || matrix.some((row) => row.length !== kinds)) {
    problems.push({
      code: 'E-SOC-003',
      at: parsed.at(['interconnect', 'usPerVolume']),
      message: `usPerVolume must have ${kinds} rows of ${kinds} numbers, one per core kind`,
    })
    return undefined
  }
  const { kind, latencyUs, contention } = wires
  return Object.freeze({ kind, latencyUs, usPerVolume: matrix, contention })
}

/** Drops keys whose value is undefined: optional fields of the model are absent, never undefined. */
function withoutUndefined<T extends object>(
  value: T,
): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  }
}
