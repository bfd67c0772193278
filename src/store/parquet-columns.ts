import { parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { InputError, suggestName } from '../base/index.js'

/** Numeric columns of a Parquet file, and its key-value metadata. */
export interface ParquetColumns {
  readonly columns: ReadonlyMap<string, Float64Array>
  readonly rowCount: number
  readonly metadata: ReadonlyMap<string, string>
}

/**
 * Reads columns of numbers from a Parquet file.
 * @throws InputError when the bytes are no Parquet, a column is missing, or a value is not a number
 */
export async function readParquetColumns(
  bytes: Uint8Array,
  file: string,
  wanted: readonly string[],
): Promise<ParquetColumns> {
  const buffer = bytes.slice().buffer
  let rows: Record<string, unknown>[]
  let metadata: Map<string, string>
  let names: string[]
  try {
    const head = await parquetMetadataAsync(buffer)
    names = head.schema.slice(1).map((element) => element.name)
    metadata = new Map((head.key_value_metadata ?? []).map(({ key, value }) => [key, value ?? '']))
    rows = await parquetReadObjects({
      file: buffer,
      metadata: head,
      columns: wanted.filter((name) => names.includes(name)),
    })
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    throw new InputError({
      code: 'E-PQ-001',
      at: { file },
      message: `this is not Parquet: ${reason}`,
    })
  }
  const missing = wanted.filter((name) => !names.includes(name))
  if (missing.length > 0) {
    throw new InputError(
      missing.map((name) => ({
        code: 'E-PQ-002',
        at: { file },
        message: `there is no column "${name}"; found ${names.join(', ')}`,
        hint: suggestName(name, names),
      })),
    )
  }
  const columns = new Map(wanted.map((name) => [name, new Float64Array(rows.length)]))
  rows.forEach((row, r) => {
    for (const [name, column] of columns) {
      const value = Number(row[name])
      if (row[name] === null || row[name] === undefined || Number.isNaN(value)) {
        throw new InputError({
          code: 'E-PQ-003',
          at: { file },
          message: `row ${r}: "${name}" is ${String(row[name])}, expected a number`,
        })
      }
      column[r] = value
    }
  })
  return { columns, rowCount: rows.length, metadata }
}

/** A Parquet file of columns; integer columns are those given as Int32Array. */
export function writeParquetColumns(
  columns: Readonly<Record<string, Float64Array | Int32Array>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  const buffer = parquetWriteBuffer({
    columnData: Object.entries(columns).map(([name, data]) => ({
      name,
      data: Array.from(data),
      type: data instanceof Int32Array ? ('INT32' as const) : ('DOUBLE' as const),
    })),
    kvMetadata: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  })
  return new Uint8Array(buffer)
}
