import { defaultThreads, runJobs, type JobOptions } from '../workers/index.js'
import { Interrupted } from './interrupted.js'
import type { ProgressLine } from './progress-line.js'

/** The options that every verb understands. */
export interface SharedOptions {
  readonly json: boolean
  readonly out?: string
  readonly seed: number
  readonly threads: number
  readonly quiet: boolean
}

/** After Ctrl-C, jobs have this long to hand over the best they have found. */
const GRACE_MS = 700

/** One invocation: shared options, progress, cancellation, worker threads. */
export class Session {
  readonly shared: SharedOptions
  /** Aborted by the first Ctrl-C: finish with the best found so far. */
  readonly signal: AbortSignal
  /** The command as typed, for the footer of reports. */
  readonly commandLine: string
  private readonly line: ProgressLine
  /** Characters per line of the terminal that shows the result; undefined where it goes into a file or a pipe. */
  readonly columns: number | undefined = process.stdout.isTTY ? process.stdout.columns : undefined
  /** Aborted when jobs have had the time to stop by themselves. */
  private readonly overdue: AbortSignal

  constructor(shared: SharedOptions, signal: AbortSignal, commandLine: string, line: ProgressLine) {
    this.shared = shared
    this.signal = signal
    this.commandLine = commandLine
    this.line = line
    const overdue = new AbortController()
    this.overdue = overdue.signal
    signal.addEventListener('abort', () => setTimeout(() => overdue.abort(), GRACE_MS).unref())
  }

  /** Shows one line of progress on stderr; fraction 0 … 1. */
  progress(message: string, fraction?: number): void {
    this.line.show(message, fraction)
  }

  /** Prints a message on stderr that stays, unless `--quiet`. */
  note(message: string): void {
    this.line.note(message)
  }

  /**
   * Runs jobs of a module in `src/cli/jobs/` on worker threads with this session's threads, seed and cancellation.
   * @param module file name without extension, e.g. `map-layer`
   * @param options `useless` says why part of the results is worth nothing: Ctrl-C does not wait for the jobs then
   * @throws Interrupted when Ctrl-C came and the jobs had nothing to hand over soon
   */
  runJobs<A, R>(
    module: string,
    jobs: readonly A[],
    options: Partial<Omit<JobOptions<R>, 'signal' | 'abandon'>> & {
      readonly useless?: string
    } = {},
  ): Promise<R[]> {
    const { useless, ...rest } = options
    const error = (): Error => new Interrupted(useless ?? 'the search had found nothing to show')
    return runJobs<A, R>(new URL(`./jobs/${module}.js`, import.meta.url), jobs, {
      threads: this.shared.threads,
      seed: this.shared.seed,
      ...rest,
      signal: this.signal,
      abandon: { signal: useless === undefined ? this.overdue : this.signal, error },
    })
  }
}

export { defaultThreads }
