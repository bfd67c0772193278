import { z } from 'zod'
import { hierarchicalAcceleratorSchema } from './hierarchical-accelerator.js'
import { networkSchema } from './network.js'
import { scenarioSchema } from './scenario.js'
import { opGraphSchema, socSchema } from './place/index.js'
import { analyzeBatchSchema } from './analyze-batch.js'
import { schedulingTableSchema } from './scheduling-table.js'
import { tableAcceleratorSchema } from './table-accelerator.js'
import { fuseResult } from './results/fuse.js'
import { importResult } from './results/import.js'
import { analyzeResult } from './results/analyze.js'
import { convertResult } from './results/convert.js'
import { listResult } from './results/list.js'
import { planResult } from './results/plan.js'
import { hierarchicalMapResult } from './results/map-hierarchical.js'
import { mapResult } from './results/map.js'
import { profileResult } from './results/profile.js'
import { pruneResult } from './results/prune.js'
import { placeResult } from './results/place.js'
import { reproduceResult } from './results/reproduce.js'
import { serveResult } from './results/serve.js'
import { rtlResult } from './results/rtl.js'
import { serveCaseSchema, servingSchema } from './serve/index.js'
import { validateResult } from './results/validate.js'

type JsonSchema = Readonly<Record<string, unknown>>

/** JSON Schema of the document that each verb prints with `--json`; made on demand, because most runs need none. */
export const resultSchemas: Readonly<Record<string, () => JsonSchema>> = {
  analyze: () => toJsonSchema(analyzeResult),
  fuse: () => toJsonSchema(fuseResult),
  import: () => toJsonSchema(importResult),
  convert: () => toJsonSchema(convertResult),
  list: () => toJsonSchema(listResult),
  plan: () => toJsonSchema(planResult),
  map: () => toJsonSchema(z.union([mapResult, hierarchicalMapResult])),
  profile: () => toJsonSchema(profileResult),
  prune: () => toJsonSchema(pruneResult),
  place: () => toJsonSchema(placeResult),
  reproduce: () => toJsonSchema(reproduceResult),
  rtl: () => toJsonSchema(rtlResult),
  validate: () => toJsonSchema(validateResult),
  serve: () => toJsonSchema(serveResult),
}

/** JSON Schema of each Heddle YAML form, for editors. */
export const inputSchemas: Readonly<Record<string, () => JsonSchema>> = {
  'hierarchical-accelerator': () => toInputSchema(hierarchicalAcceleratorSchema),
  network: () => toInputSchema(networkSchema),
  scenario: () => toInputSchema(scenarioSchema),
  'op-graph': () => toInputSchema(opGraphSchema),
  soc: () => toInputSchema(socSchema),
  'analyze-batch': () => toInputSchema(analyzeBatchSchema),
  'serve-case': () => toInputSchema(serveCaseSchema),
  serving: () => toInputSchema(servingSchema),
  'scheduling-table': () => toInputSchema(schedulingTableSchema),
  'table-accelerator': () => toInputSchema(tableAcceleratorSchema),
}

function toJsonSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'output', unrepresentable: 'any' })
}

function toInputSchema(schema: z.ZodType): JsonSchema {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
}
