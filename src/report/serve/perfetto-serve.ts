import { perfettoTrace, type TraceEvent } from '../perfetto.js'
import type { TimelineRun } from './timeline-figure.js'

/** Trace-event JSON of one policy: a row per accelerator, and one per request from arrival to finish. */
export function servePerfetto(run: TimelineRun): string {
  const events: TraceEvent[] = run.segments.map((segment) => ({
    name: `${run.networkOf(segment.request)} #${segment.request}`,
    process: `accelerators (${run.policy})`,
    track: `accelerator ${segment.accelerator}`,
    startUs: 1e6 * segment.startS,
    durationUs: 1e6 * (segment.endS - segment.startS),
    args: { request: segment.request, layers: segment.layers },
  }))
  return perfettoTrace(events)
}
