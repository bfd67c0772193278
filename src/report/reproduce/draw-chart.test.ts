import { describe, expect, it } from 'vitest'
import type { ReproducedTable } from '../../reproduce/index.js'
import { drawChart } from './draw-chart.js'

const grid: ReproducedTable = {
  name: 'grid',
  title: 'Grid',
  columns: ['tile X', 'tile Y', 'energy [mJ]', 'mode'],
  rows: ['fully-recompute', 'fully-cached'].flatMap((mode, m) =>
    [1, 4, 16].flatMap((x) => [1, 4].map((y) => [x, y, 2 + x * y * (m + 1), mode])),
  ),
}

describe('drawChart', () => {
  it('draws a heat map with one panel per facet and a number in each cell', () => {
    const svg = drawChart(
      grid,
      {
        kind: 'heatmap',
        x: 'tile X',
        y: 'tile Y',
        value: 'energy [mJ]',
        facet: 'mode',
        scale: 'log',
        decimals: 1,
      },
      'Energy',
    )
    expect(svg).toMatch(/^<svg [^>]*xmlns=/)
    expect(svg.match(/<rect/g)).toHaveLength(12)
    expect(svg).toContain('fully-cached')
    expect(svg).toContain('130.0')
  })

  it('draws grouped bars and lines with a legend of all series', () => {
    for (const chart of [
      {
        kind: 'bars',
        x: 'tile X',
        y: 'energy [mJ]',
        series: 'mode',
        facet: 'tile Y',
        scale: 'log',
      },
      {
        kind: 'lines',
        x: 'tile X',
        y: 'energy [mJ]',
        series: 'mode',
        facet: 'tile Y',
        xScale: 'ordinal',
        scale: 'linear',
      },
    ] as const) {
      const svg = drawChart(grid, chart, 'Energy')
      expect(svg).toContain('>fully-recompute</text>')
      expect(svg).toContain('>fully-cached</text>')
    }
  })

  it('says so when there is nothing to show', () => {
    const chart = { kind: 'bars', x: 'tile X', y: 'mode', scale: 'linear' } as const
    expect(drawChart({ ...grid, rows: [] }, chart, 'Energy')).toContain('nothing to show')
  })
})
