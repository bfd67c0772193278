import { traceFromRows, traceName } from '../../formats/index.js'
import type { Trace } from '../../model/index.js'
import { readParquetColumns, writeParquetColumns } from '../../store/index.js'

/** Columns of a trace in Parquet: those of Heddle's CSV form. */
const COLUMNS = ['sample', 'layer', 'latency_s', 'sparsity']

/**
 * Reads a trace from Parquet; name and network stand in the file's metadata.
 * @throws InputError with every problem of the file
 */
export async function readTraceParquet(bytes: Uint8Array, file: string): Promise<Trace> {
  const { columns, metadata } = await readParquetColumns(bytes, file, COLUMNS)
  const [sample, layer, latencyS, sparsity] = COLUMNS.map(
    (name) => columns.get(name) ?? new Float64Array(),
  )
  const network = metadata.get('network')
  return traceFromRows({ sample, layer, latencyS, sparsity }, file, {
    name: metadata.get('name') ?? traceName(file),
    ...(network === undefined ? {} : { network }),
  })
}

/** A trace as Parquet. */
export function writeTraceParquet(trace: Trace): Uint8Array {
  const size = trace.latencyS.length
  const order = trace.sampleOrder ?? Int32Array.from({ length: trace.sampleCount }, (_, s) => s)
  const cells = Int32Array.from({ length: size }, (_, i) => {
    const sample = order[Math.floor(i / trace.layerCount)]
    return sample * trace.layerCount + (i % trace.layerCount)
  })
  return writeParquetColumns(
    {
      sample: cells.map((cell) => Math.floor(cell / trace.layerCount)),
      layer: cells.map((cell) => cell % trace.layerCount),
      latency_s: Float64Array.from(cells, (cell) => trace.latencyS[cell]),
      sparsity: Float64Array.from(cells, (cell) => trace.sparsity[cell]),
    },
    { name: trace.name, ...(trace.network === undefined ? {} : { network: trace.network }) },
  )
}
