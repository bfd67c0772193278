import { z } from 'zod'
import { listResult } from './results/list.js'
import { reproduceResult } from './results/reproduce.js'
import { validateResult } from './results/validate.js'

type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema of the document that each verb prints with `--json`; made on demand, because most runs need none. */
export const resultSchemas: Readonly<Record<string, () => JsonSchema>> = {
  list: () => toJsonSchema(listResult),
  reproduce: () => toJsonSchema(reproduceResult),
  validate: () => toJsonSchema(validateResult),
}

/** JSON Schema of each Heddle YAML form, for editors. */
export const inputSchemas: Readonly<Record<string, () => JsonSchema>> = {}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })
}
