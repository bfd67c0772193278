import { summarise, type PointSummary, type SummaryRow } from '../../serve/index.js'
import type { ReproducedFigure, ReproducedTable } from '../reproduction.js'
import type { Platform } from './experiments.js'

/** Summaries of one experiment on one platform, under both semantics. */
export interface ExperimentSummary {
  readonly experiment: string
  readonly platform: Platform
  readonly source: string
  readonly published: readonly PointSummary[]
  readonly standard: readonly PointSummary[]
}

export function summariseExperiment(
  rows: Readonly<Record<'published' | 'standard', readonly SummaryRow[]>>,
  identity: Pick<ExperimentSummary, 'experiment' | 'platform' | 'source'>,
): ExperimentSummary {
  return {
    ...identity,
    published: summarise(rows.published),
    standard: summarise(rows.standard),
  }
}

type Metric = 'violations (%)' | 'ANTT' | 'throughput (/s)'

function metricOf(row: PointSummary, metric: Metric): number {
  if (metric === 'ANTT') return row.antt.mean
  return metric === 'violations (%)' ? 100 * row.violationRate.mean : row.throughput.mean
}

/** All points of an experiment, both semantics, as one table. */
function pointsTable(summary: ExperimentSummary, name: string, title: string): ReproducedTable {
  const rows = (['published', 'standard'] as const).flatMap((semantics) =>
    summary[semantics].map((row): (string | number)[] => [
      semantics,
      `${semantics}, ${row.rate}/s`,
      row.rate ?? 0,
      row.sloMultiplier ?? 0,
      row.policy,
      metricOf(row, 'violations (%)'),
      100 * row.violationRate.halfWidth,
      metricOf(row, 'ANTT'),
      row.antt.halfWidth,
      metricOf(row, 'throughput (/s)'),
      row.violationBound === null ? '–' : 100 * row.violationBound,
      row.anttBound ?? '–',
    ]),
  )
  return {
    name,
    title,
    columns: [
      'semantics',
      'panel',
      'rate (/s)',
      'SLO multiplier',
      'policy',
      'violations (%)',
      'violations ±',
      'ANTT',
      'ANTT ±',
      'throughput (/s)',
      'violation bound (%)',
      'ANTT bound',
    ],
    rows,
  }
}

const CAPTION =
  'Means of 5 repetitions of 1000 requests. Published: the artifact’s own semantics; standard: repaired clock, whole sample range, repaired baselines, with Heddle’s policy beside them.'

/** The figures of an experiment in the form of the publication. */
export function schedulingFigures(summary: ExperimentSummary): ReproducedFigure[] {
  const { experiment, platform, source } = summary
  const number = experiment.slice(3)
  const name = `fig${number}-${platform}`
  const table = pointsTable(summary, name, `Fig. ${number}, ${platform}`)
  const caption = `${CAPTION} Traces: ${source}.`
  const figure = (
    suffix: string,
    what: string,
    chart: ReproducedFigure['chart'],
  ): ReproducedFigure => ({
    name: `${name}${suffix}`,
    title: `Fig. ${number} (${platform}): ${what}`,
    caption,
    table,
    chart,
  })
  if (experiment === 'fig12') {
    return [
      figure('', 'violations against ANTT, SLO × 10', {
        kind: 'scatter',
        x: 'violations (%)',
        y: 'ANTT',
        series: 'policy',
        facet: 'panel',
        scale: 'log',
      }),
    ]
  }
  if (experiment === 'fig13') {
    return (['violations (%)', 'ANTT'] as const).map((metric, i) =>
      figure(['-violations', '-antt'][i], `effect of sparsity knowledge, ${metric}`, {
        kind: 'bars',
        x: 'policy',
        y: metric,
        series: 'semantics',
        scale: 'linear',
      }),
    )
  }
  const overSlo = experiment === 'fig14'
  const metrics: readonly Metric[] = overSlo
    ? ['violations (%)', 'ANTT']
    : ['violations (%)', 'throughput (/s)', 'ANTT']
  return metrics.map((metric) =>
    figure(
      `-${metric.replace(/ .*/, '').toLowerCase()}`,
      `${metric} over ${overSlo ? 'the SLO multiplier' : 'the arrival rate, SLO × 10'}`,
      {
        kind: 'lines',
        x: overSlo ? 'SLO multiplier' : 'rate (/s)',
        y: metric,
        series: 'policy',
        facet: overSlo ? 'panel' : 'semantics',
        xScale: 'linear',
        scale: metric === 'ANTT' ? 'log' : 'linear',
      },
    ),
  )
}

/** Table 5: the SLO × 10 rows of Fig. 14. */
export function table5(summary: ExperimentSummary): ReproducedTable {
  const all = pointsTable(
    summary,
    `table5-${summary.platform}`,
    `Table 5: SLO × 10, ${summary.platform}`,
  )
  return { ...all, rows: all.rows.filter((row) => row[3] === 10) }
}

/** What the numbers say about the publication's claims. */
export function schedulingFindings(summary: ExperimentSummary): string[] {
  const { platform, published } = summary
  return [...new Set(published.map((row) => row.rate))].map((rate) => {
    const at = (policy: string): PointSummary | undefined =>
      published.find(
        (row) => row.rate === rate && row.sloMultiplier === 10 && row.policy === policy,
      )
    const dysta = at('dysta')
    if (dysta === undefined) return ''
    const gain = (policy: string): string => {
      const other = at(policy)
      return other === undefined ? '' : (other.antt.mean / dysta.antt.mean).toFixed(2)
    }
    const percent = (row: PointSummary | undefined): string =>
      (100 * (row?.violationRate.mean ?? Number.NaN)).toFixed(1)
    return `${platform}, ${rate}/s, published semantics: Dysta’s ANTT is ${dysta.antt.mean.toFixed(2)}, smaller than SJF’s by a factor of ${gain('sjf')}, PREMA’s ${gain('prema')}, Planaria’s ${gain('planaria')}, SDRM3’s ${gain('sdrm3')}; violations ${percent(dysta)} % against ${percent(at('sjf'))}, ${percent(at('prema'))}, ${percent(at('planaria'))} and ${percent(at('sdrm3'))} %.`
  })
}
