import * as Plot from '@observablehq/plot'
import type { Segment } from '../../serve/index.js'
import { withLegend } from '../legend.js'
import { seriesColor, tones } from '../palette.js'
import { plotSvg } from '../plot.js'

/** Who ran when, under one policy. */
export interface TimelineRun {
  readonly policy: string
  readonly segments: readonly Segment[]
  /** Network (trace) of each request. */
  readonly networkOf: (request: number) => string
  readonly arrivalS: Float64Array
  readonly finishS: Float64Array
}

const WIDTH = 1080
/** So many requests fill the shown window: more would be hairlines. */
const SHOWN_REQUESTS = 40

/** Bars of the first requests on the accelerator, one row per policy and accelerator, coloured by network. */
export function timelineFigure(runs: readonly TimelineRun[]): string {
  const endS = shownUntil(runs[0])
  const rows = runs.flatMap((run) =>
    run.segments
      .filter((segment) => segment.startS < endS)
      .map((segment) => ({
        row:
          segment.accelerator > 0 || run.segments.some((s) => s.accelerator > 0)
            ? `${run.policy} #${segment.accelerator}`
            : run.policy,
        from: segment.startS,
        to: Math.min(endS, segment.endS),
        network: run.networkOf(segment.request),
        request: segment.request,
      })),
  )
  const lanes = [...new Set(rows.map((row) => row.row))]
  const networks = [...new Set(rows.map((row) => row.network))].sort()
  const color = new Map(networks.map((network, i) => [network, seriesColor(i)]))
  const startS = Math.min(...rows.map((row) => row.from))
  const perSecond = (WIDTH - 180) / (endS - startS)
  const svg = plotSvg({
    width: WIDTH,
    height: 60 + 44 * lanes.length,
    marginLeft: 30 + 7 * Math.max(...lanes.map((lane) => lane.length)),
    marginBottom: 40,
    marginTop: 14,
    x: { domain: [startS, endS], label: 'time (s)', labelArrow: 'none', labelAnchor: 'center' },
    y: { type: 'band', domain: lanes, label: null, padding: 0.15 },
    marks: [
      Plot.rect(rows, {
        x1: 'from',
        x2: 'to',
        y: 'row',
        fill: (row: (typeof rows)[number]) => color.get(row.network) ?? tones.soft,
        stroke: tones.paper,
        strokeWidth: 0.5,
      }),
      Plot.text(
        rows.filter((row) => (row.to - row.from) * perSecond > 16),
        {
          x: (row: (typeof rows)[number]) => (row.from + row.to) / 2,
          y: 'row',
          text: (row: (typeof rows)[number]) => String(row.request),
          fill: tones.onSeries,
          fontSize: 9,
        },
      ),
    ],
  })
  return withLegend(
    svg,
    'Who ran when (numbers are requests)',
    networks.map((label) => ({ label, color: color.get(label) ?? tones.soft })),
  )
}

function shownUntil(run: TimelineRun): number {
  const last = Math.min(SHOWN_REQUESTS, run.finishS.length) - 1
  return Math.max(run.arrivalS[last], run.arrivalS[0] + 1e-6)
}

/** Requests in the system over time, one line per policy. */
export function queueFigure(runs: readonly TimelineRun[]): string {
  const policies = runs.map((run) => run.policy)
  const rows = runs.flatMap((run) => queueSteps(run))
  const svg = plotSvg({
    width: WIDTH,
    height: 300,
    marginLeft: 50,
    marginTop: 26,
    marginBottom: 40,
    color: { domain: policies, range: policies.map((_, i) => seriesColor(i)) },
    x: { label: 'time (s)', labelArrow: 'none', labelAnchor: 'center' },
    y: { label: 'requests in the system', grid: true, nice: true },
    marks: [
      Plot.line(rows, {
        x: 'timeS',
        y: 'count',
        stroke: 'policy',
        curve: 'step-after',
        strokeWidth: 1.3,
      }),
    ],
  })
  return withLegend(
    svg,
    'Queue length',
    policies.map((label, i) => ({ label, color: seriesColor(i) })),
  )
}

const MAX_STEPS = 1500

/** Steps of the queue length; long streams are thinned to the largest value per slice of time. */
function queueSteps(run: TimelineRun): { policy: string; timeS: number; count: number }[] {
  const served = run.finishS.map((value) => (Number.isNaN(value) ? 0 : 1))
  const starts = run.arrivalS.filter((_, i) => served[i] === 1).sort()
  const ends = run.finishS.filter((_, i) => served[i] === 1).sort()
  const steps: { policy: string; timeS: number; count: number }[] = []
  let a = 0
  let f = 0
  while (f < ends.length) {
    const arrives = a < starts.length && starts[a] < ends[f]
    const timeS = arrives ? starts[a++] : ends[f++]
    steps.push({ policy: run.policy, timeS, count: a - f })
  }
  const slice = Math.ceil(steps.length / MAX_STEPS)
  if (slice <= 1) return steps
  return Array.from({ length: Math.ceil(steps.length / slice) }, (_, i) =>
    steps
      .slice(i * slice, (i + 1) * slice)
      .reduce((best, step) => (step.count > best.count ? step : best)),
  )
}
