import * as Plot from '@observablehq/plot'
import type { ParetoSet } from '../../map/index.js'
import { withLegend } from '../legend.js'
import { seriesColor } from '../palette.js'
import { plotSvg } from '../plot.js'

/** Energy against latency of the mappings of one layer that no other beats in both. */
export function paretoFigure(name: string, set: ParetoSet): string {
  const points = set.points.map((point) => ({
    energy: point.cost.energyPj / 1e6,
    cycles: point.cost.latencyCycles.total,
  }))
  const svg = plotSvg({
    width: 640,
    height: 360,
    marginLeft: 70,
    marginBottom: 44,
    grid: true,
    x: {
      label: 'latency (cycles)',
      labelAnchor: 'center',
      labelArrow: 'none',
      tickFormat: '~s',
      nice: true,
    },
    y: { label: 'energy (µJ)', labelArrow: 'none', tickFormat: '~s', nice: true },
    marks: [
      Plot.line(points, { x: 'cycles', y: 'energy', curve: 'step-before', stroke: seriesColor(0) }),
      Plot.dot(points, { x: 'cycles', y: 'energy', fill: seriesColor(0), r: 3.5 }),
    ],
  })
  return withLegend(svg, `${name}: energy against latency`, [])
}
