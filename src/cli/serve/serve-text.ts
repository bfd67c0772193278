import { formatNumber } from '../../base/index.js'
import { textTable, type Column } from '../../report/index.js'
import type { Estimate, PairedComparison, PointSummary } from '../../serve/index.js'
import type { ServeExperiment } from './serve-experiment.js'

const percent = (value: number): string => (100 * value).toFixed(2)

function spread(estimate: Estimate, show: (value: number) => string): string {
  const half = estimate.halfWidth
  return half > 0 ? `${show(estimate.mean)} ± ${show(half)}` : show(estimate.mean)
}

/** Columns of the summary: one policy at one operating point. */
export const summaryColumns: readonly Column<PointSummary>[] = [
  { title: 'rate/s', cell: (row) => row.rate ?? '–' },
  { title: 'SLO ×', cell: (row) => row.sloMultiplier ?? '–' },
  { title: 'policy', align: 'left', cell: (row) => row.policy },
  { title: 'violations %', cell: (row) => spread(row.violationRate, percent) },
  {
    title: 'bound',
    cell: (row) => (row.violationBound === null ? '–' : percent(row.violationBound)),
  },
  { title: 'ANTT', cell: (row) => spread(row.antt, (value) => formatNumber(value, 4)) },
  {
    title: 'bound',
    cell: (row) => (row.anttBound === null ? '–' : formatNumber(row.anttBound, 4)),
  },
  { title: 'p99 latency s', cell: (row) => formatNumber(row.p99LatencyS.mean, 4) },
  { title: 'requests/s', cell: (row) => formatNumber(row.throughput.mean, 4) },
]

/** Columns of the paired comparison with a baseline. */
export const pairedColumns: readonly Column<PairedComparison>[] = [
  { title: 'rate/s', cell: (row) => row.rate ?? '–' },
  { title: 'SLO ×', cell: (row) => row.sloMultiplier ?? '–' },
  { title: 'policy', align: 'left', cell: (row) => row.policy },
  {
    title: 'ANTT %',
    cell: (row) =>
      `${(100 * row.anttRelative.mean).toFixed(2)} ± ${(100 * row.anttRelative.halfWidth).toFixed(2)}`,
  },
  {
    title: 'violations, points',
    cell: (row) =>
      `${percent(row.violationDifference.mean)} ± ${percent(row.violationDifference.halfWidth)}`,
  },
  { title: 'violations %', cell: (row) => percent(row.violationRate) },
  { title: 'baseline %', cell: (row) => percent(row.baselineViolationRate) },
  {
    title: 'fewer/same/more',
    cell: (row) => `${row.fewerViolations}/${row.equalViolations}/${row.moreViolations}`,
  },
  { title: 'lower ANTT', cell: (row) => `${row.lowerAntt} of ${row.repetitions}` },
]

/** What the terminal shows. */
export function serveText(experiment: ServeExperiment): string {
  const { summary, paired, baseline, complete, requestsPerSecond } = experiment
  const lines = [textTable(summaryColumns, summary)]
  if (paired.length > 0 && paired[0].repetitions > 1) {
    lines.push(
      '',
      `Against ${baseline}, on the same streams (mean ± 95 % half width over ${paired[0].repetitions} repetitions):`,
      textTable(pairedColumns, paired),
    )
  }
  lines.push('', `${formatNumber(requestsPerSecond, 3)} simulated requests per second of computing`)
  if (!complete) lines.push('stopped early: simulations that had not finished are missing')
  return lines.join('\n')
}
