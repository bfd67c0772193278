import * as Plot from '@observablehq/plot'
import { formatNumber, formatPercent } from '../../base/index.js'
import { seriesColor } from '../palette.js'
import type { PlaceReport } from './report-data.js'

/** A stretch of time on one core, and how much of it the core works. */
interface Stretch {
  readonly lane: string
  readonly start: number
  readonly end: number
  readonly busy: number
  readonly title: string
}

/** Rectangles of the whole figure, about. */
const MOST_STRETCHES = 20_000
/** Columns per core: no more than the figure has pixels. */
const MOST_COLUMNS = 1000

/** Share of time that every core is busy, in stretches: for schedules whose operations are too short to be seen. */
export function occupancyMarks(
  report: PlaceReport,
  lanes: readonly string[],
  unit: number,
): Plot.Markish[] {
  const stretches = stretchesOf(report, lanes, unit)
  return [
    Plot.barX(stretches, {
      x1: 'start',
      x2: 'end',
      y: 'lane',
      fill: seriesColor(0),
      fillOpacity: (stretch: Stretch) => 0.9 * stretch.busy,
      title: 'title',
      // Neighbours share their edge: without this every seam is drawn half over.
      shapeRendering: 'crispEdges',
    }),
  ]
}

function stretchesOf(report: PlaceReport, lanes: readonly string[], unit: number): Stretch[] {
  const { problem: p, placement } = report
  const { schedule, makespanUs } = placement
  const columns = Math.max(20, Math.min(MOST_COLUMNS, Math.floor(MOST_STRETCHES / lanes.length)))
  const width = makespanUs / columns || 1
  const kind = new Map(p.kindNames.map((name, k) => [name, k]))
  const busyUs = new Float64Array(lanes.length * columns)
  const started = new Int32Array(lanes.length * columns)
  for (let t = 0; t < p.tasks; t++) {
    const row = (p.firstCore[kind.get(schedule.core[t]) ?? 0] + schedule.coreId[t]) * columns
    const start = schedule.startUs[t]
    const end = schedule.endUs[t]
    const first = Math.min(columns - 1, Math.floor(start / width))
    started[row + first]++
    for (let c = first; c < columns && c * width < end; c++)
      busyUs[row + c] += Math.max(0, Math.min(end, (c + 1) * width) - Math.max(start, c * width))
  }
  return lanes.flatMap((lane, l) =>
    Array.from({ length: columns }, (_, c): Stretch => {
      const busy = Math.min(1, busyUs[l * columns + c] / width)
      return {
        lane,
        start: (c * width) / unit,
        end: ((c + 1) * width) / unit,
        busy,
        title: `${lane}, ${formatNumber(c * width, 8)} to ${formatNumber((c + 1) * width, 8)} µs: ${formatPercent(busy)} busy, ${started[l * columns + c]} operations start`,
      }
    }).filter(({ busy }) => busy > 0),
  )
}
