import * as Plot from '@observablehq/plot'
import { formatPercent } from '../../base/index.js'
import type { NetworkMapping } from '../../map/index.js'
import { withLegend } from '../legend.js'
import { seriesColor } from '../palette.js'
import { plotSvg } from '../plot.js'
import { heuristicGap } from './layer-table.js'

/** How far the bottom-up search lies above the proven optimum, per layer. */
export function gapFigure(mapping: NetworkMapping): string {
  const rows = mapping.layers.map((mapped) => ({
    place: mapped.index,
    name: mapped.layer.name,
    above: heuristicGap(mapped) ?? 0,
  }))
  const longest = Math.max(1, ...rows.map((row) => row.name.length))
  const names = new Map(rows.map((row) => [row.place, row.name]))
  const svg = plotSvg({
    width: 900,
    height: 56 + rows.length * (rows.length > 40 ? 15 : 19),
    marginLeft: 24 + 7 * longest,
    marginBottom: 42,
    marginRight: 64,
    x: {
      label: `${mapping.metric} above the optimum`,
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
      tickFormat: (share: number) => formatPercent(share, 0),
      domain: [0, Math.max(0.01, ...rows.map((row) => row.above))],
    },
    y: {
      type: 'band',
      domain: rows.map((row) => row.place),
      tickFormat: (place: number) => names.get(place) ?? '',
      label: null,
      padding: 0.18,
    },
    marks: [
      Plot.barX(rows, { x: 'above', y: 'place', fill: seriesColor(1) }),
      Plot.text(rows, {
        x: 'above',
        y: 'place',
        text: (row: { above: number }) =>
          row.above < 5e-5 ? 'optimal' : `+${formatPercent(row.above)}`,
        textAnchor: 'start',
        dx: 5,
      }),
      Plot.ruleX([0]),
    ],
  })
  return withLegend(svg, 'Bottom-up search above the proven optimum', [])
}
