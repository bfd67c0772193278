import {
  compareWith,
  summarise,
  type Outcome,
  type StreamBounds,
  type SummaryRow,
} from '../../serve/index.js'
import type { ServeStreamJob, ServeStreamResult } from '../jobs/serve-stream.js'
import { Interrupted } from '../interrupted.js'
import type { Session } from '../session.js'
import type { VerbResult } from '../verb.js'
import type { ServeOptions } from './options.js'
import type { ServeExperiment } from './serve-experiment.js'
import { planExperiment } from './plan-experiment.js'
import type { ServePlan } from './serve-plan.js'
import { serveText } from './serve-text.js'
import { resultRow, type StreamKey } from './stream-results.js'

/** `heddle serve --traces … [--stream … | --arrivals …]`: policies on given or generated streams. */
export async function runStreams(session: Session, options: ServeOptions): Promise<VerbResult> {
  const plan = await planExperiment(options, session.shared.seed)
  const { traces, streams, system, policies: names } = plan
  const jobs = streams.flatMap(({ key, source, sloMultipliers }, i) =>
    chunks(names, streams.length, session.shared.threads).map((policies): KeyedJob => {
      const job: ServeStreamJob = {
        traces,
        conventions: options.conventions,
        policies,
        alpha: options.alpha ?? 1,
        beta: options.beta ?? 0.01,
        hardwareFormat: options.format,
        system,
        source,
        segments: i === 0 && session.shared.out !== undefined,
        ...(plan.predictor === undefined ? {} : { predictor: plan.predictor }),
        ...(sloMultipliers === undefined ? {} : { sloMultipliers }),
      }
      return { key, job }
    }),
  )
  let done = 0
  const results = jobs.map((): ServeStreamResult | undefined => undefined)
  try {
    await session.runJobs<ServeStreamJob, ServeStreamResult | undefined>(
      'serve-stream',
      jobs.map(({ job }) => job),
      {
        onDone: (job, result) => {
          results[job] = result
          session.progress(`${++done} of ${jobs.length} simulations`, done / jobs.length)
        },
      },
    )
  } catch (error) {
    // Simulations that were finished before Ctrl-C count, whatever became of the others.
    if (!(error instanceof Interrupted)) throw error
  }
  if (results.every((result) => result === undefined))
    throw new Interrupted('no simulation had finished; nothing was written')
  const experiment = collect(options, plan, jobs, results)
  const { rows, summary, paired, requestsPerSecond, complete } = experiment
  const json = {
    conventions: options.conventions,
    accelerators: system.speeds.length,
    results: rows,
    summary,
    paired,
    requestsPerSecond,
    complete,
  }
  return {
    json,
    text: serveText(experiment),
    // Loaded when drawn: figures bring a chart library with them.
    files: async () =>
      (await import('./serve-files.js')).serveFiles(experiment, session.commandLine),
  }
}

interface KeyedJob {
  readonly key: StreamKey
  readonly job: ServeStreamJob
}

function collect(
  options: ServeOptions,
  plan: ServePlan,
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
  const { traces, title, policies: names } = plan
  const baseline = names.includes('dysta') ? 'dysta' : names[0]
  return {
    options,
    title,
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
