import type { Trace } from '../../model/index.js'
import type { Outcome, PairedComparison, PointSummary, SummaryRow } from '../../serve/index.js'
import type { ServeOptions } from './options.js'
import type { StreamKey } from './stream-results.js'

/** Everything that a finished experiment is shown from. */
export interface ServeExperiment {
  readonly options: ServeOptions
  /** What was served. */
  readonly title: string
  readonly traces: readonly Trace[]
  readonly baseline: string | undefined
  readonly rows: readonly (SummaryRow & Readonly<Record<string, unknown>>)[]
  readonly summary: readonly PointSummary[]
  readonly paired: readonly PairedComparison[]
  /** Outcomes of the first stream, with who ran when. */
  readonly first: readonly Outcome[]
  /** All outcomes with their stream, for distributions. */
  readonly outcomes: readonly { readonly key: StreamKey; readonly outcome: Outcome }[]
  readonly requestsPerSecond: number
  readonly complete: boolean
}
