import { InputError, type Diagnostic } from '../../base/index.js'
import { createTrace, type Trace } from '../../model/index.js'
import { csvHeader, parseNumericCsv, type NumericCsv } from './numeric-csv.js'
import { sangerLayerLatencyS } from './sanger-latency.js'
import { traceFromRows } from './trace-matrix.js'

/** The forms of trace that Heddle reads as text; each is recognised by its columns. */
export type TraceDialect = 'attention' | 'cnn' | 'heddle'

export interface TraceReadOptions {
  /** Tokens per sequence of the attention dialect, whose latency is worked out on reading; default 512. */
  readonly sequenceLength?: number
}

/** Which dialect a CSV text is, by the names of its columns; undefined when it is none. */
export function traceDialect(text: string): TraceDialect | undefined {
  const names = new Set(csvHeader(text))
  if (names.has('50%-skip')) return 'attention'
  if (names.has('sim_lat')) return 'cnn'
  if (names.has('latency_s')) return 'heddle'
  return undefined
}

/**
 * Reads a trace: attention dialect (density and load balance per layer), CNN dialect (latency and sparsity per layer),
 * or Heddle's own (`sample, layer, latency_s, sparsity`). Rows and columns in any order (specification §1).
 * @throws InputError with every problem of the file
 */
export function readTraceCsv(text: string, file: string, options: TraceReadOptions = {}): Trace {
  const dialect = traceDialect(text)
  const name = traceName(file)
  if (dialect === undefined) {
    throw new InputError({
      code: 'E-TRC-011',
      at: { file, line: 1 },
      message: `these are not the columns of a trace: ${csvHeader(text).slice(0, 8).join(', ') || 'none'}`,
      hint: 'expected sample, layer, latency_s, sparsity (or the published dialects with sim_lat or 50%-skip)',
    })
  }
  if (dialect === 'attention') return readAttention(text, file, name, options.sequenceLength ?? 512)
  if (dialect === 'cnn') {
    const csv = parseNumericCsv(text, file, [
      'sim_lat',
      'overall-sparsity',
      'batch-indx',
      'layer-indx',
    ])
    const rows = {
      sample: column(csv, 'batch-indx'),
      layer: column(csv, 'layer-indx'),
      latencyS: column(csv, 'sim_lat'),
      sparsity: column(csv, 'overall-sparsity'),
      line: csv.lines,
    }
    return traceFromRows(rows, file, { name, network: name.split('_')[0] })
  }
  const csv = parseNumericCsv(text, file, ['sample', 'layer', 'latency_s', 'sparsity'])
  const network = csv.remarks.get('network')
  const provenance = csv.remarks.get('provenance')
  const trace = traceFromRows(
    {
      sample: column(csv, 'sample'),
      layer: column(csv, 'layer'),
      latencyS: column(csv, 'latency_s'),
      sparsity: column(csv, 'sparsity'),
      line: csv.lines,
    },
    file,
    { name: csv.remarks.get('name') ?? name, ...(network === undefined ? {} : { network }) },
  )
  const layerNames = layerNamesOf(csv, trace.layerCount)
  return createTrace({
    ...trace,
    ...(layerNames === undefined ? {} : { layerNames }),
    ...(provenance === undefined ? {} : { provenance }),
  })
}

/** Names in the `# layer-N: name; …` lines of a profile, when every layer has one. */
function layerNamesOf({ remarks }: NumericCsv, layerCount: number): string[] | undefined {
  const names = Array.from({ length: layerCount }, (_, i) =>
    remarks.get(`layer-${i}`)?.split(';')[0].trim(),
  )
  return names.every((name) => name !== undefined) ? names : undefined
}

function readAttention(text: string, file: string, name: string, sequenceLength: number): Trace {
  const csv = parseNumericCsv(text, file, [
    '50%-skip',
    'overall-sparsity',
    'batch-indx',
    'layer-indx',
  ])
  const density = column(csv, 'overall-sparsity')
  const balance = column(csv, '50%-skip')
  const problems: Diagnostic[] = []
  const check = (value: number, what: string, row: number): void => {
    if (value > 0 && value <= 1) return
    const at = { file, line: csv.lines[row] }
    problems.push({
      code: 'E-TRC-012',
      at,
      message: `${what} is ${value}, expected above 0 and at most 1`,
    })
  }
  density.forEach((value, row) => check(value, 'density "overall-sparsity"', row))
  balance.forEach((value, row) => check(value, 'load balance "50%-skip"', row))
  if (problems.length > 0) throw new InputError(problems.slice(0, 20))
  return traceFromRows(
    {
      sample: column(csv, 'batch-indx'),
      layer: column(csv, 'layer-indx'),
      latencyS: density.map((value, row) =>
        sangerLayerLatencyS(value, balance[row], sequenceLength),
      ),
      sparsity: density.map((value) => 1 - value),
      line: csv.lines,
    },
    file,
    { name },
  )
}

function column(csv: NumericCsv, name: string): Float64Array {
  return csv.columns.get(name) ?? new Float64Array()
}

/** File name up to its first dot. */
export function traceName(file: string): string {
  return (file.split(/[\\/]/).at(-1) ?? file).split('.')[0]
}

/** Heddle's own CSV of a trace; numbers in shortest round-trip form, so reading gives the same bits. */
export function writeTraceCsv(trace: Trace, description?: string): string {
  const lines = [
    `# ${description ?? `Heddle trace of ${trace.name}`}`,
    `# name: ${trace.name}`,
    ...(trace.network === undefined ? [] : [`# network: ${trace.network}`]),
    'sample,layer,latency_s,sparsity',
  ]
  const order = trace.sampleOrder ?? Int32Array.from({ length: trace.sampleCount }, (_, s) => s)
  for (const sample of order) {
    for (let layer = 0; layer < trace.layerCount; layer++) {
      const cell = sample * trace.layerCount + layer
      lines.push(`${sample},${layer},${trace.latencyS[cell]},${trace.sparsity[cell]}`)
    }
  }
  return lines.join('\n') + '\n'
}
