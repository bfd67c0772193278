import * as Plot from '@observablehq/plot'
import type { Chart, ReproducedTable } from '../../reproduce/index.js'
import { withLegend, type LegendEntry } from '../legend.js'
import { fixedText, seriesColor, tones } from '../palette.js'
import { plotSvg } from '../plot.js'
import { sideBySide } from '../side-by-side.js'

type Row = Readonly<Record<string, string | number>>
type Of<K extends Chart['kind']> = Extract<Chart, { kind: K }>

/** Draws a table as its chart says, as stand-alone SVG with title and legend. */
export function drawChart(table: ReproducedTable, chart: Chart, title: string): string {
  const rows = table.rows.map((cells): Row =>
    Object.fromEntries(table.columns.map((name, i) => [name, cells[i]])),
  )
  if (rows.length === 0) {
    return withLegend(
      '<svg xmlns="http://www.w3.org/2000/svg" width="480" height="40"><text x="8" y="20" font-size="12">nothing to show</text></svg>',
      title,
      [],
    )
  }
  switch (chart.kind) {
    case 'heatmap':
      return drawHeatmap(rows, chart, title)
    case 'bars':
      return drawBars(rows, chart, title)
    case 'lines':
      return drawLines(rows, chart, title)
    case 'scatter':
      return drawScatter(rows, chart, title)
    case 'boxes':
      return drawBoxes(rows, chart, title)
  }
}

function distinct(rows: readonly Row[], column: string | undefined): (string | number)[] {
  return column === undefined ? [''] : [...new Set(rows.map((row) => row[column]))]
}

function longest(values: readonly (string | number)[]): number {
  return Math.max(1, ...values.map((value) => String(value).length))
}

function drawHeatmap(rows: readonly Row[], chart: Of<'heatmap'>, title: string): string {
  const xs = distinct(rows, chart.x)
  const ys = distinct(rows, chart.y)
  const facets = distinct(rows, chart.facet)
  const values = rows.map((row) => Number(row[chart.value])).filter(Number.isFinite)
  const low = Math.min(...values)
  const high = Math.max(...values)
  const share = (value: number): number =>
    chart.scale === 'log'
      ? Math.log(value / low) / Math.log(high / low || 1)
      : (value - low) / (high - low || 1)
  const cell = Math.max(
    46,
    8 + 7 * Math.max(...values.map((v) => v.toFixed(chart.decimals).length)),
  )
  const left = 30 + 7 * longest(ys)
  const svg = plotSvg({
    width: left + facets.length * (xs.length * cell + 12) + 20,
    height: 70 + ys.length * 30,
    marginLeft: left,
    marginTop: chart.facet === undefined ? 16 : 34,
    marginBottom: 44,
    x: {
      type: 'band',
      domain: xs,
      label: chart.x,
      padding: 0.02,
      labelAnchor: 'center',
      labelArrow: 'none',
    },
    y: { type: 'band', domain: ys, label: chart.y, padding: 0.02, labelArrow: 'none' },
    fx: { domain: facets, label: null, padding: 0.03 },
    color: {
      type: chart.scale === 'log' ? 'log' : 'linear',
      scheme: 'viridis',
      domain: [low, high],
    },
    marks: [
      Plot.cell(rows, {
        x: chart.x,
        y: chart.y,
        fill: chart.value,
        ...(chart.facet === undefined ? {} : { fx: chart.facet }),
      }),
      Plot.text(rows, {
        x: chart.x,
        y: chart.y,
        ...(chart.facet === undefined ? {} : { fx: chart.facet }),
        text: (row: Row) => Number(row[chart.value]).toFixed(chart.decimals),
        // Viridis is dark at its low end.
        fill: (row: Row) =>
          share(Number(row[chart.value])) < 0.55 ? fixedText.onDark : fixedText.onLight,
        fontSize: 11,
      }),
    ],
  })
  return withLegend(svg, title, [])
}

function legendOf(series: readonly (string | number)[]): LegendEntry[] {
  return series.map((value, i) => ({ label: String(value), color: seriesColor(i) }))
}

/** Room for upright labels; a wider row of them is turned. */
const WIDEST = 900

/** Width per category, and how its labels stand. */
function tickLabels(
  xs: readonly (string | number)[],
  narrow: number,
  upright: number,
): { readonly slot: number; readonly rotate: number; readonly marginBottom: number } {
  const slot = Math.max(narrow, upright)
  if (xs.length * slot <= WIDEST) return { slot, rotate: 0, marginBottom: 40 }
  return { slot: narrow, rotate: -60, marginBottom: 34 + Math.round(5.5 * longest(xs)) }
}

