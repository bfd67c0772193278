import { existsSync, readFileSync } from 'node:fs'
import { InputError } from '../../base/index.js'
import type { Trace } from '../../model/index.js'
import { defaultPolicy, type ServeSystem } from '../../serve/index.js'
import type { ServeStreamJob } from '../jobs/serve-stream.js'
import type { ServeOptions } from './options.js'
import { readTraces } from './read-traces.js'
import { isServing, servingPlan } from './serving-plan.js'
import { generatedStreams, givenStream } from './stream-source.js'
import type { StreamKey } from './stream-results.js'
import { systemOf } from './system-options.js'

/** One stream of an experiment: where its requests come from, under which SLOs. */
export interface PlannedStream {
  readonly key: StreamKey
  readonly source: ServeStreamJob['source']
  /** Absent: the requests bring their own SLOs. */
  readonly sloMultipliers?: readonly number[]
}

/** Everything that an experiment needs beside the numbers of the policies. */
export interface ServePlan {
  /** What was served, for the report's first line. */
  readonly title: string
  readonly traces: readonly Trace[]
  readonly streams: readonly PlannedStream[]
  readonly system: ServeSystem
  readonly policies: readonly string[]
  readonly predictor?: string
}

export const DEFAULT_POLICIES = [
  'fcfs',
  'sjf_sparse',
  'prema_sparse',
  'planaria',
  'dysta',
  defaultPolicy,
]

/**
 * What the options ask for; an experiment file may say most of it, and options on the command line win over it.
 * @throws InputError
 */
export async function planExperiment(options: ServeOptions, seed: number): Promise<ServePlan> {
  const text = options.stream === undefined ? undefined : streamText(options.stream)
  if (options.stream !== undefined && text !== undefined && isServing(options.stream, text))
    return servingPlan(text, options.stream, options)
  if (options.traces === undefined) {
    throw new InputError({
      code: 'E-SRV-002',
      message: 'there is nothing to serve',
      hint: 'give --traces DIR or a preset (heddle list traces), a whole experiment (--stream FILE.yaml), or --case FILE',
    })
  }
  const traces = await readTraces(options.traces, { sequenceLength: options.seqLen ?? 512 })
  return {
    title: options.traces,
    traces,
    streams:
      options.stream === undefined || text === undefined
        ? generatedStreams(options, seed)
        : [givenStream(text, options.stream, options, traces, seed)],
    system: systemOf(options, traces),
    policies: options.policy ?? DEFAULT_POLICIES,
    ...(options.predictor === undefined ? {} : { predictor: options.predictor }),
  }
}

function streamText(file: string): string {
  if (existsSync(file)) return readFileSync(file, 'utf8')
  throw new InputError({
    code: 'E-STR-000',
    at: { file },
    message: 'there is no such stream file',
  })
}
