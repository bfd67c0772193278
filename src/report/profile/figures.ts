import * as Plot from '@observablehq/plot'
import type { NetworkProfile } from '../../model/index.js'
import {
  layerValues,
  macSparsity,
  networkLatencies,
  sparsityCorrelation,
  spread,
} from '../../profile/index.js'
import { seriesColor, tones } from '../palette.js'
import { plotSvg } from '../plot.js'

/** Where the numbers come from, at the lower edge of the figure itself, so that it stays when the figure is copied. */
function provenanceMark(profile: NetworkProfile, marginBottom: number): Plot.Markish {
  const { provenance, accelerator } = profile
  return Plot.text([`Provenance: ${provenance}. Latency model: ${accelerator}.`], {
    frameAnchor: 'bottom-right',
    dy: marginBottom - 4,
    textAnchor: 'end',
    fontSize: 9,
    fill: tones.soft,
  })
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
      Plot.ruleX(rows, { x: 'layer', y1: 'min', y2: 'max', stroke: tones.soft }),
      Plot.barY(rows, { x: 'layer', y1: 'q1', y2: 'q3', fill: seriesColor(0), fillOpacity: 0.55 }),
      Plot.tickY(rows, { x: 'layer', y: 'median', stroke: tones.ink, strokeWidth: 2 }),
      provenanceMark(profile, 110),
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
    height: size + 76,
    marginBottom: 46,
    marginLeft: 50,
    marginRight: 90,
    marginTop: 20,
    x: {
      label: 'layer',
      labelOffset: 30,
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
      provenanceMark(profile, 46),
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
  const rows = profile.samples.map(({ dataset }, i) => ({
    series: dataset,
    value: 1e3 * latencies[i],
  }))
  return valueHistogram(profile, rows, datasets, 'isolated latency of one sample, ms', 'stacked')
}

const MARGIN_BOTTOM = 56

/**
 * Histogram of values in 30 equal bins. Parts of one whole are `stacked` in the order of `series`; different quantities
 * of the same samples are laid `over` each other.
 */
export function valueHistogram(
  profile: NetworkProfile,
  rows: readonly { readonly series: string; readonly value: number }[],
  series: readonly string[],
  label: string,
  arrangement: 'stacked' | 'over',
): string {
  const bars = bins(rows, series, arrangement === 'stacked')
  return plotSvg({
    width: 640,
    height: 345,
    marginTop: 24 + 16 * series.length,
    marginLeft: 50,
    marginBottom: MARGIN_BOTTOM,
    x: { label, labelAnchor: 'center', labelOffset: 34, nice: true },
    // Samples are counted: no tick stands between two numbers.
    y: { label: 'samples', grid: true, ticks: Math.min(8, Math.max(...bars.map((b) => b.high))) },
    color: { domain: series, range: series.map((_, i) => seriesColor(i)) },
    marks: [
      Plot.rectY(bars, {
        x1: 'from',
        x2: 'to',
        y1: 'low',
        y2: 'high',
        fill: 'series',
        fillOpacity: arrangement === 'stacked' ? 1 : 0.6,
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      Plot.ruleY([0]),
      provenanceMark(profile, MARGIN_BOTTOM),
      ...series.map((name, i) =>
        Plot.text([`■ ${name}`], {
          frameAnchor: 'top-right',
          dy: -16 * (series.length - i) - 2,
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

/** Counts values in 30 equal bins; empty bars left out. */
function bins(
  rows: readonly { readonly series: string; readonly value: number }[],
  series: readonly string[],
  stacked: boolean,
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
      if (stacked) heights[i] += height
    })
  }
  return bars
}

function shorten(name: string): string {
  return name.length > 18 ? `…${name.slice(-17)}` : name
}
