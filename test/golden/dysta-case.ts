import { readTraceCsv } from '../../src/formats/index.js'
import { createRequestStream, type RequestStream, type Trace } from '../../src/model/index.js'
import { goldenFiles, goldenJson, goldenText } from './golden-data.js'

export const FOLDER = 'dysta-scheduling'

/** One policy's published outcome; fields as in the schema of the golden folder. */
export interface GoldenResult {
  readonly antt: number
  readonly violation_rate: number
  readonly throughput: number
  readonly finish?: readonly number[]
  readonly runs?: readonly (readonly [number, number])[]
  readonly decisions?: readonly {
    readonly t: number
    readonly queue: readonly number[]
    readonly score: readonly (number | string)[]
    readonly pick: number
  }[]
  readonly reference_error?: string
}

export interface GoldenCase {
  readonly id: string
  readonly trace_files: readonly string[]
  readonly seq_len: number
  readonly alpha: number
  readonly beta: number
  readonly generator: {
    readonly seed: number
    readonly rate: number
    readonly n: number
    readonly sampling: 'ref7' | 'full'
    readonly slo_multiplier: number
    readonly slo_mix: readonly number[] | null
  } | null
  readonly requests: readonly (readonly [number, number, number, number, number])[]
  readonly isolated_latency_s: readonly number[]
  readonly results: Readonly<Record<string, GoldenResult>>
}

/** Names of all scheduling cases of the folder. */
export const caseNames = goldenFiles(FOLDER)
  .filter((name) => name.endsWith('.json'))
  .map((name) => name.slice(0, -5))
  .filter((name) => goldenJson<Partial<GoldenCase>>(FOLDER, `${name}.json`)?.requests !== undefined)

export function loadCase(name: string): GoldenCase {
  const golden = goldenJson<GoldenCase>(FOLDER, `${name}.json`)
  if (golden === undefined) throw new Error(`no golden case ${name}`)
  return golden
}

const traceCache = new Map<string, Trace>()

/** Trace of a golden file, named like its CSV. */
export function goldenTrace(path: string, sequenceLength: number): Trace {
  const key = `${path}@${sequenceLength}`
  let trace = traceCache.get(key)
  if (trace === undefined) {
    const text = goldenText(FOLDER, ...path.split('/'))
    if (text === undefined) throw new Error(`no golden trace ${path}`)
    traceCache.set(key, (trace = readTraceCsv(text, path, { sequenceLength })))
  }
  return trace
}

export function caseTraces(golden: GoldenCase): Trace[] {
  return golden.trace_files.map((path) => goldenTrace(path, golden.seq_len))
}

export function caseStream(golden: GoldenCase): RequestStream {
  return createRequestStream(
    golden.requests.map(([arrivalS, traceIndex, sampleIndex, priority, sloS]) => ({
      arrivalS,
      traceIndex,
      sampleIndex,
      priority,
      sloS,
    })),
  )
}

/** `lut.json`: group → model → look-up table. */
export type LutFile = Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        {
          readonly trace_file: string
          readonly seq_len: number
          readonly num_layers: number
          readonly num_samples: number
          readonly target_latency_pattern: number
          readonly target_latency_model: number
          readonly mean_layer_latency_pattern: readonly number[]
          readonly mean_layer_latency_model: readonly number[]
          readonly mean_layer_sparsity: readonly number[]
          readonly sample0_layer_latency: readonly number[]
          readonly sample0_layer_sparsity: readonly number[]
          readonly isolated_latency: readonly number[]
        }
      >
    >
  >
>

/** `rng.json`: first draws of some seeds, and whole streams. */
export interface RngFile {
  readonly draws: Readonly<
    Record<
      string,
      Readonly<
        Record<
          | 'getrandbits32'
          | 'random'
          | 'uniform01'
          | 'expovariate30'
          | 'randint_0_2'
          | 'randint_0_6',
          readonly number[]
        >
      > & { readonly request_draws_12models: readonly (readonly number[])[] }
    >
  >
  readonly streams_ref7_sanger_rate30_slo10: Readonly<
    Record<string, readonly (readonly number[])[]>
  >
  readonly models: readonly string[]
  readonly carry_over_seed: number
  readonly carry_over_rates_30_then_40: readonly (readonly (readonly number[])[])[]
}

export interface GoldenErrors {
  readonly mean_signed_error: number
  readonly mean_signed_rel_error: number
  readonly mse: number
  readonly rmse: number
  readonly mae: number
  readonly mape: number
}

type Strategy = 'avg' | 'lastN' | 'last_one'

/** `predictor.json`: group → model → predictions of some samples, errors over all. */
export type PredictorFile = Readonly<
  Record<
    string,
    Readonly<
      Record<
        string,
        {
          readonly trace_file: string
          readonly samples: Readonly<
            Record<
              string,
              Readonly<Record<`gamma_${Strategy}` | `est_${Strategy}` | 'real', readonly number[]>>
            >
          >
          readonly summary: Readonly<Record<Strategy | 'none' | 'lastN_fixed', GoldenErrors | null>>
          readonly correlation_matrix: readonly (readonly (number | string)[])[] | null
          readonly linear_reg?: Partial<GoldenErrors> & {
            readonly train_size: number
            readonly test_size: number
            readonly coef: readonly number[]
          }
        }
      >
    >
  >
>
