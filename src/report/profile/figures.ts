import * as Plot from '@observablehq/plot'
import type { NetworkProfile } from '../../model/index.js'
import {
  layerValues,
  macSparsity,
  networkLatencies,
  sparsityCorrelation,
  spread,
} from '../../profile/index.js'
import { seriesColor } from '../palette.js'
import { plotSvg } from '../plot.js'

/** Text under every figure: where its numbers come from. */
export function provenanceLine(profiles: readonly NetworkProfile[]): string {
  const kinds = [...new Set(profiles.map((profile) => profile.provenance))].join(', ')
  const accelerators = [...new Set(profiles.map((profile) => profile.accelerator))].join(', ')
  return `Provenance: ${kinds}. Latency model: ${accelerators}.`
}

/** Box plot of layer sparsity (1 − valid / dense MACs) over samples; whiskers at the extremes. */
export function sparsityBoxes(profile: NetworkProfile): string {
  const rows = profile.layers.map((layer, i) => ({
    layer: `${i} ${shorten(layer.name)}`,
    ...spread(layerValues(profile, i, macSparsity)),
  }))
  const label = (layer: string): string => layer
  return plotSvg({
    width: Math.max(480, 120 + 26 * rows.length),
    height: 400,
    marginBottom: 110,
    marginLeft: 55,
    x: { label: null, tickRotate: -55, domain: rows.map((row) => row.layer), tickFormat: label },
    y: { label: 'layer sparsity, 1 − valid / dense MACs', grid: true, domain: [0, 1] },
    marks: [
      Plot.ruleX(rows, { x: 'layer', y1: 'min', y2: 'max', stroke: '#5b6678' }),
      Plot.barY(rows, { x: 'layer', y1: 'q1', y2: 'q3', fill: seriesColor(0), fillOpacity: 0.55 }),
      Plot.tickY(rows, { x: 'layer', y: 'median', stroke: '#1c2330', strokeWidth: 2 }),
    ],
  })
}

/** Correlation of the monitored sparsity between layers. */
export function correlationMap(profile: NetworkProfile): string {
  const count = profile.layers.length
  const matrix = sparsityCorrelation(profile)
  const cells = Array.from({ length: count * count }, (_, i) => ({
    a: i % count,
    b: Math.floor(i / count),
    value: matrix[i],
  }))
  const size = Math.min(640, Math.max(320, 22 * count))
  const legend = Array.from({ length: 41 }, (_, i) => ({ at: -1 + i / 20 }))
  const step = count > 24 ? 5 : count > 12 ? 2 : 1
  return plotSvg({
    width: size + 110,
    height: size + 60,
    marginLeft: 50,
    marginRight: 90,
    marginTop: 20,
    x: {
      label: 'layer',
      ticks: Array.from({ length: count }, (_, i) => i).filter((i) => i % step === 0),
      type: 'band',
    },
    y: {
      label: 'layer',
      ticks: Array.from({ length: count }, (_, i) => i).filter((i) => i % step === 0),
      type: 'band',
    },
    color: { scheme: 'RdBu', domain: [-1, 1], reverse: false, pivot: 0, type: 'diverging' },
    marks: [
      Plot.cell(cells, { x: 'a', y: 'b', fill: 'value', inset: 0 }),
      Plot.text([`correlation`], {
        frameAnchor: 'top-right',
        dx: 82,
        dy: -6,
        textAnchor: 'end',
        fontSize: 10,
      }),
      ...legend.map(({ at }) =>
        Plot.text(['█'], {
          frameAnchor: 'top-right',
          dx: 24,
          dy: 18 + ((1 - at) / 2) * 120,
          fontSize: 9,
          fill: () => at,
        }),
      ),
      ...[1, 0.5, 0, -0.5, -1].map((at) =>
        Plot.text([String(at).replace('-', '−')], {
          frameAnchor: 'top-right',
          dx: 52,
          dy: 18 + ((1 - at) / 2) * 120,
          textAnchor: 'end',
          fontSize: 10,
        }),
      ),
    ],
  })
}

/** Histogram of the isolated latency of the whole network over samples, one colour per data set. */
export function latencyHistogram(profile: NetworkProfile): string {
  const latencies = networkLatencies(profile)
  const datasets = [...new Set(profile.samples.map((sample) => sample.dataset))]
  const bars = stackedBins(
    profile.samples.map(({ dataset }, i) => ({ series: dataset, value: 1e3 * latencies[i] })),
    datasets,
  )
  return plotSvg({
    width: 640,
    height: 320,
    marginTop: 24 + 16 * datasets.length,
    marginLeft: 50,
    x: { label: 'isolated latency of one sample, ms', nice: true },
    y: { label: 'samples', grid: true },
    color: { domain: datasets, range: datasets.map((_, i) => seriesColor(i)) },
    marks: [
      Plot.rectY(bars, {
        x1: 'from',
        x2: 'to',
        y1: 'low',
        y2: 'high',
        fill: 'series',
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      Plot.ruleY([0]),
      ...datasets.map((name, i) =>
        Plot.text([`■ ${name}`], {
          frameAnchor: 'top-right',
          dy: -16 * (datasets.length - i) - 2,
          fill: seriesColor(i),
          textAnchor: 'end',
          fontSize: 12,
        }),
      ),
    ],
  })
}

interface Bar {
  readonly series: string
  readonly from: number
  readonly to: number
  readonly low: number
  readonly high: number
}

/** Counts values in 30 equal bins, the series stacked in their order; empty bars left out. */
function stackedBins(
  rows: readonly { readonly series: string; readonly value: number }[],
  series: readonly string[],
): Bar[] {
  const { min, max } = spread(rows.map((row) => row.value))
  const count = 30
  // A constant quantity still gets a bar of visible width.
  const width = max > min ? (max - min) / count : Math.max(1e-9, Math.abs(max) / 50)
  const heights = new Float64Array(count)
  const bars: Bar[] = []
  for (const name of series) {
    const own = new Float64Array(count)
    for (const row of rows) {
      if (row.series === name) own[Math.min(count - 1, Math.floor((row.value - min) / width))]++
    }
    own.forEach((height, i) => {
      if (height === 0) return
      const from = min + i * width
      bars.push({
        series: name,
        from,
        to: from + width,
        low: heights[i],
        high: heights[i] + height,
      })
      heights[i] += height
    })
  }
  return bars
}

function shorten(name: string): string {
  return name.length > 18 ? `…${name.slice(-17)}` : name
}
