import * as Plot from '@observablehq/plot'
import { formatNumber } from '../../base/index.js'
import { seriesColor, tones } from '../palette.js'
import { plotSvg } from '../plot.js'
import { occupancyMarks } from './occupancy.js'
import { operationMarks } from './operation-bars.js'
import type { PlaceReport } from './report-data.js'

/** A drawing and what it shows. */
export interface Figure {
  readonly svg: string
  readonly caption: string
}

const WIDTH = 1120
const MARGIN = 64
/** More operations than this cannot be told apart; the figure shows how busy the cores are instead. */
const MOST_BARS = 10_000

/** Gantt chart: one row per core over time. */
export function ganttFigure(report: PlaceReport): Figure {
  const { problem: p, placement } = report
  const { makespanUs } = placement
  const inMs = makespanUs >= 20_000
  const unit = inMs ? 1000 : 1
  const lanes = p.kindNames.flatMap((kind, k) =>
    Array.from({ length: p.firstCore[k + 1] - p.firstCore[k] }, (_, i) => `${kind} ${i}`),
  )
  const pixelsPerUnit = (WIDTH - MARGIN - 20) / (makespanUs / unit || 1)
  const crowded = p.tasks > MOST_BARS
  const svg = plotSvg({
    width: WIDTH,
    height: 56 + 30 * lanes.length,
    marginLeft: MARGIN,
    marginTop: 14,
    x: { label: `time (${inMs ? 'ms' : 'µs'})`, domain: [0, makespanUs / unit || 1] },
    y: { label: null, domain: lanes, padding: 0.15 },
    marks: [
      ...(crowded
        ? occupancyMarks(report, lanes, unit)
        : operationMarks(report, unit, pixelsPerUnit)),
      Plot.ruleX([makespanUs / unit], { stroke: tones.ink }),
      Plot.ruleX([placement.lowerBoundUs / unit], {
        stroke: seriesColor(5),
        strokeDasharray: '4,3',
      }),
    ],
  })
  const caption = crowded
    ? `One row per core; the darker, the busier: ${formatNumber(p.tasks, 9)} operations are too many to draw one by one (schedule.csv and trace.json have them all). Orange, dashed: the lower bound.`
    : 'One row per core, one bar per operation, coloured by input (by operator type for a single input). Outlined: one critical chain. Orange, dashed: the lower bound.'
  return { svg, caption }
}
