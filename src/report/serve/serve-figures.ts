import * as Plot from '@observablehq/plot'
import { withLegend, type LegendEntry } from '../legend.js'
import { seriesColor, tones } from '../palette.js'
import { plotSvg } from '../plot.js'
import { sideBySide } from '../side-by-side.js'

/** A policy at one operating point. */
export interface PointFigure {
  readonly policy: string
  readonly rate: number | null
  readonly sloMultiplier: number | null
  readonly antt: number
  readonly anttHalfWidth: number
  readonly violationPercent: number
  readonly violationHalfWidth: number
  readonly anttBound: number | null
  readonly violationBoundPercent: number | null
}

const PANEL = { width: 460, height: 320, marginLeft: 56, marginTop: 36, marginBottom: 44 }

export function pointLabel(rate: number | null, sloMultiplier: number | null): string {
  const parts = [
    rate === null ? 'given stream' : `${rate} requests/s`,
    sloMultiplier === null ? '' : `SLO × ${sloMultiplier}`,
  ]
  return parts.filter((part) => part !== '').join(', ')
}

function legend(policies: readonly string[]): LegendEntry[] {
  return policies.map((label, i) => ({ label, color: seriesColor(i) }))
}

function colors(policies: readonly string[]): { domain: string[]; range: string[] } {
  return { domain: [...policies], range: policies.map((_, i) => seriesColor(i)) }
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)]
}

/** Violation rate against ANTT, one panel per operating point; the corner that no schedule can enter is shaded. */
export function tradeoffFigure(points: readonly PointFigure[]): string {
  const policies = distinct(points.map((p) => p.policy))
  const panels = distinct(points.map((p) => pointLabel(p.rate, p.sloMultiplier))).slice(0, 12)
  const svgs = panels.map((panel) => {
    const inside = points.filter((p) => pointLabel(p.rate, p.sloMultiplier) === panel)
    const bound = inside[0]
    const x = Math.max(1, ...inside.map((p) => p.violationPercent + p.violationHalfWidth)) * 1.08
    const antts = inside.map((p) => p.antt)
    const logY = Math.max(...antts) > 6 * Math.min(...antts)
    const low = Math.min(bound.anttBound ?? Infinity, ...antts)
    const yLow = logY ? low / 1.15 : Math.max(0, low - 0.15 * (Math.max(...antts) - low + 0.1))
    const yHigh = Math.max(...inside.map((p) => p.antt + p.anttHalfWidth)) * (logY ? 1.15 : 1.05)
    const limits =
      bound.anttBound === null || bound.violationBoundPercent === null
        ? []
        : [
            Plot.rect([0], { x1: 0, x2: x, y1: yLow, y2: bound.anttBound, fill: tones.shade }),
            Plot.rect([0], {
              x1: 0,
              x2: Math.max(bound.violationBoundPercent, x / 400),
              y1: yLow,
              y2: yHigh,
              fill: tones.shade,
            }),
          ]
    return plotSvg({
      ...PANEL,
      color: colors(policies),
      x: {
        domain: [0, x],
        label: `${panel}: SLO violations (%)`,
        labelArrow: 'none',
        labelAnchor: 'center',
      },
      y: {
        type: logY ? 'log' : 'linear',
        domain: [yLow, yHigh],
        grid: true,
        label: `ANTT${logY ? ' (log)' : ''}`,
        ...(logY ? { tickFormat: '~g' } : {}),
      },
      marks: [
        ...limits,
        Plot.ruleY(inside, {
          y: 'antt',
          x1: (p: PointFigure) => Math.max(0, p.violationPercent - p.violationHalfWidth),
          x2: (p: PointFigure) => p.violationPercent + p.violationHalfWidth,
          stroke: 'policy',
          strokeOpacity: 0.5,
        }),
        Plot.ruleX(inside, {
          x: 'violationPercent',
          y1: (p: PointFigure) => Math.max(yLow, p.antt - p.anttHalfWidth),
          y2: (p: PointFigure) => p.antt + p.anttHalfWidth,
          stroke: 'policy',
          strokeOpacity: 0.5,
        }),
        Plot.dot(inside, {
          x: 'violationPercent',
          y: 'antt',
          fill: 'policy',
          r: 5,
          stroke: tones.paper,
        }),
      ],
    })
  })
  return withLegend(sideBySide(svgs), 'Violations against slowdown', legend(policies))
}

/** One metric over arrival rate or SLO multiplier, a line per policy and a dashed one for the bound. */
export function curveFigure(
  points: readonly PointFigure[],
  over: 'rate' | 'sloMultiplier',
): string {
  const policies = distinct(points.map((p) => p.policy))
  const others = distinct(points.map((p) => (over === 'rate' ? p.sloMultiplier : p.rate)))
  const xLabel = over === 'rate' ? 'arrival rate (requests/s)' : 'SLO multiplier'
  const panels = others.flatMap((other) => {
    const inside = points.filter((p) => (over === 'rate' ? p.sloMultiplier : p.rate) === other)
    const suffix = over === 'rate' ? `SLO × ${other}` : `${other} requests/s`
    const draw = (value: keyof PointFigure, bound: keyof PointFigure, label: string): string =>
      plotSvg({
        ...PANEL,
        color: colors(policies),
        x: { label: xLabel, labelArrow: 'none', labelAnchor: 'center', nice: true },
        y: { label: `${suffix}: ${label}`, grid: true, nice: true, zero: true },
        marks: [
          Plot.line(
            inside.filter((p) => p.policy === policies[0] && p[bound] !== null),
            { x: over, y: bound, stroke: tones.soft, strokeDasharray: '4 3' },
          ),
          Plot.line(inside, { x: over, y: value, stroke: 'policy', strokeWidth: 2 }),
          Plot.dot(inside, { x: over, y: value, fill: 'policy', r: 3 }),
        ],
      })
    return [
      draw('violationPercent', 'violationBoundPercent', 'SLO violations (%)'),
      draw('antt', 'anttBound', 'ANTT'),
    ]
  })
  const title =
    over === 'rate'
      ? 'Over the arrival rate; dashed: lower bound'
      : 'Over the SLO multiplier; dashed: lower bound'
  return withLegend(sideBySide(panels.slice(0, 12)), title, legend(policies))
}

/** Samples of one policy's latency distribution. */
export interface Distribution {
  readonly policy: string
  /** Ascending. */
  readonly values: Float64Array
}

const STEPS = 240

/** Cumulative distribution of the normalised turnaround, one line per policy. */
export function distributionFigure(
  distributions: readonly Distribution[],
  title: string,
  axis: string,
): string {
  const policies = distributions.map((d) => d.policy)
  const rows = distributions.flatMap(({ policy, values }) =>
    Array.from({ length: STEPS + 1 }, (_, i) => {
      const share = i / STEPS
      return {
        policy,
        share: 100 * share,
        value: values[Math.min(values.length - 1, Math.floor(share * values.length))],
      }
    }),
  )
  const svg = plotSvg({
    width: 760,
    height: 340,
    marginLeft: 56,
    marginTop: 30,
    marginBottom: 44,
    color: colors(policies),
    x: {
      type: 'log',
      label: `${axis} (log)`,
      labelArrow: 'none',
      labelAnchor: 'center',
      grid: true,
      tickFormat: '~g',
    },
    y: { label: 'requests at or below (%)', grid: true, domain: [0, 100] },
    marks: [Plot.line(rows, { x: 'value', y: 'share', stroke: 'policy', strokeWidth: 2 })],
  })
  return withLegend(svg, title, legend(policies))
}
