import type { CostSummary, StackDetail } from '../../fuse/index.js'
import type { HierarchicalAccelerator } from '../../model/index.js'
import type { Chart, ReproducedTable } from '../../reproduce/index.js'
import { drawChart } from '../reproduce/index.js'
import { headlineRows } from './fuse-text.js'
import type { FuseReport } from './fuse-report.js'

/** A figure with its data; file names are `<name>.svg` and `<name>.csv`. */
export interface FuseFigure {
  readonly name: string
  readonly caption: string
  readonly table: ReproducedTable
  readonly svg: string
}

type Rows = readonly (readonly (string | number)[])[]

function figure(
  name: string,
  title: string,
  caption: string,
  columns: readonly string[],
  rows: Rows,
  chart: Chart,
): FuseFigure {
  const table = { name, title, columns, rows }
  return { name, caption, table, svg: drawChart(table, chart, title) }
}

/** Energy and latency over tile sizes, one panel per mode; empty for a single tile. */
export function gridFigures(report: FuseReport): FuseFigure[] {
  const xs = new Set(report.points.map((point) => point.tileX))
  const ys = new Set(report.points.map((point) => point.tileY))
  const modes = new Set(report.points.map((point) => point.mode))
  const cells = xs.size * ys.size * modes.size
  // Where bounds left most of a grid unpriced there is no picture to draw.
  if (xs.size * ys.size < 2 || 2 * report.points.length < cells) return []
  const grid = (
    name: string,
    title: string,
    unit: string,
    value: (point: CostSummary) => number,
  ): FuseFigure =>
    figure(
      name,
      title,
      `${title} of ${report.network} on ${report.accelerator} over output tile sizes; darker is less.`,
      ['mode', 'tile X', 'tile Y', unit],
      report.points.map((point) => [point.mode, point.tileX, point.tileY, value(point)]),
      {
        kind: 'heatmap',
        x: 'tile X',
        y: 'tile Y',
        value: unit,
        facet: 'mode',
        scale: 'log',
        decimals: 2,
      },
    )
  return [
    grid('energy-grid', 'Energy [mJ]', 'energy [mJ]', (point) => point.energyPj / 1e9),
    grid(
      'latency-grid',
      'Latency [Mcycles]',
      'latency [Mcycles]',
      (point) => point.latencyCycles / 1e6,
    ),
  ]
}

/** Where the energy and the cycles of the best schedule and of the baselines go. */
export function breakdownFigures(report: FuseReport): FuseFigure[] {
  const rows = headlineRows(report).map(({ schedule, cost }) => ({
    schedule: schedule.startsWith('best') ? 'best' : schedule,
    ...cost.breakdown,
  }))
  const labels: Readonly<Record<string, string>> = {
    ideal: 'ideal',
    spatialStall: 'idle units',
    temporalStall: 'waiting for data',
    loading: 'loading',
    copies: 'copies',
  }
  return [
    figure(
      'energy-breakdown',
      'Where the energy goes',
      'MAC units, each memory while layers compute, and copies between layers.',
      ['schedule', 'part', 'energy [mJ]'],
      rows.flatMap(({ schedule, energyPj }) =>
        energyParts(energyPj).map(([part, pj]) => [schedule, part, pj / 1e9]),
      ),
      {
        kind: 'bars',
        x: 'schedule',
        y: 'energy [mJ]',
        series: 'part',
        stacked: true,
        scale: 'linear',
      },
    ),
    figure(
      'latency-breakdown',
      'Where the cycles go',
      'Cycles with every unit busy, units left idle, waiting for data, first loads of each layer, and copies.',
      ['schedule', 'part', 'cycles [M]'],
      rows.flatMap(({ schedule, latencyCycles }) =>
        Object.entries(latencyCycles).map(([part, cycles]) => [
          schedule,
          labels[part],
          cycles / 1e6,
        ]),
      ),
      {
        kind: 'bars',
        x: 'schedule',
        y: 'cycles [M]',
        series: 'part',
        stacked: true,
        scale: 'linear',
      },
    ),
  ]
}

function energyParts(energy: CostSummary['breakdown']['energyPj']): [string, number][] {
  const copies = Object.values(energy.copies).reduce((sum, pj) => sum + pj, 0)
  return [['MACs', energy.mac], ...Object.entries(energy.memories), ['copies', copies]]
}

