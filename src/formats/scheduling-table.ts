import { z } from 'zod'
import { InputError } from '../base/index.js'
import {
  stationarities,
  tableColumns,
  tableRows,
  type LayerTable,
  type TableDataflow,
  type TableRow,
} from '../model/index.js'
import { parseYaml } from './parse-yaml.js'

const factor = z.int().positive()
const row = z.union(
  [
    z.array(factor).max(8),
    z.strictObject(Object.fromEntries(tableColumns.map((name) => [name, factor.optional()]))),
  ],
  { error: 'expected up to eight factors (K, B, P, Q, C, R, S, G), or factors by column' },
)
const stationarity = z.enum(stationarities).optional()

/** Heddle YAML of a mapping in the scheduling-table model. */
export const schedulingTableSchema = z.strictObject({
  kind: z.literal('scheduling-table'),
  layer: z.string().min(1).describe('name of the layer in the network'),
  dataflow: z
    .strictObject({
      REGISTER: stationarity,
      LOCAL_BUFFER: stationarity,
      GLOBAL_BUFFER: stationarity,
    })
    .optional()
    .describe('operand held still per buffer; default: as the accelerator says'),
  rows: z
    .strictObject(Object.fromEntries(tableRows.map((name) => [name, row.optional()])))
    .describe(
      'factors K, B, P, Q, C, R, S, G per row, or by column name; a row left out is all ones',
    ),
})

/**
 * Reads a mapping (`kind: scheduling-table`).
 * @throws InputError with every problem and its position
 */
export function readSchedulingTable(text: string, file: string): LayerTable {
  const { value, at } = parseYaml(text, file, schedulingTableSchema)
  if (Object.keys(value.rows).length === 0) {
    throw new InputError({
      code: 'E-TAB-001',
      at: at(['rows']),
      message: 'the table holds no row',
      hint: `rows: ${tableRows.join(', ')}`,
    })
  }
  const rows: Partial<Record<TableRow, readonly number[]>> = {}
  for (const name of tableRows) {
    const given = value.rows[name]
    if (given === undefined) continue
    rows[name] = Object.freeze(
      tableColumns.map((column, c) => (Array.isArray(given) ? given[c] : given[column]) ?? 1),
    )
  }
  return Object.freeze({
    kind: 'scheduling-table',
    layer: value.layer,
    ...(value.dataflow ? { dataflow: value.dataflow as TableDataflow } : {}),
    rows: Object.freeze(rows),
  })
}

/** YAML of a mapping, as {@link readSchedulingTable} reads it. */
export function writeSchedulingTable(table: LayerTable): string {
  const dataflow = Object.entries(table.dataflow ?? {})
  const rows = tableRows.flatMap((name) => {
    const factors = table.rows[name]
    return factors ? [`  ${name}: [${factors.join(', ')}]`] : []
  })
  return (
    [
      'kind: scheduling-table',
      `layer: ${JSON.stringify(table.layer)}`,
      ...(dataflow.length > 0
        ? [`dataflow: { ${dataflow.map(([k, v]) => `${k}: ${v}`).join(', ')} }`]
        : []),
      'rows: # K, B, P, Q, C, R, S, G',
      ...rows,
    ].join('\n') + '\n'
  )
}
