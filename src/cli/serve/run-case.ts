import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { InputError } from '../../base/index.js'
import { readServeCase } from '../../formats/index.js'
import { textTable } from '../../report/index.js'
import { policies, type CaseOutcome } from '../../serve/index.js'
import type { ServeCaseJob } from '../jobs/serve-case.js'
import type { Session } from '../session.js'
import type { VerbResult } from '../verb.js'
import type { ServeOptions } from './options.js'
import { readTraceFiles } from './read-traces.js'

/** `heddle serve --case FILE`: every policy on the requests of one case file. */
export async function runCase(session: Session, options: ServeOptions): Promise<VerbResult> {
  const file = options.case ?? ''
  if (!existsSync(file)) {
    throw new InputError({
      code: 'E-CASE-000',
      at: { file },
      message: 'there is no such case file',
    })
  }
  const given = readServeCase(readFileSync(file, 'utf8'), file)
  const paths = given.traceFiles.map((path) => join(dirname(file), path))
  const traces = await readTraceFiles(paths, { sequenceLength: given.sequenceLength })
  checkSamples(file, given.stream, traces)
  const names = options.policy ?? Object.keys(policies)
  const job: ServeCaseJob = {
    traces,
    stream: given.stream,
    conventions: options.conventions,
    policies: names,
    alpha: options.alpha ?? given.alpha,
    beta: options.beta ?? given.beta,
    hardwareFormat: options.format,
    ...(options.predictor === undefined ? {} : { predictor: options.predictor }),
  }
  const [outcomes] = await session.runJobs<ServeCaseJob, (CaseOutcome | undefined)[]>(
    'serve-case',
    [job],
  )
  const results: Record<string, CaseOutcome> = {}
  outcomes.forEach((outcome, i) => {
    if (outcome !== undefined) results[names[i]] = outcome
  })
  const json = { id: given.id, conventions: options.conventions, results }
  return { json, text: caseTable(results) }
}

function checkSamples(
  file: string,
  stream: { readonly traceIndex: Int32Array; readonly sampleIndex: Int32Array },
  traces: readonly { readonly name: string; readonly sampleCount: number }[],
): void {
  const problems = Array.from(stream.sampleIndex, (sample, i) => ({ sample, i }))
    .filter(({ sample, i }) => sample >= traces[stream.traceIndex[i]].sampleCount)
    .slice(0, 20)
    .map(({ sample, i }) => {
      const trace = traces[stream.traceIndex[i]]
      return {
        code: 'E-CASE-004',
        at: { file },
        message: `request ${i}: sample ${sample}, but trace ${trace.name} has samples 0 … ${trace.sampleCount - 1}`,
      }
    })
  if (problems.length > 0) throw new InputError(problems)
}

function caseTable(results: Readonly<Record<string, CaseOutcome>>): string {
  return textTable(
    [
      { title: 'policy', align: 'left', cell: ([name]) => name },
      { title: 'ANTT', cell: ([, r]) => ('antt' in r ? r.antt.toFixed(4) : '–') },
      {
        title: 'violations %',
        cell: ([, r]) => ('antt' in r ? (100 * r.violation_rate).toFixed(2) : '–'),
      },
      {
        title: 'requests/s',
        cell: ([, r]) => ('antt' in r ? r.throughput.toFixed(3) : r.reference_error),
      },
    ],
    Object.entries(results),
  )
}