/** Energy per layer of the best schedule. */
export function layerFigure(stacks: readonly StackDetail[]): FuseFigure {
  // Every stack loads inputs of its own.
  const layers = stacks.flatMap((stack, i) =>
    stack.perLayer.map((each) => ({
      ...each,
      layer: each.layer === 'input' && stacks.length > 1 ? `input ${i + 1}` : each.layer,
    })),
  )
  return figure(
    'layer-energy',
    'Energy per layer',
    'The best schedule: MAC units, each memory, and the copies before each layer.',
    ['layer', 'part', 'energy [mJ]'],
    layers.flatMap(({ layer, breakdown }) =>
      energyParts(breakdown.energyPj).map(([part, pj]) => [layer, part, pj / 1e9]),
    ),
    { kind: 'bars', x: 'layer', y: 'energy [mJ]', series: 'part', stacked: true, scale: 'linear' },
  )
}

/** Whole feature maps in the top memory while each stack runs; empty for a single stack. */
export function waitingFigures(stacks: readonly StackDetail[]): FuseFigure[] {
  if (stacks.length < 2) return []
  const memory = stacks[0].waiting[0]?.memory ?? 'the top memory'
  const rows = stacks.flatMap(({ layers, waiting }, i) => {
    const kinds = {
      'read by the stack': 0,
      'kept for later stacks': 0,
      'made by the stack': 0,
    }
    for (const { map, bits, isRead } of waiting) {
      const kind = layers.includes(map)
        ? 'made by the stack'
        : isRead
          ? 'read by the stack'
          : 'kept for later stacks'
      kinds[kind] += bits / 8192
    }
    return Object.entries(kinds).map(([kind, kib]) => [String(i + 1), kind, kib])
  })
  return [
    figure(
      'whole-maps',
      `Whole feature maps in ${memory}`,
      'What each stack reads and makes, and what earlier stacks made for later ones (skip connections, outputs of the network).',
      ['stack', 'maps', 'size [KiB]'],
      rows,
      { kind: 'bars', x: 'stack', y: 'size [KiB]', series: 'maps', stacked: true, scale: 'linear' },
    ),
  ]
}

/** Tile types of which memories are drawn; the others are in the CSV. */
const DRAWN = 3

/** Memory occupancy and working sets of the most frequent tile types of one stack. */
export function tileFigures(
  stack: StackDetail,
  index: number,
  accelerator: HierarchicalAccelerator,
): FuseFigure[] {
  const sizes = new Map(accelerator.memories.map((memory) => [memory.name, memory.sizeBits]))
  const types = stack.tileTypes
    .map((type, i) => ({
      type,
      label: `type ${i + 1}: ${type.count} × ${type.width}×${type.height}`,
    }))
    .sort((a, b) => b.type.count - a.type.count)
  const steps = types
    .slice(0, DRAWN)
    .flatMap(({ type, label }) => type.steps.map((step) => ({ step, label })))
  const occupancy = steps.flatMap(({ step, label }) =>
    Object.entries(step.occupancyBits).map(([memory, bits]): (string | number)[] => [
      label,
      step.layer,
      memory,
      (100 * bits) / (sizes.get(memory) ?? Infinity),
    ]),
  )
  const sets = steps.flatMap(({ step, label }): (string | number)[][] =>
    step.computed === undefined
      ? []
      : [
          [label, step.layer, 'input', step.computed.inputBits / 8192],
          [label, step.layer, 'output', step.computed.outputBits / 8192],
        ],
  )
  const suffix = index === 0 ? '' : `-${index + 1}`
  return [
    figure(
      `occupancy${suffix}`,
      `Memory occupancy, stack ${index + 1}`,
      'Share of each memory that feature maps, caches and resident weights hold while a layer runs; the most frequent tile types.',
      ['tile type', 'layer', 'memory', 'held [%]'],
      occupancy,
      {
        kind: 'lines',
        x: 'layer',
        y: 'held [%]',
        series: 'memory',
        facet: 'tile type',
        xScale: 'ordinal',
        scale: 'linear',
      },
    ),
    figure(
      `working-set${suffix}`,
      `Feature maps, stack ${index + 1}`,
      'Input (cached part included) and output of each layer for one tile.',
      ['tile type', 'layer', 'map', 'size [KiB]'],
      sets,
      {
        kind: 'bars',
        x: 'layer',
        y: 'size [KiB]',
        series: 'map',
        facet: 'tile type',
        scale: 'linear',
      },
    ),
  ]
}
