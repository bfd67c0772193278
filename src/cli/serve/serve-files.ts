import {
  csvTable,
  renderPage,
  tableSection,
  type Column,
  type Section,
} from '../../report/index.js'
import {
  curveFigure,
  distributionFigure,
  pointLabel,
  queueFigure,
  servePerfetto,
  timelineFigure,
  tradeoffFigure,
  type PointFigure,
  type TimelineRun,
} from '../../report/serve/index.js'
import { isolatedLatencies, type Outcome, type SummaryRow } from '../../serve/index.js'
import type { OutputFiles } from '../verb.js'
import type { ServeExperiment } from './serve-experiment.js'
import { pairedColumns, summaryColumns } from './serve-text.js'

/** Everything that `--out` writes. */
export function serveFiles(experiment: ServeExperiment, commandLine: string): OutputFiles {
  const files = new Map<string, string>()
  const { summary, paired, rows, first, options } = experiment
  const points = summary.map((row): PointFigure => ({
    policy: row.policy,
    rate: row.rate,
    sloMultiplier: row.sloMultiplier,
    antt: row.antt.mean,
    anttHalfWidth: row.antt.halfWidth,
    violationPercent: 100 * row.violationRate.mean,
    violationHalfWidth: 100 * row.violationRate.halfWidth,
    anttBound: row.anttBound,
    violationBoundPercent: row.violationBound === null ? null : 100 * row.violationBound,
  }))
  const figures: { name: string; svg: string; caption: string }[] = [
    {
      name: 'tradeoff',
      svg: tradeoffFigure(points),
      caption:
        'Lower and further left is better; bars are 95 % confidence intervals over repetitions. The grey area is excluded by the lower bounds of both metrics.',
    },
  ]
  if (new Set(summary.map((row) => row.rate)).size > 1)
    figures.push({
      name: 'over-rate',
      svg: curveFigure(points, 'rate'),
      caption: 'Means over repetitions.',
    })
  if (new Set(summary.map((row) => row.sloMultiplier)).size > 1) {
    figures.push({
      name: 'over-slo',
      svg: curveFigure(points, 'sloMultiplier'),
      caption: 'Means over repetitions.',
    })
  }
  const point = summary[0]
  const at = pointLabel(point.rate, point.sloMultiplier)
  const pooled = 'Pooled over the repetitions of this operating point.'
  const turnaround = distributions(experiment, isolatedLatencies)
  const latency = distributions(experiment, (_traces, { finishS }) => finishS.map(() => 1))
  figures.push(
    {
      name: 'turnaround',
      svg: distributionFigure(
        turnaround,
        `Normalised turnaround at ${at}`,
        'turnaround / isolated latency',
      ),
      caption: pooled,
    },
    {
      name: 'latency',
      svg: distributionFigure(latency, `Latency at ${at}`, 'latency (s)'),
      caption: pooled,
    },
  )
  const runs = first.map((outcome): TimelineRun => timelineRun(outcome))
  if (runs.length > 0) {
    figures.push(
      { name: 'timeline', svg: timelineFigure(runs), caption: 'Beginning of the first stream.' },
      { name: 'queue', svg: queueFigure(runs), caption: 'The whole first stream.' },
    )
    for (const run of runs) files.set(`trace-${run.policy}.json`, servePerfetto(run))
  }
  for (const { name, svg } of figures) files.set(`${name}.svg`, svg)
  files.set('summary.csv', csvTable(summaryCsvColumns, summary))
  files.set('results.csv', csvTable(resultColumns(rows), rows))
  const sections: Section[] = [
    ...figures.flatMap(({ svg, caption }): Section[] => [{ kind: 'figure', svg, caption }]),
    { kind: 'heading', text: 'Operating points' },
    tableSection(summaryColumns, summary, 'Mean ± half width of the 95 % confidence interval.'),
  ]
  if (paired.length > 0) {
    sections.push(
      { kind: 'heading', text: `Paired comparison with ${experiment.baseline ?? ''}` },
      tableSection(
        pairedColumns,
        paired,
        'Differences on the same streams, repetition by repetition.',
      ),
    )
  }
  if (runs.length > 0) {
    const names = runs.map((run) => `trace-${run.policy}.json`).join(', ')
    const text = `Who ran when in the first stream, for ui.perfetto.dev: ${names}.`
    sections.push({ kind: 'text', paragraphs: [text] })
  }
  const page = {
    title: 'Request streams',
    lead: `${experiment.title}: ${summary.length} operating points and policies, ${rows.length} simulations, ${options.conventions} semantics`,
    sections,
    footer: commandLine,
  }
  files.set('report.html', renderPage(page))
  return files

  function timelineRun(outcome: Outcome): TimelineRun {
    return {
      policy: outcome.policy,
      segments: outcome.segments ?? [],
      networkOf: (request) => experiment.traces[outcome.traceIndex[request]].name,
      arrivalS: outcome.arrivalS,
      finishS: outcome.finishS,
    }
  }
}

/** Times from arrival to finish at the first operating point over `unitOf` each request, sorted, by policy. */
function distributions(
  experiment: ServeExperiment,
  unitOf: (traces: ServeExperiment['traces'], outcome: Outcome) => Float64Array,
): { policy: string; values: Float64Array }[] {
  const point = experiment.summary[0]
  const pooled = new Map<string, number[]>()
  for (const { key, outcome } of experiment.outcomes) {
    if (key.rate !== point.rate || (outcome.sloMultiplier ?? null) !== point.sloMultiplier) continue
    const list = pooled.get(outcome.policy) ?? []
    const unit = unitOf(experiment.traces, outcome)
    outcome.finishS.forEach((finish, i) => {
      if (!Number.isNaN(finish)) list.push((finish - outcome.arrivalS[i]) / unit[i])
    })
    pooled.set(outcome.policy, list)
  }
  return [...pooled].map(([policy, values]) => ({
    policy,
    values: Float64Array.from(values).sort(),
  }))
}

const summaryCsvColumns: readonly Column<ServeExperiment['summary'][number]>[] = [
  { title: 'policy', cell: (row) => row.policy },
  { title: 'rate', cell: (row) => row.rate ?? '' },
  { title: 'slo_multiplier', cell: (row) => row.sloMultiplier ?? '' },
  { title: 'repetitions', cell: (row) => row.repetitions },
  { title: 'antt', cell: (row) => row.antt.mean },
  { title: 'antt_half_width', cell: (row) => row.antt.halfWidth },
  { title: 'antt_bound', cell: (row) => row.anttBound ?? '' },
  { title: 'violation_rate', cell: (row) => row.violationRate.mean },
  { title: 'violation_half_width', cell: (row) => row.violationRate.halfWidth },
  { title: 'violation_bound', cell: (row) => row.violationBound ?? '' },
  { title: 'throughput', cell: (row) => row.throughput.mean },
  { title: 'p99_latency_s', cell: (row) => row.p99LatencyS.mean },
]

/** Every scalar field of the JSON rows becomes a column. */
function resultColumns(
  rows: readonly (SummaryRow & Readonly<Record<string, unknown>>)[],
): Column<SummaryRow & Readonly<Record<string, unknown>>>[] {
  const [sample] = rows
  return Object.keys(sample)
    .filter((key) => typeof sample[key] !== 'object' || sample[key] === null)
    .map((title) => ({
      title,
      cell: (row) => {
        const value = row[title]
        return typeof value === 'number' || typeof value === 'string' ? value : ''
      },
    }))
}
