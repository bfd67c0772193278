import type { Trace } from '../../model/index.js'
import {
  predictorErrors,
  predictors,
  profileTraces,
  published,
  sparsityCorrelation,
  standard,
} from '../../serve/index.js'
import type { ReproducedFigure, ReproducedTable } from '../reproduction.js'

const BINS = 50

/** Fig. 2: latency of the last two layers of an attention network over samples, each relative to its mean. */
export function latencyProfile(traces: readonly Trace[], source: string): ReproducedFigure {
  const trace = traces.find(({ name }) => name.includes('bert')) ?? traces[0]
  const rows = [trace.layerCount - 2, trace.layerCount - 1].flatMap((layer) => {
    const values = Array.from(
      { length: trace.sampleCount },
      (_, s) => trace.latencyS[s * trace.layerCount + layer],
    )
    const mean = values.reduce((a, b) => a + b, 0) / values.length
    return histogram(values.map((value) => value / mean)).map(
      ({ centre, density }): (string | number)[] => [`layer ${layer}`, centre, density],
    )
  })
  const table: ReproducedTable = {
    name: 'fig02-latency-profile',
    title: `Latency of the last two layers of ${trace.name}`,
    columns: ['layer', 'latency / mean', 'density'],
    rows,
  }
  return {
    name: 'fig02-latency-profile',
    title: `Fig. 2: latency of the last two layers of ${trace.name}, over samples`,
    caption: `Histogram of ${BINS} bins. Traces: ${source}. The spread is what a latency predictor has to work against.`,
    table,
    chart: {
      kind: 'lines',
      x: 'latency / mean',
      y: 'density',
      series: 'layer',
      xScale: 'linear',
      scale: 'linear',
    },
  }
}

function histogram(values: readonly number[]): { centre: number; density: number }[] {
  const low = Math.min(...values)
  const width = (Math.max(...values) - low) / BINS || 1
  const counts = new Array<number>(BINS).fill(0)
  for (const value of values) counts[Math.min(BINS - 1, Math.floor((value - low) / width))]++
  return counts.map((count, i) => ({
    centre: low + (i + 0.5) * width,
    density: count / (values.length * width),
  }))
}

/** Fig. 9: correlation of the layers' sparsities across samples. */
export function correlationFigure(traces: readonly Trace[], source: string): ReproducedFigure {
  const trace = traces.find(({ name }) => name.includes('bert')) ?? traces[0]
  const matrix = sparsityCorrelation(trace)
  const table: ReproducedTable = {
    name: 'fig09-correlation',
    title: `Correlation of layer sparsities of ${trace.name}`,
    columns: ['layer', 'with layer', 'correlation'],
    rows: matrix.flatMap((row, a) => Array.from(row, (value, b) => [a, b, value])),
  }
  return {
    name: 'fig09-correlation',
    title: `Fig. 9: correlation of layer sparsities of ${trace.name}`,
    caption: `Pearson correlation over samples. Traces: ${source}. Strong correlation is why the layers already executed predict the rest.`,
    table,
    chart: {
      kind: 'heatmap',
      x: 'layer',
      y: 'with layer',
      value: 'correlation',
      scale: 'linear',
      decimals: 2,
    },
  }
}

/** Table 4: errors of the remaining-latency predictors, with the faults of the published report and without. */
export function predictorTable(traces: readonly Trace[], platform: string): ReproducedTable {
  const profiles = profileTraces(traces)
  const names = ['average', 'last-one', 'last-n', 'affine', 'regression', 'none']
  return {
    name: `table4-predictors-${platform}`,
    title: `Table 4: predictors of the remaining latency, ${platform}`,
    columns: [
      'trace',
      'predictor',
      'published RMSE (ms)',
      'published mean error (ms)',
      'RMSE (ms)',
      'mean absolute error (%)',
    ],
    rows: traces.flatMap((trace, t) =>
      names.map((name): (string | number)[] => {
        const rule = predictors[name]
        const then = predictorErrors(
          trace,
          profiles[t],
          rule.factors(trace, profiles[t], published),
        )
        const now = predictorErrors(trace, profiles[t], rule.factors(trace, profiles[t], standard))
        const wasPublished = ['average', 'last-one', 'last-n'].includes(name)
        return [
          trace.name,
          name,
          wasPublished ? 1000 * then.rmseS : '–',
          wasPublished ? 1000 * then.meanSignedS : '–',
          1000 * now.rmseS,
          100 * now.meanAbsoluteRelative,
        ]
      }),
    ),
  }
}
