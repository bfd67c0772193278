import * as Plot from '@observablehq/plot'
import { withLegend } from '../legend.js'
import { seriesColor } from '../palette.js'
import { plotSvg } from '../plot.js'
import type { HierarchicalLayerResult } from './network-result.js'

/** Parts of one layer's bar, in drawing order. */
type Parts = readonly (readonly [name: string, amount: number])[]

/** Stacked bars per layer: energy by memory, or cycles by cause. */
export function hierarchicalBreakdown(
  layers: readonly HierarchicalLayerResult[],
  quantity: 'energy' | 'latency',
): string {
  const parts = layers.map((each) => (quantity === 'energy' ? energyParts(each) : cycleParts(each)))
  const names = [...new Set(parts.flat().map(([name]) => name))].filter((name) =>
    parts.some((each) => each.some(([part, amount]) => part === name && amount > 0)),
  )
  const color = (name: string): string => seriesColor(names.indexOf(name))
  const rows = layers.flatMap(({ index }, i) =>
    parts[i].map(([component, amount]) => ({ place: index, component, amount })),
  )
  const labels = new Map(layers.map(({ index, layer }) => [index, layer.name]))
  const longest = Math.max(1, ...[...labels.values()].map((name) => name.length))
  const svg = plotSvg({
    width: 900,
    height: 56 + layers.length * (layers.length > 40 ? 15 : 19),
    marginLeft: 24 + 7 * longest,
    marginBottom: 42,
    marginRight: 28,
    x: {
      label: quantity === 'energy' ? 'energy (µJ)' : 'latency (cycles)',
      labelAnchor: 'center',
      labelArrow: 'none',
      grid: true,
      tickFormat: '~s',
    },
    y: {
      type: 'band',
      domain: layers.map(({ index }) => index),
      tickFormat: (index: number) => labels.get(index) ?? '',
      label: null,
      padding: 0.18,
    },
    marks: [
      Plot.barX(
        rows.filter(({ component }) => names.includes(component)),
        {
          x: 'amount',
          y: 'place',
          fill: (each: { component: string }) => color(each.component),
          order: names.map(color),
        },
      ),
      Plot.ruleX([0]),
    ],
  })
  return withLegend(
    svg,
    quantity === 'energy' ? 'Energy by memory' : 'Latency by cause',
    names.map((label) => ({ label, color: color(label) })),
  )
}

function energyParts({ result }: HierarchicalLayerResult): Parts {
  const { cost, problem } = result.value
  const perMemory = new Map(problem.accelerator.memories.map(({ name }) => [name, 0]))
  for (const { levels } of cost.operands) {
    for (const { memory, energyPj } of levels) {
      const sum = energyPj.reduce((a, b) => a + b, 0)
      perMemory.set(memory, (perMemory.get(memory) ?? 0) + sum)
    }
  }
  return [
    ['MACs', cost.macEnergyPj * 1e-6],
    ...[...perMemory].map(([n, e]) => [n, e * 1e-6] as const),
  ]
}

function cycleParts({ result }: HierarchicalLayerResult): Parts {
  const { latency } = result.value.cost
  return [
    ['ideal', latency.idealCycles],
    ['idle units', latency.temporalCycles - latency.idealCycles],
    ['port stalls', latency.stallCycles],
    ['loading', latency.loadingCycles],
    ['off-loading', latency.offloadingCycles],
  ]
}
