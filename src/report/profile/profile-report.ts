import { formatNumber, formatPercent, formatSi } from '../../base/index.js'
import type { NetworkProfile } from '../../model/index.js'
import {
  layerValues,
  macSparsity,
  meanCorrelation,
  networkLatencies,
  spread,
  validMacRatios,
  type SkippedNodes,
} from '../../profile/index.js'
import { renderPage, tableSection, type Section } from '../page.js'
import { csvTable, type Column } from '../table.js'
import { correlationMap, latencyHistogram, sparsityBoxes } from './figures.js'
import { pruningReport } from './pruning.js'

/** One line of the layer table. */
export interface LayerRow {
  readonly layer: number
  readonly name: string
  readonly operator: string
  readonly shape: string
  readonly weightZeros?: number
  readonly weightPattern?: string
  readonly inputZeros: number
  readonly outputZeros: number
  readonly sparsity: number
  readonly sparsityMin: number
  readonly sparsityMax: number
  readonly macSparsity: number
  readonly cycles: number
  readonly latencyS: number
}

/** Means over samples of every layer. */
export function layerRows(profile: NetworkProfile): LayerRow[] {
  return profile.layers.map((facts, layer) => {
    const average = (pick: Parameters<typeof layerValues>[2]): number =>
      spread(layerValues(profile, layer, pick)).mean
    const seen = spread(layerValues(profile, layer, (m) => m.sparsity))
    return {
      layer,
      name: facts.name,
      operator: facts.operator,
      shape: facts.shape,
      ...(facts.weightZeros === undefined
        ? {}
        : { weightZeros: facts.weightZeros, weightPattern: facts.weightPattern ?? 'random' }),
      inputZeros: average((m) => m.inputZeros),
      outputZeros: average((m) => m.outputZeros),
      sparsity: seen.mean,
      sparsityMin: seen.min,
      sparsityMax: seen.max,
      macSparsity: average(macSparsity),
      cycles: average((m) => m.cycles),
      latencyS: average((m) => m.latencyS),
    }
  })
}

export const layerColumns: readonly Column<LayerRow>[] = [
  { title: 'layer', cell: (row) => row.layer },
  { title: 'name', align: 'left', cell: (row) => row.name },
  { title: 'operator', align: 'left', cell: (row) => row.operator },
  { title: 'shape', align: 'left', cell: (row) => row.shape },
  {
    title: 'weight zeros',
    cell: (row) =>
      row.weightZeros === undefined
        ? '–'
        : `${formatPercent(row.weightZeros)} ${row.weightPattern}`,
  },
  { title: 'input zeros', cell: (row) => formatPercent(row.inputZeros) },
  { title: 'output zeros', cell: (row) => formatPercent(row.outputZeros) },
  {
    title: 'sparsity min…max',
    cell: (row) => `${row.sparsityMin.toFixed(3)}…${row.sparsityMax.toFixed(3)}`,
  },
  { title: 'MACs skipped', cell: (row) => formatPercent(row.macSparsity) },
  { title: 'cycles', cell: (row) => formatNumber(row.cycles) },
  { title: 'latency', cell: (row) => formatSi(row.latencyS, 's') },
]

const csvColumns: readonly Column<LayerRow>[] = [
  { title: 'layer', cell: (row) => row.layer },
  { title: 'name', cell: (row) => row.name },
  { title: 'operator', cell: (row) => row.operator },
  { title: 'shape', cell: (row) => row.shape },
  { title: 'weight_zeros', cell: (row) => row.weightZeros ?? '' },
  { title: 'weight_pattern', cell: (row) => row.weightPattern ?? '' },
  { title: 'input_zeros_mean', cell: (row) => row.inputZeros },
  { title: 'output_zeros_mean', cell: (row) => row.outputZeros },
  { title: 'sparsity_mean', cell: (row) => row.sparsity },
  { title: 'sparsity_min', cell: (row) => row.sparsityMin },
  { title: 'sparsity_max', cell: (row) => row.sparsityMax },
  { title: 'mac_sparsity_mean', cell: (row) => row.macSparsity },
  { title: 'cycles_mean', cell: (row) => row.cycles },
  { title: 'latency_s_mean', cell: (row) => row.latencyS },
]

/** The files of a profile's report, by name; charts in `figures/`, so that the folder's CSV files are traces only. */
export function profileReport(
  profile: NetworkProfile,
  skipped: readonly SkippedNodes[],
  commandLine: string,
): Map<string, string> {
  const latency = spread(networkLatencies(profile))
  const ratio = spread(validMacRatios(profile))
  const rows = layerRows(profile)
  const figures = {
    'layer-sparsity': sparsityBoxes(profile),
    'layer-correlation': correlationMap(profile),
    latency: latencyHistogram(profile),
  }
  const pruning = pruningReport(profile)
  const sections: Section[] = [
    {
      kind: 'facts',
      facts: [
        { label: 'samples', value: String(profile.samples.length) },
        { label: 'layers', value: String(profile.layers.length) },
        { label: 'latency, mean', value: formatSi(latency.mean, 's') },
        { label: 'latency, relative range', value: formatPercent(latency.relativeRange) },
        { label: 'valid MACs, mean', value: formatPercent(ratio.mean) },
        { label: 'valid MACs, relative range', value: formatPercent(ratio.relativeRange) },
        { label: 'correlation between layers', value: meanCorrelation(profile).toFixed(2) },
        { label: 'provenance', value: profile.provenance },
      ],
    },
    {
      kind: 'figure',
      svg: figures['layer-sparsity'],
      caption:
        'Share of multiply-accumulates that a zero operand removes, per layer: median, quartiles, extremes over all samples.',
    },
    {
      kind: 'figure',
      svg: figures.latency,
      caption: 'How long one sample takes alone.',
    },
    {
      kind: 'figure',
      svg: figures['layer-correlation'],
      caption:
        'Whether layers are sparse on the same samples: correlation of the sparsity that a monitor sees.',
    },
    ...pruning.sections,
    tableSection(layerColumns, rows, 'Layers, means over all samples'),
    ...(skipped.length === 0
      ? []
      : [
          { kind: 'heading', text: 'Not in the trace' } as const,
          {
            kind: 'text',
            paragraphs: skipped.map(
              (each) =>
                `${each.operator} (${each.nodes.length} nodes, e.g. ${each.nodes[0]}): ${each.reason}.`,
            ),
          } as const,
        ]),
  ]
  const page = renderPage({
    title: `Sparsity of ${profile.name}`,
    lead: `${profile.samples.length} samples on ${profile.accelerator}; ${profile.generator}`,
    sections,
    footer: commandLine,
  })
  return new Map([
    ['report.html', page],
    ...Object.entries(figures).map(([name, svg]): [string, string] => [
      `figures/${profile.name}-${name}.svg`,
      svg,
    ]),
    [`figures/${profile.name}-layers.csv`, csvTable(csvColumns, rows)],
    ...pruning.files,
  ])
}