function drawBars(rows: readonly Row[], chart: Of<'bars'>, title: string): string {
  const xs = distinct(rows, chart.x)
  const series = distinct(rows, chart.series)
  const facets = distinct(rows, chart.facet)
  const grouped = chart.series !== undefined && chart.stacked !== true
  const labels = tickLabels(xs, grouped ? series.length * 13 + 12 : 30, 7 * longest(xs) + 6)
  const { slot } = labels
  const panel = Math.max(180, xs.length * slot)
  const color = {
    domain: series,
    range: series.map((_, i) => seriesColor(i)),
  }
  const fill = chart.series ?? seriesColor(0)
  // Nothing can be drawn at 0 on a logarithmic axis.
  const shown = chart.scale === 'log' ? rows.filter((row) => Number(row[chart.y]) > 0) : rows
  const floor =
    chart.scale === 'log' ? Math.min(...shown.map((row) => Number(row[chart.y]))) / 2 : 0
  // A facet is one plot: Plot's own facets are taken by the groups of bars.
  const panels = facets.map((facet) => {
    const inside =
      chart.facet === undefined ? shown : shown.filter((row) => row[chart.facet!] === facet)
    return plotSvg({
      width: 70 + panel,
      height: 240 + labels.marginBottom,
      marginLeft: 58,
      marginTop: 34,
      marginBottom: labels.marginBottom,
      title: undefined,
      color,
      y: {
        type: chart.scale,
        grid: true,
        label: `${chart.facet === undefined ? '' : `${facet}: `}${chart.y}`,
        nice: true,
      },
      ...(grouped
        ? {
            fx: {
              domain: xs,
              label: chart.x,
              axis: 'bottom' as const,
              labelArrow: 'none' as const,
              tickRotate: labels.rotate,
              labelOffset: labels.marginBottom - 4,
            },
            x: { domain: series, axis: null, paddingOuter: 0.25 },
          }
        : {
            x: {
              domain: xs,
              label: chart.x,
              labelArrow: 'none' as const,
              tickRotate: labels.rotate,
              labelOffset: labels.marginBottom - 4,
            },
          }),
      marks: [
        grouped
          ? Plot.barY(inside, { fx: chart.x, x: chart.series, y1: floor, y2: chart.y, fill })
          : chart.stacked === true
            ? Plot.barY(inside, { x: chart.x, y: chart.y, fill })
            : Plot.barY(inside, { x: chart.x, y1: floor, y2: chart.y, fill }),
        Plot.ruleY([floor]),
      ],
    })
  })
  return withLegend(sideBySide(panels), title, chart.series === undefined ? [] : legendOf(series))
}

function drawLines(rows: readonly Row[], chart: Of<'lines'>, title: string): string {
  const xs = distinct(rows, chart.x)
  const series = distinct(rows, chart.series)
  const facets = distinct(rows, chart.facet)
  const ordinal = chart.xScale === 'ordinal'
  const labels = tickLabels(ordinal ? xs : [], 24, 7 * longest(xs) + 12)
  const panels = facets.map((facet) => {
    const inside =
      chart.facet === undefined ? rows : rows.filter((row) => row[chart.facet!] === facet)
    const encoding = {
      x: chart.x,
      y: chart.y,
      stroke: chart.series ?? seriesColor(0),
    }
    return plotSvg({
      width: Math.max(320, ordinal ? 90 + xs.length * labels.slot : 420),
      height: 240 + labels.marginBottom,
      marginLeft: 58,
      marginTop: 34,
      marginBottom: labels.marginBottom,
      color: { domain: series, range: series.map((_, i) => seriesColor(i)) },
      x: {
        ...(ordinal ? { type: 'point' as const, domain: xs } : { type: chart.xScale }),
        label: chart.x,
        labelArrow: 'none',
        ...(ordinal ? { tickRotate: labels.rotate, labelOffset: labels.marginBottom - 4 } : {}),
      },
      y: {
        type: chart.scale,
        grid: true,
        label: `${chart.facet === undefined ? '' : `${facet}: `}${chart.y}`,
        nice: true,
      },
      marks: [
        Plot.line(inside, { ...encoding, z: chart.series ?? null, strokeWidth: 2 }),
        Plot.dot(inside, { x: chart.x, y: chart.y, fill: chart.series ?? seriesColor(0), r: 3 }),
      ],
    })
  })
  return withLegend(sideBySide(panels), title, chart.series === undefined ? [] : legendOf(series))
}

function drawScatter(rows: readonly Row[], chart: Of<'scatter'>, title: string): string {
  const series = distinct(rows, chart.series)
  const facets = distinct(rows, chart.facet)
  const panels = facets.map((facet) => {
    const inside =
      chart.facet === undefined ? rows : rows.filter((row) => row[chart.facet!] === facet)
    return plotSvg({
      width: 420,
      height: 300,
      marginLeft: 58,
      marginTop: 34,
      marginBottom: 40,
      color: { domain: series, range: series.map((_, i) => seriesColor(i)) },
      x: { label: chart.x, labelArrow: 'none', labelAnchor: 'center', zero: true, nice: true },
      y: {
        type: chart.scale,
        grid: true,
        label: `${chart.facet === undefined ? '' : `${facet}: `}${chart.y}`,
        nice: true,
        ...(chart.scale === 'log' ? { tickFormat: '~g' } : {}),
      },
      marks: [Plot.dot(inside, { x: chart.x, y: chart.y, fill: chart.series, r: 5 })],
    })
  })
  return withLegend(sideBySide(panels), title, legendOf(series))
}

function drawBoxes(rows: readonly Row[], chart: Of<'boxes'>, title: string): string {
  const facets = distinct(rows, chart.facet)
  const top = Math.max(...rows.map((row) => Number(row[chart.high])))
  const panels = facets.map((facet) => {
    const inside =
      chart.facet === undefined ? rows : rows.filter((row) => row[chart.facet!] === facet)
    const xs = distinct(inside, chart.x)
    return plotSvg({
      width: Math.max(320, 80 + 34 * xs.length),
      height: 280,
      marginLeft: 58,
      marginTop: 34,
      marginBottom: 40,
      x: { type: 'band', domain: xs, label: chart.x, labelArrow: 'none', padding: 0.25 },
      y: {
        domain: [0, top],
        grid: true,
        nice: true,
        label: `${chart.facet === undefined ? '' : `${facet}: `}${chart.label}`,
      },
      marks: [
        Plot.ruleX(inside, { x: chart.x, y1: chart.low, y2: chart.high, stroke: tones.soft }),
        Plot.barY(inside, { x: chart.x, y1: chart.q1, y2: chart.q3, fill: seriesColor(4) }),
        Plot.tickY(inside, { x: chart.x, y: chart.median, stroke: tones.ink, strokeWidth: 2 }),
        Plot.ruleY([0]),
      ],
    })
  })
  return withLegend(sideBySide(panels), title, [])
}
