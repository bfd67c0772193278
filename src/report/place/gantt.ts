import * as Plot from '@observablehq/plot'
import { criticalChain } from '../../place/index.js'
import { seriesColor } from '../palette.js'
import { plotSvg } from '../plot.js'
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

const WIDTH = 1120
const MARGIN = 64

/** Gantt chart: one row per core, one bar per operation instance; the critical chain is outlined. */
export function ganttSvg(report: PlaceReport): string {
  const { problem: p, placement } = report
  const { schedule, makespanUs } = placement
  const inMs = makespanUs >= 20_000
  const unit = inMs ? 1000 : 1
  const critical = new Set(criticalChain(p, schedule))
  const lanes = p.kindNames.flatMap((kind, k) =>
    Array.from({ length: p.firstCore[k + 1] - p.firstCore[k] }, (_, i) => `${kind} ${i}`),
  )
  const many = p.request.applications.reduce((sum, app) => sum + app.inputs, 0) > 1
  const types = new Map<string, number>()
  const bars = schedule.startUs.map((start, t): Bar => {
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
  const perUnit = (WIDTH - MARGIN - 20) / (makespanUs / unit || 1)
  const labelled = bars.filter((bar) => (bar.end - bar.start) * perUnit > 7 * bar.label.length + 4)
  return plotSvg({
    width: WIDTH,
    height: 56 + 30 * lanes.length,
    marginLeft: MARGIN,
    marginTop: 14,
    x: { label: `time (${inMs ? 'ms' : 'µs'})`, domain: [0, makespanUs / unit || 1] },
    y: { label: null, domain: lanes, padding: 0.15 },
    marks: [
      Plot.barX(bars, {
        x1: 'start',
        x2: 'end',
        y: 'lane',
        fill: 'color',
        fillOpacity: 0.8,
        title: 'title',
        ...(bars.length <= 400 ? { stroke: 'white', strokeWidth: 0.6 } : {}),
      }),
      Plot.barX(
        bars.filter((bar) => bar.critical),
        { x1: 'start', x2: 'end', y: 'lane', fill: 'none', stroke: '#1c2330', strokeWidth: 1 },
      ),
      Plot.text(labelled, {
        x: (bar: Bar) => (bar.start + bar.end) / 2,
        y: 'lane',
        text: 'label',
        fontSize: 10,
        fill: '#10151d',
      }),
      Plot.ruleX([makespanUs / unit], { stroke: '#1c2330' }),
      Plot.ruleX([placement.lowerBoundUs / unit], { stroke: '#d55e00', strokeDasharray: '4,3' }),
    ],
  })
}
