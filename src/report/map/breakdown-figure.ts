import * as Plot from '@observablehq/plot'
import type { MappedLayer } from '../../map/index.js'
import { withLegend } from '../legend.js'
import { seriesColor } from '../palette.js'
import { plotSvg } from '../plot.js'
import { byComponent, energyByComponent } from './result-document.js'

const LABELS: Readonly<Record<string, string>> = {
  mac: 'MAC units',
  localBuffer: 'local buffers',
  globalBuffer: 'global buffers',
  dram: 'DRAM',
  static: 'leakage',
}

/** Stacked bars per layer: where the energy goes, or the latency. */
export function breakdownFigure(
  layers: readonly MappedLayer[],
  quantity: 'energy' | 'latency',
): string {
  const of = (mapped: MappedLayer): Record<string, number> => {
    const { cost } = mapped.result.value
    return quantity === 'energy' ? energyByComponent(cost) : byComponent(cost.latencyCycles)
  }
  const components = Object.keys(LABELS).filter((name) =>
    layers.some((mapped) => (of(mapped)[name] ?? 0) > 0),
  )
  const scale = quantity === 'energy' ? 1e-6 : 1
  // Names may repeat in a network; places do not.
  const rows = layers.flatMap((mapped) =>
    components.map((component) => ({
      place: mapped.index,
      component,
      amount: (of(mapped)[component] ?? 0) * scale,
    })),
  )
  const names = new Map(layers.map((mapped) => [mapped.index, mapped.layer.name]))
  const longest = Math.max(1, ...[...names.values()].map((name) => name.length))
  const rowHeight = layers.length > 40 ? 15 : 19
  const color = (component: string): string => seriesColor(Object.keys(LABELS).indexOf(component))
  const unit = quantity === 'energy' ? 'energy (µJ)' : 'latency (cycles)'
  const svg = plotSvg({
    width: 900,
    height: 56 + layers.length * rowHeight,
    marginLeft: 24 + 7 * longest,
    marginBottom: 42,
    marginRight: 28,
    x: { label: unit, labelAnchor: 'center', labelArrow: 'none', grid: true, tickFormat: '~s' },
    y: {
      type: 'band',
      domain: layers.map((mapped) => mapped.index),
      tickFormat: (index: number) => names.get(index) ?? '',
      label: null,
      padding: 0.18,
    },
    marks: [
      Plot.barX(rows, {
        x: 'amount',
        y: 'place',
        fill: (each: { component: string }) => color(each.component),
        order: components.map(color),
      }),
      Plot.ruleX([0]),
    ],
  })
  return withLegend(
    svg,
    quantity === 'energy' ? 'Energy by component' : 'Latency by component',
    components.map((component) => ({ label: LABELS[component], color: color(component) })),
  )
}
