import { InputError, suggestName, type Diagnostic } from '../../base/index.js'
import type { RequestSource, ServingMix, SourceArrivals, Trace } from '../../model/index.js'
import { parseYaml, type ParsedYaml } from '../parse-yaml.js'
import { servingSchema, type ServingFile } from './serving-schema.js'

/** A serving experiment as read; names of traces and policies are still to be found. */
export type ParsedServing = ParsedYaml<ServingFile>

type Path = readonly (string | number)[]

/** Collects problems at positions of one file. */
class Problems {
  private readonly list: Diagnostic[] = []
  constructor(private readonly parsed: ParsedServing) {}

  add(code: string, path: Path, message: string, hint?: string): void {
    this.list.push({
      code,
      at: this.parsed.at(path),
      message,
      ...(hint === undefined ? {} : { hint }),
    })
  }

  unknown(path: Path, what: string, name: string, known: readonly string[]): void {
    this.add('E-SERV-007', path, `there is no ${what} "${name}"`, suggestName(name, known))
  }

  raise(): void {
    if (this.list.length > 0) throw new InputError(this.list)
  }
}

/**
 * Reads a serving experiment (`kind: serving`) and checks all that needs no other file.
 * @throws InputError with every problem and its position
 */
export function readServing(text: string, file: string): ParsedServing {
  const parsed = parseYaml<ServingFile>(text, file, servingSchema)
  const { streams, seconds, machine } = parsed.value
  const problems = new Problems(parsed)
  const names = streams.map((each) => each.name)
  streams.forEach((each, i) => {
    const path: Path = ['streams', i]
    if (names.indexOf(each.name) !== i)
      problems.add('E-SERV-001', [...path, 'name'], `two streams are named "${each.name}"`)
    if ((each.arrivals === undefined) === (each.after === undefined)) {
      const message = `stream "${each.name}" needs either arrivals or after`
      problems.add('E-SERV-002', path, message, 'give exactly one of the two')
    }
    if (each.after !== undefined && !names.slice(0, i).includes(each.after.stream)) {
      const message = `stream "${each.name}" follows "${each.after.stream}", which is no stream above it`
      const hint = suggestName(each.after.stream, names.slice(0, i))
      problems.add('E-SERV-003', [...path, 'after', 'stream'], message, hint)
    }
    if (each.sloMs !== undefined && each.sloMultiplier !== undefined) {
      const message = `stream "${each.name}" has two SLOs`
      problems.add('E-SERV-004', [...path, 'sloMs'], message, 'give sloMs or sloMultiplier')
    }
    const { arrivals } = each
    if (arrivals === undefined) return
    const drawn = arrivals.process !== 'given' && arrivals.process !== 'replay'
    if (drawn && seconds === undefined && each.requests === undefined) {
      const message = `stream "${each.name}" never ends`
      problems.add('E-SERV-005', path, message, 'give it requests, or the experiment seconds')
    }
    if (arrivals.process === 'bursts' && arrivals.peak * arrivals.share > 1) {
      const product = `peak ${arrivals.peak} × share ${arrivals.share}`
      const message = `bursts of ${product} bring more than all requests: expected a product of at most 1`
      problems.add('E-SERV-006', [...path, 'arrivals', 'peak'], message)
    }
  })
  const processes = streams.map((each) => each.arrivals?.process)
  const scales = parsed.value.load.some((factor) => factor !== 1)
  if (scales && processes.every((p) => p === undefined || p === 'given' || p === 'replay'))
    problems.add('E-SERV-010', ['load'], 'there is no drawn stream whose rate load could change')
  const parts = machine.accelerators.map((each) => each.name)
  parts.forEach((name, i) => {
    if (parts.indexOf(name) !== i) {
      const path = ['machine', 'accelerators', i, 'name']
      problems.add('E-SERV-001', path, `two kinds of accelerator are named "${name}"`)
    }
  })
  problems.raise()
  return parsed
}

/** What the names in a serving experiment may refer to. */
export interface ServingNames {
  readonly traces: readonly Trace[]
  readonly policies: readonly string[]
  readonly predictors: readonly string[]
}

/** The parts of an experiment with every name found. */
export interface ResolvedServing {
  readonly mix: ServingMix
  /** Speed of each accelerator. */
  readonly speeds: readonly number[]
  /** Accelerators that each trace may run on; absent: all. */
  readonly affinity?: readonly (readonly number[])[]
  /** Summed mean rate of the drawn streams, requests per second; undefined when there is none. */
  readonly ratePerS?: number
}

/**
 * Finds the names of an experiment.
 * @param replayed times of arrival of the streams that replay a file, by index of the stream, in seconds
 * @throws InputError with every unknown name and every sample that its traces do not have
 */
