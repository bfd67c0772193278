import { z } from 'zod'
import type { Position } from '../base/index.js'
import { tableColumns, tableRows, type TableByRow, type TableDataflow } from '../model/index.js'
import { parseYaml } from './parse-yaml.js'

const factor = z.int().positive()
const word = z
  .string()
  .transform((text) => text.toLowerCase())
  .pipe(z.enum(['none', 'is', 'ws', 'os']))
  .optional()

const entry = z.object({
  accelerator: z.string().describe('preset or file'),
  network: z.string().optional().describe('preset or file; not needed when params is given'),
  layer: z.union([z.string(), z.int()]).describe('name or 1-based index'),
  params: z
    .strictObject(Object.fromEntries(tableColumns.map((name) => [name, factor])))
    .optional()
    .describe('loop bounds, instead of looking the layer up; K and C of one group'),
  stride: z.int().nonnegative().optional().describe('with params; default 1'),
  dataflow: z
    .strictObject({ REGISTER: word, LOCAL_BUFFER: word, GLOBAL_BUFFER: word })
    .optional()
    .describe('default: as the accelerator says'),
  table: z
    .strictObject(
      Object.fromEntries(tableRows.map((name) => [name, z.array(factor).length(8).optional()])),
    )
    .describe('factors K, B, P, Q, C, R, S, G by row; a row left out is all ones'),
})

/** JSON of `heddle analyze --batch`. */
export const analyzeBatchSchema = z.array(entry)

/** One mapping of a batch. */
export interface BatchEntry {
  readonly accelerator: string
  readonly network?: string
  readonly layer: string
  /** Loop bounds K … G and stride, when they are given in place of a network. */
  readonly bounds?: { readonly dims: readonly number[]; readonly stride: number }
  readonly dataflow?: TableDataflow
  readonly table: TableByRow
  readonly at: Position
}

/**
 * Reads a batch of mappings.
 * @throws InputError with every problem and its position
 */
export function readAnalyzeBatch(text: string, file: string): BatchEntry[] {
  const { value, at } = parseYaml(text, file, analyzeBatchSchema)
  return value.map((each, i) => {
    const { params, stride, network, dataflow } = each
    return {
      accelerator: each.accelerator,
      ...(network === undefined ? {} : { network }),
      layer: String(each.layer),
      ...(params
        ? { bounds: { dims: tableColumns.map((name) => params[name]), stride: stride ?? 1 } }
        : {}),
      ...(dataflow ? { dataflow: dataflow as TableDataflow } : {}),
      table: each.table,
      at: at([i]),
    }
  })
}
