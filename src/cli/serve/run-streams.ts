import { InputError } from '../../base/index.js'
import type { Trace } from '../../model/index.js'
import {
  compareWith,
  defaultPolicy,
  summarise,
  type Outcome,
  type StreamBounds,
  type SummaryRow,
} from '../../serve/index.js'
import type { ServeStreamJob, ServeStreamResult } from '../jobs/serve-stream.js'
import type { Session } from '../session.js'
import type { VerbResult } from '../verb.js'
import type { ServeOptions } from './options.js'
import { readTraces } from './read-traces.js'
import type { ServeExperiment } from './serve-experiment.js'
import { serveFiles } from './serve-files.js'
import { serveText } from './serve-text.js'
import { resultRow, type StreamKey } from './stream-results.js'
import { streamSource, systemOf } from './stream-source.js'

const DEFAULT_POLICIES = ['fcfs', 'sjf_sparse', 'prema_sparse', 'planaria', 'dysta', defaultPolicy]

/** `heddle serve --traces … [--stream … | --arrivals …]`: policies on given or generated streams. */
export async function runStreams(session: Session, options: ServeOptions): Promise<VerbResult> {
  if (options.traces === undefined) {
    throw new InputError({
      code: 'E-SRV-002',
      message: 'there is nothing to serve',
      hint: 'give --traces DIR or a preset (heddle list traces), or --case FILE',
    })
  }
  const traces = await readTraces(options.traces, { sequenceLength: options.seqLen })
  const names = options.policy ?? DEFAULT_POLICIES
  const streams = streamSource(options, traces, session.shared.seed)
  const jobs = streams.flatMap(({ key, source, sloMultipliers }, i) =>
    chunks(names, streams.length, session.shared.threads).map((policies): KeyedJob => {
      const job: ServeStreamJob = {
        traces,
        conventions: options.conventions,
        policies,
        alpha: options.alpha ?? 1,
        beta: options.beta ?? 0.01,
        hardwareFormat: options.format,
        system: systemOf(options),
        source,
        segments: i === 0 && session.shared.out !== undefined,
        ...(options.predictor === undefined ? {} : { predictor: options.predictor }),
        ...(sloMultipliers === undefined ? {} : { sloMultipliers }),
      }
      return { key, job }
    }),
  )
  let done = 0
  const results = await session.runJobs<ServeStreamJob, ServeStreamResult | undefined>(
    'serve-stream',
    jobs.map(({ job }) => job),
    {
      onDone: () => session.progress(`${++done} of ${jobs.length} simulations`, done / jobs.length),
    },
  )
  const experiment = collect(options, traces, names, jobs, results)
  const { rows, summary, paired, requestsPerSecond, complete } = experiment
  const json = {
    conventions: options.conventions,
    accelerators: systemOf(options).speeds.length,
    results: rows,
    summary,
    paired,
    requestsPerSecond,
    complete,
  }
  return {
    json,
    text: serveText(experiment),
    files: () => serveFiles(experiment, session.commandLine),
  }
}

interface KeyedJob {
  readonly key: StreamKey
  readonly job: ServeStreamJob
}

function collect(
  options: ServeOptions,
  traces: readonly Trace[],
  names: readonly string[],
  jobs: readonly KeyedJob[],
  results: readonly (ServeStreamResult | undefined)[],
): ServeExperiment {
  const rows: (SummaryRow & Record<string, unknown>)[] = []
  const outcomes: { key: StreamKey; outcome: Outcome }[] = []
  const first: Outcome[] = []
  let simulated = 0
  let seconds = 0
  results.forEach((result, i) => {
    if (result === undefined) return
    const { key, job } = jobs[i]
    const boundOf = (outcome: Outcome): StreamBounds | undefined =>
      result.bounds[Math.max(0, job.sloMultipliers?.indexOf(outcome.sloMultiplier ?? 0) ?? 0)]
    for (const outcome of result.outcomes) {
      rows.push(resultRow(key, outcome, boundOf(outcome), options.requestsOut))
      outcomes.push({ key, outcome })
      if (outcome.segments && outcome.sloMultiplier === result.outcomes[0].sloMultiplier)
        first.push(outcome)
    }
    simulated += result.simulatedRequests
    seconds += result.seconds
  })
  const baseline = names.includes('dysta') ? 'dysta' : names[0]
  return {
    options,
    traces,
    baseline: names.length > 1 ? baseline : undefined,
    rows,
    summary: summarise(rows),
    paired: names.length > 1 ? compareWith(baseline, rows) : [],
    first,
    outcomes,
    requestsPerSecond: seconds > 0 ? simulated / seconds : 0,
    complete: results.every((result) => result !== undefined),
  }
}

/** All policies in one job when there are streams enough to keep the threads busy, else one job per policy. */
function chunks(names: readonly string[], streams: number, threads: number): readonly string[][] {
  return streams >= 2 * threads ? [[...names]] : names.map((name) => [name])
}
