import type { RequestSource, ServingMix, SourceArrivals, Trace } from '../../model/index.js'
import type { ServingFile } from './serving-schema.js'
import { ServingProblems, type ParsedServing, type Path } from './serving-problems.js'

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
  const problems = new ServingProblems(parsed)
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
