import { z } from 'zod'
import { InputError, type Diagnostic } from '../../base/index.js'
import { createRequestStream, type RequestStream } from '../../model/index.js'

/** One scheduling case: traces by path, explicit requests, settings. Further keys (expected results) are ignored. */
const caseSchema = z.looseObject({
  id: z.string().optional(),
  description: z.string().optional(),
  trace_files: z.array(z.string()).min(1).describe('trace files, relative to the case file'),
  models: z.array(z.string()).optional(),
  seq_len: z.int().min(1).default(512).describe('tokens per sequence of attention traces'),
  alpha: z.number().default(1),
  beta: z.number().default(0.01),
  requests: z
    .array(z.tuple([z.number(), z.int(), z.int(), z.number(), z.number()]))
    .min(1)
    .describe('[arrival s, model index, sample id, priority, SLO s] in order of arrival'),
})

/** A scheduling case as read; trace paths are still relative to the case file. */
export interface ServeCase {
  readonly id: string
  readonly traceFiles: readonly string[]
  readonly sequenceLength: number
  readonly alpha: number
  readonly beta: number
  readonly stream: RequestStream
}

/** JSON Schema form of a case, for `heddle schema serve-case`. */
export const serveCaseSchema: z.ZodType = caseSchema

/** Whether a JSON text looks like a scheduling case. */
export function isServeCase(text: string): boolean {
  return /"trace_files"\s*:/.test(text) && /"requests"\s*:/.test(text)
}

/**
 * Reads a case file.
 * @throws InputError with every problem; requests are named by their index
 */
export function readServeCase(text: string, file: string): ServeCase {
  const parsed = caseSchema.safeParse(parseJson(text, file))
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.slice(0, 20).map((issue): Diagnostic => ({
        code: 'E-CASE-002',
        at: { file },
        message: `"${issue.path.join('.')}": ${issue.message}`,
      })),
    )
  }
  const value = parsed.data
  const problems: Diagnostic[] = []
  let previous = -Infinity
  value.requests.forEach(([arrival, model, sample, priority, slo], i) => {
    const complain = (message: string): void => {
      if (problems.length < 20)
        problems.push({ code: 'E-CASE-003', at: { file }, message: `request ${i}: ${message}` })
    }
    if (model < 0 || model >= value.trace_files.length)
      complain(`model index ${model}, expected 0 … ${value.trace_files.length - 1}`)
    if (sample < 0) complain(`sample ${sample}, expected 0 or more`)
    if (!(priority > 0)) complain(`priority ${priority}, expected above 0`)
    if (Number.isNaN(slo)) complain('the SLO is not a number')
    if (arrival < previous) complain(`arrives at ${arrival} s, before the request above it`)
    previous = arrival
  })
  if (problems.length > 0) throw new InputError(problems)
  return {
    id: value.id ?? file,
    traceFiles: value.trace_files,
    sequenceLength: value.seq_len,
    alpha: value.alpha,
    beta: value.beta,
    stream: createRequestStream(
      value.requests.map(([arrivalS, traceIndex, sampleIndex, priority, sloS]) => ({
        arrivalS,
        traceIndex,
        sampleIndex,
        priority,
        sloS,
      })),
    ),
  }
}

/** JSON with the position of a syntax error. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const offset = Number(/position (\d+)/.exec(reason)?.[1] ?? text.length)
    const before = text.slice(0, offset).split('\n')
    throw new InputError({
      code: 'E-CASE-001',
      at: { file, line: before.length, column: (before.at(-1) ?? '').length + 1 },
      message: `this is not JSON: ${reason.split(' in JSON')[0]}`,
    })
  }
}
