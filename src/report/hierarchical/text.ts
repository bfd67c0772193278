import { formatNumber, formatPercent, formatSi } from '../../base/index.js'
import { textTable, type Column } from '../table.js'
import { explainHierarchical } from './explain.js'
import { hierarchicalLoopNest } from './loop-nest.js'
import {
  layerCycles,
  totals,
  type HierarchicalLayerResult,
  type HierarchicalNetworkResult,
} from './network-result.js'

/** The columns of the table of layers. */
export const hierarchicalColumns: readonly Column<HierarchicalLayerResult>[] = [
  { title: '#', cell: ({ index }) => index },
  { title: 'layer', align: 'left', cell: ({ layer }) => layer.name },
  { title: 'energy', cell: ({ result }) => formatSi(result.value.cost.energyPj * 1e-12, 'J') },
  { title: 'cycles', cell: ({ result }) => formatNumber(layerCycles(result.value), 12) },
  {
    title: 'utilisation',
    cell: ({ result: { value } }) =>
      formatPercent(value.cost.latency.idealCycles / layerCycles(value)),
  },
  { title: 'proof', align: 'left', cell: ({ result }) => result.status },
  { title: 'evaluations', cell: ({ result }) => formatNumber(result.evaluations, 12) },
  { title: 'time', cell: ({ seconds }) => formatSi(seconds, 's', 3) },
]

/** The answer of `heddle map` for a terminal. */
export function hierarchicalText(result: HierarchicalNetworkResult, explain: boolean): string {
  const sum = totals(result)
  const proven = result.layers.filter((each) => each.result.status === 'optimal').length
  const parts = [
    `${result.network} on ${result.accelerator.name}: least ${result.metric}, ${result.search} search, ${result.semantics} semantics`,
    textTable(hierarchicalColumns, result.layers),
    `total ${formatSi(sum.energyPj * 1e-12, 'J')}, ${formatNumber(Math.round(sum.latencyCycles), 15)} cycles; ${proven} of ${result.layers.length} layers proven optimal in ${formatSi(result.seconds, 's', 3)}`,
  ]
  if (!explain && result.layers.length > 1) return parts.join('\n\n')
  for (const { layer, result: found } of result.layers) {
    parts.push(`${layer.name}\n${hierarchicalLoopNest(found.value)}`)
    if (!explain) continue
    for (const each of explainHierarchical(found.value)) {
      parts.push(
        `${each.name} = ${formatNumber(each.value, 9)} ${each.unit}\n    ${each.formula}\n    ${each.substituted}`,
      )
    }
    parts.push(
      [
        `${formatNumber(found.evaluations, 15)} candidates costed; removed before that:`,
        ...Object.entries(found.pruned).map(([rule, n]) => `    ${formatNumber(n, 15)}  ${rule}`),
      ].join('\n'),
    )
  }
  return parts.join('\n\n')
}
