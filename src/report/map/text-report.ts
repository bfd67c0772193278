import { formatNumber, formatSi } from '../../base/index.js'
import {
  networkTotals,
  type ChipPartition,
  type MappedLayer,
  type NetworkMapping,
} from '../../map/index.js'
import { textTable } from '../table.js'
import { explainCost } from './explain.js'
import { heuristicGap, layerColumns } from './layer-table.js'
import { loopNest } from './loop-nest.js'
import { ruleText } from './rule-text.js'

/** The answer of `heddle map` for a terminal. */
export function mapText(mapping: NetworkMapping, explain: boolean): string {
  const total = networkTotals(mapping)
  const proven = mapping.layers.filter((each) => each.result.status === 'optimal').length
  const parts = [
    `${mapping.network} on ${mapping.accelerator.name}: least ${mapping.metric}, ${mapping.search} search, ${mapping.semantics} semantics`,
    textTable(layerColumns(mapping), mapping.layers),
    [
      `total ${formatSi(total.energyPj * 1e-12, 'J')}, ${formatNumber(Math.round(total.latencyCycles), 15)} cycles`,
      `(${formatSi(total.latencyCycles / mapping.accelerator.clockMhz / 1e6, 's')} at ${formatNumber(mapping.accelerator.clockMhz)} MHz);`,
      `${proven} of ${mapping.layers.length} layers proven optimal in ${formatSi(mapping.seconds, 's', 3)}`,
    ].join(' '),
  ]
  const gaps = mapping.layers.flatMap((each) => heuristicGap(each) ?? [])
  if (gaps.length > 0) {
    const mean = gaps.reduce((a, b) => a + b, 0) / gaps.length
    const worst = Math.max(...gaps)
    parts.push(
      `the bottom-up search ends ${(100 * mean).toFixed(1)} % above these on average, ${(100 * worst).toFixed(1)} % at worst`,
    )
  }
  if (mapping.partition !== undefined) parts.push(partitionText(mapping, mapping.partition))
  if (mapping.skipped.length > 0)
    parts.push(`not mapped (no multiply-accumulates): ${mapping.skipped.join(', ')}`)
  const distinct = mapping.layers.filter((each) => each.sameAs === undefined)
  if (explain || mapping.layers.length === 1)
    for (const each of distinct) parts.push(layerText(each, explain))
  for (const each of distinct) if (each.pareto) parts.push(paretoText(each))
  return parts.join('\n\n')
}

function partitionText(mapping: NetworkMapping, partition: ChipPartition): string {
  const lines = partition.layers.map(({ parallel, chips }, i) => {
    const how = parallel ? 'side by side' : 'alone'
    return `    ${mapping.layers[i].layer.name}: ${how} on ${chips} ${chips === 1 ? 'chip' : 'chips'}`
  })
  const together = `${mapping.metric} of all together ${formatNumber(partition.objective, 7)}`
  return [`the sibling layers share the chips, ${together}:`, ...lines].join('\n')
}

function layerText(mapped: MappedLayer, explain: boolean): string {
  const { result, layer } = mapped
  const parts = [`${layer.name}\n${loopNest(result.value)}`]
  if (!explain) return parts[0]
  parts.push('')
  for (const each of explainCost(result.value.cost)) {
    parts.push(
      `${each.name} = ${formatNumber(each.value, 7)} ${each.unit}\n    ${each.formula}\n    ${each.substituted}`,
    )
  }
  parts.push(
    `${formatNumber(result.evaluations, 15)} candidates costed; removed before that:\n` +
      Object.entries(result.pruned)
        .map(([rule, n]) => `    ${formatNumber(n, 15).padStart(12)}  ${ruleText(rule)}`)
        .join('\n'),
  )
  return parts.join('\n')
}

function paretoText(mapped: MappedLayer): string {
  const { points, complete } = mapped.pareto!
  const table = textTable(
    [
      { title: 'energy µJ', cell: (each) => formatNumber(each.cost.energyPj / 1e6, 7) },
      {
        title: 'cycles',
        cell: (each) => formatNumber(Math.round(each.cost.latencyCycles.total), 15),
      },
    ],
    points,
  )
  const note = complete ? 'complete' : 'stopped early: more may exist'
  return `${mapped.layer.name}: ${points.length} trade-offs of energy and latency (${note})\n${table}`
}
