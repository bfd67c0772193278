import { formatNumber, formatSi } from '../../base/index.js'
import { renderPage, tableSection, type Section } from '../page.js'
import { csvTable, type Column } from '../table.js'
import { hierarchicalBreakdown } from './breakdown-figure.js'
import { explainHierarchical } from './explain.js'
import { hierarchicalLoopNest } from './loop-nest.js'
import {
  layerCycles,
  totals,
  type HierarchicalLayerResult,
  type HierarchicalNetworkResult,
} from './network-result.js'
import { hierarchicalColumns } from './text.js'

const csvColumns: readonly Column<HierarchicalLayerResult>[] = [
  { title: 'index', cell: ({ index }) => index },
  { title: 'layer', cell: ({ layer }) => layer.name },
  { title: 'status', cell: ({ result }) => result.status },
  { title: 'energyPj', cell: ({ result }) => result.value.cost.energyPj },
  { title: 'macEnergyPj', cell: ({ result }) => result.value.cost.macEnergyPj },
  { title: 'latencyCycles', cell: ({ result }) => layerCycles(result.value) },
  { title: 'temporalCycles', cell: ({ result }) => result.value.cost.latency.temporalCycles },
  { title: 'stallCycles', cell: ({ result }) => result.value.cost.latency.stallCycles },
  { title: 'loadingCycles', cell: ({ result }) => result.value.cost.latency.loadingCycles },
  { title: 'offloadingCycles', cell: ({ result }) => result.value.cost.latency.offloadingCycles },
  { title: 'evaluations', cell: ({ result }) => result.evaluations },
]

/** All files of `heddle map --out` for a hierarchical accelerator. */
export function hierarchicalFiles(
  result: HierarchicalNetworkResult,
  commandLine: string,
): Map<string, string> {
  const energy = hierarchicalBreakdown(result.layers, 'energy')
  const latency = hierarchicalBreakdown(result.layers, 'latency')
  const sum = totals(result)
  const proven = result.layers.filter((each) => each.result.status === 'optimal').length
  const page = renderPage({
    title: `${result.network} on ${result.accelerator.name}`,
    lead: `The loop order of least ${result.metric === 'edp' ? 'energy-delay product' : result.metric} per layer, ${result.search} search, ${result.semantics} semantics.`,
    sections: [
      {
        kind: 'facts',
        facts: [
          { label: 'energy', value: formatSi(sum.energyPj * 1e-12, 'J') },
          { label: 'latency', value: `${formatNumber(Math.round(sum.latencyCycles), 12)} cycles` },
          { label: 'proven optimal', value: `${proven} of ${result.layers.length} layers` },
          { label: 'search time', value: formatSi(result.seconds, 's', 3) },
        ],
      },
      tableSection(hierarchicalColumns, result.layers),
      {
        kind: 'figure',
        svg: energy,
        caption: 'Energy of each memory over all operands, and of the MACs.',
      },
      {
        kind: 'figure',
        svg: latency,
        caption:
          'Cycles with every unit busy, and what is added: idle units, waiting for ports, first and last transfers.',
      },
      { kind: 'heading', text: 'Mappings' },
      ...result.layers.map(layerSection),
    ],
    footer: commandLine,
  })
  return new Map([
    ['report.html', page],
    ['layers.csv', csvTable(csvColumns, result.layers)],
    ['energy.svg', energy],
    ['latency.svg', latency],
  ])
}

function layerSection({ index, layer, result }: HierarchicalLayerResult): Section {
  return {
    kind: 'details',
    summary: `${index} ${layer.name}`,
    sections: [
      { kind: 'code', text: hierarchicalLoopNest(result.value) },
      tableSection(
        [
          { title: 'figure', align: 'left', cell: (each) => each.name },
          { title: 'value', cell: (each) => `${formatNumber(each.value, 7)} ${each.unit}` },
          { title: 'formula', align: 'left', cell: (each) => each.formula },
          { title: 'values put in', align: 'left', cell: (each) => each.substituted },
        ],
        explainHierarchical(result.value),
      ),
    ],
  }
}
