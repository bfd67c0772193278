import type { RequestStream, Run, Trace } from '../../model/index.js'
import {
  conventionsByName,
  createTables,
  policies,
  predictors,
  serveCase,
  type CaseOutcome,
  type HardwareFormat,
} from '../../serve/index.js'

export interface ServeCaseJob {
  readonly traces: readonly Trace[]
  readonly stream: RequestStream
  readonly conventions: string
  readonly policies: readonly string[]
  readonly predictor?: string
  readonly alpha: number
  readonly beta: number
  readonly hardwareFormat: HardwareFormat
}

/** Some policies on one explicit stream; undefined for a policy that was cancelled. */
export function run(job: ServeCaseJob, run: Run): (CaseOutcome | undefined)[] {
  const tables = createTables(job.traces, conventionsByName[job.conventions])
  const options = {
    alpha: job.alpha,
    beta: job.beta,
    hardwareFormat: job.hardwareFormat,
    ...(job.predictor === undefined ? {} : { predictor: predictors[job.predictor] }),
  }
  return job.policies.map((name) => serveCase(job.stream, tables, policies[name], options, run))
}
