import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { InputError, type Diagnostic } from '../../base/index.js'
import { readTraceCsv, type TraceReadOptions } from '../../formats/index.js'
import type { Trace } from '../../model/index.js'
import { resolveInput } from '../../presets/index.js'
import { readTraceParquet } from './trace-parquet.js'

const TRACE_CSV = /\.csv(\.gz)?$/i
const TRACE_FILE = /\.(csv(\.gz)?|parquet)$/i

/**
 * Traces behind an option's value: a preset, a folder (all its trace files, by name) or files joined by commas.
 * @throws InputError with the problems of all files together
 */
export async function readTraces(value: string, options: TraceReadOptions): Promise<Trace[]> {
  return readTraceFiles(traceFiles(value), options)
}

/** The same for CSV files only, without waiting. */
export function readCsvTraces(value: string, options: TraceReadOptions): Trace[] {
  const traces = traceFiles(value)
    .filter((file) => TRACE_CSV.test(file))
    .map((file) => readCsvFile(file, options))
  checkNetworks(traces)
  return traces
}

/** Traces of the given files, in the given order. */
export async function readTraceFiles(
  files: readonly string[],
  options: TraceReadOptions,
): Promise<Trace[]> {
  const problems: Diagnostic[] = []
  const traces: Trace[] = []
  for (const file of files) {
    try {
      traces.push(await readTraceFile(file, options))
    } catch (error) {
      if (!(error instanceof InputError)) throw error
      problems.push(...error.diagnostics)
    }
  }
  if (problems.length > 0) throw new InputError(problems)
  checkNetworks(traces)
  return traces
}

async function readTraceFile(file: string, options: TraceReadOptions): Promise<Trace> {
  if (TRACE_CSV.test(file) || !existsSync(file)) return readCsvFile(file, options)
  return readTraceParquet(readFileSync(file), file)
}

function readCsvFile(file: string, options: TraceReadOptions): Trace {
  if (!existsSync(file)) {
    throw new InputError({
      code: 'E-TRC-020',
      at: { file },
      message: 'there is no such trace file',
    })
  }
  const bytes = readFileSync(file)
  const text = file.toLowerCase().endsWith('.gz') ? gunzip(bytes, file) : bytes.toString('utf8')
  return readTraceCsv(text, file, options)
}

function gunzip(bytes: Uint8Array, file: string): string {
  try {
    return gunzipSync(bytes).toString('utf8')
  } catch {
    throw new InputError({ code: 'E-TRC-021', at: { file }, message: 'this is not gzip data' })
  }
}

function traceFiles(value: string): string[] {
  return value.split(',').flatMap((part) => {
    const path = resolveInput(part.trim(), 'traces')
    if (!statSync(path).isDirectory()) return [path]
    const files = readdirSync(path)
      .filter((name) => TRACE_FILE.test(name))
      .sort()
      .map((name) => join(path, name))
    if (files.length > 0) return files
    throw new InputError({
      code: 'E-TRC-022',
      at: { file: path },
      message: 'the folder holds no trace file',
      hint: 'expected *.csv, *.csv.gz or *.parquet',
    })
  })
}

/** Names must tell traces apart, and traces of one network must have the same layers. */
function checkNetworks(traces: readonly Trace[]): void {
  const problems: Diagnostic[] = []
  traces.forEach((trace, i) => {
    const twin = traces.findIndex((other) => other.name === trace.name)
    if (twin < i)
      problems.push({ code: 'E-TRC-023', message: `two traces are named "${trace.name}"` })
    const kin = traces.find(
      (other) => other.network !== undefined && other.network === trace.network,
    )
    if (kin !== undefined && kin.layerCount !== trace.layerCount) {
      problems.push({
        code: 'E-TRC-024',
        message: `traces "${kin.name}" and "${trace.name}" of network "${trace.network}" have ${kin.layerCount} and ${trace.layerCount} layers`,
        hint: 'traces of one network must have the same layers',
      })
    }
  })
  if (problems.length > 0) throw new InputError(problems)
}
