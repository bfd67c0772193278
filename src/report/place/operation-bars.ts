import * as Plot from '@observablehq/plot'
import { criticalChain } from '../../place/index.js'
import { fixedText, seriesColor, tones } from '../palette.js'
import type { PlaceReport } from './report-data.js'

interface Bar {
  readonly lane: string
  readonly start: number
  readonly end: number
  readonly color: string
  readonly label: string
  readonly title: string
  readonly critical: boolean
}

/**
 * One bar per operation instance; the critical chain is outlined.
 * @param unit µs per unit of the time axis; @param pixelsPerUnit decides which bars have room for a label
 */
export function operationMarks(
  report: PlaceReport,
  unit: number,
  pixelsPerUnit: number,
): Plot.Markish[] {
  const bars = barsOf(report, unit)
  const labelled = bars.filter(
    (bar) => (bar.end - bar.start) * pixelsPerUnit > 7 * bar.label.length + 4,
  )
  return [
    Plot.barX(bars, {
      x1: 'start',
      x2: 'end',
      y: 'lane',
      fill: 'color',
      fillOpacity: 0.8,
      title: 'title',
      ...(bars.length <= 400 ? { stroke: tones.paper, strokeWidth: 0.6 } : {}),
    }),
    Plot.barX(
      bars.filter((bar) => bar.critical),
      { x1: 'start', x2: 'end', y: 'lane', fill: 'none', stroke: tones.ink, strokeWidth: 1 },
    ),
    Plot.text(labelled, {
      x: (bar: Bar) => (bar.start + bar.end) / 2,
      y: 'lane',
      text: 'label',
      fontSize: 10,
      fill: fixedText.onLight,
    }),
  ]
}

function barsOf(report: PlaceReport, unit: number): Bar[] {
  const { problem: p, placement } = report
  const { schedule } = placement
  const critical = new Set(criticalChain(p, schedule))
  const many = p.request.applications.reduce((sum, app) => sum + app.inputs, 0) > 1
  const types = new Map<string, number>()
  return schedule.startUs.map((start, t): Bar => {
    const app = p.request.applications[p.application[t]]
    const operation = app.graph.operations[p.operation[t]]
    if (!types.has(operation.type)) types.set(operation.type, types.size)
    const hue = many ? p.application[t] * 7 + p.input[t] : (types.get(operation.type) ?? 0)
    const type = types.size === 1 && !many ? t : hue
    return {
      lane: `${schedule.core[t]} ${schedule.coreId[t]}`,
      start: start / unit,
      end: schedule.endUs[t] / unit,
      color: seriesColor(type),
      label: many ? String(p.input[t]) : operation.name,
      title: `${operation.name} (${operation.type})${many ? `, input ${p.input[t]}` : ''}: ${start} to ${schedule.endUs[t]} µs`,
      critical: critical.has(t),
    }
  })
}