export function resolveServing(
  parsed: ParsedServing,
  names: ServingNames,
  replayed: ReadonlyMap<number, readonly number[]>,
): ResolvedServing {
  const { value } = parsed
  const problems = new Problems(parsed)
  const traceNames = [...new Set(names.traces.flatMap((t) => [t.name, t.network ?? t.name]))]
  const tracesOf = (name: string, path: Path): number[] => {
    const found = names.traces.flatMap((t, i) => (t.name === name || t.network === name ? [i] : []))
    if (found.length === 0) problems.unknown(path, 'trace or network', name, traceNames)
    return found
  }
  value.policies?.forEach((name, i) => {
    if (name !== 'all' && !names.policies.includes(name))
      problems.unknown(['policies', i], 'policy', name, names.policies)
  })
  if (value.predictor !== undefined && !names.predictors.includes(value.predictor))
    problems.unknown(['predictor'], 'predictor', value.predictor, names.predictors)

  const sources = value.streams.map((each, i): RequestSource => {
    const weights = weightsOf(each.trace ?? names.traces.map((t) => t.name))
    const traces = weights.flatMap(([name, weight]) => {
      const found = tracesOf(name, ['streams', i, 'trace'])
      return found.map((trace) => ({ trace, weight: weight / found.length }))
    })
    for (const { trace } of traces) {
      const { name, sampleCount } = names.traces[trace]
      if (each.sample !== undefined && each.sample >= sampleCount) {
        const message = `sample ${each.sample}, but trace ${name} has samples 0 … ${sampleCount - 1}`
        problems.add('E-SERV-008', ['streams', i, 'sample'], message)
      }
    }
    return {
      name: each.name,
      arrivals: arrivalsOf(each, value, replayed.get(i) ?? []),
      traces,
      priority: each.priority,
      ...(each.sample === undefined ? {} : { sample: each.sample }),
      ...(each.requests === undefined ? {} : { requests: each.requests }),
      ...sloOf(each),
    }
  })
  const affinity = affinityOf(value, tracesOf, names.traces.length)
  affinity?.forEach((allowed, t) => {
    const used = sources.some((source) => source.traces.some(({ trace }) => trace === t))
    if (allowed.length === 0 && used) {
      const message = `trace "${names.traces[t].name}" may run on no accelerator`
      problems.add('E-SERV-009', ['machine', 'accelerators'], message)
    }
  })
  problems.raise()
  const rates = sources.flatMap(({ arrivals }) =>
    'ratePerS' in arrivals ? [arrivals.ratePerS] : [],
  )
  return {
    mix: {
      sources,
      ...(value.seconds === undefined ? {} : { seconds: value.seconds }),
    },
    speeds: value.machine.accelerators.flatMap((each) =>
      new Array<number>(each.count).fill(each.speed),
    ),
    ...(affinity === undefined ? {} : { affinity }),
    ...(rates.length === 0 ? {} : { ratePerS: rates.reduce((a, b) => a + b, 0) }),
  }
}

type StreamFile = ServingFile['streams'][number]

function weightsOf(trace: NonNullable<StreamFile['trace']>): [string, number][] {
  if (typeof trace === 'string') return [[trace, 1]]
  return Array.isArray(trace) ? trace.map((name) => [name, 1]) : Object.entries(trace)
}

function sloOf({ sloMs, sloMultiplier }: StreamFile): Pick<RequestSource, 'slo'> {
  if (sloMs !== undefined) return { slo: { seconds: sloMs / 1000 } }
  return sloMultiplier === undefined ? {} : { slo: { multiplier: sloMultiplier } }
}

function arrivalsOf(
  { arrivals, after }: StreamFile,
  { streams }: ServingFile,
  replayed: readonly number[],
): SourceArrivals {
  if (arrivals === undefined) {
    const source = streams.findIndex((each) => each.name === after?.stream)
    return { kind: 'after', source, probability: after?.probability ?? 1 }
  }
  switch (arrivals.process) {
    case 'poisson':
      return { kind: 'poisson', ratePerS: arrivals.rate }
    case 'periodic':
      return { kind: 'periodic', ratePerS: arrivals.rate, jitter: arrivals.jitter }
    case 'bursts': {
      const { rate, peak, share, lengthS } = arrivals
      return { kind: 'bursts', ratePerS: rate, peak, share, lengthS }
    }
    case 'given':
      return { kind: 'given', arrivalS: arrivals.atS.toSorted((a, b) => a - b) }
    case 'replay':
      return { kind: 'given', arrivalS: replayed }
  }
}

function affinityOf(
  { machine }: ServingFile,
  tracesOf: (name: string, path: Path) => number[],
  traces: number,
): number[][] | undefined {
  if (machine.accelerators.every((each) => each.runs === undefined)) return undefined
  const allowed = Array.from({ length: traces }, (): number[] => [])
  let first = 0
  machine.accelerators.forEach(({ count, runs }, i) => {
    const served =
      runs === undefined
        ? allowed.map((_, t) => t)
        : runs.flatMap((name, r) => tracesOf(name, ['machine', 'accelerators', i, 'runs', r]))
    for (let a = first; a < first + count; a++) for (const t of new Set(served)) allowed[t].push(a)
    first += count
  })
  return allowed
}
