import type { Trace } from '../../model/index.js'
import { defaultPolicy, type ServeSystem } from '../../serve/index.js'
import type { ServeStreamJob } from '../jobs/serve-stream.js'
import type { StreamKey } from './stream-results.js'

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
