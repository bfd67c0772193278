import { formatNumber, formatSi } from '../../base/index.js'
import { networkTotals, type MappedLayer, type NetworkMapping } from '../../map/index.js'
import { renderPage, tableSection, type Fact, type Section } from '../page.js'
import { csvTable } from '../table.js'
import { breakdownFigure } from './breakdown-figure.js'
import { explainColumns, explainCost } from './explain.js'
import { gapFigure } from './gap-figure.js'
import { heuristicGap, layerColumns, layerCsvColumns, provenText } from './layer-table.js'
import { loopNest } from './loop-nest.js'
import { paretoFigure } from './pareto-figure.js'
import { ruleText } from './rule-text.js'

/** All files of `heddle map --out`. */
export function mapFiles(mapping: NetworkMapping, commandLine: string): Map<string, string> {
  const energy = breakdownFigure(mapping.layers, 'energy')
  const latency = breakdownFigure(mapping.layers, 'latency')
  const compared = mapping.layers.some((each) => each.bottomUpObjective !== undefined)
  const gap = compared ? gapFigure(mapping) : undefined
  const figures: Section[] = [
    {
      kind: 'figure',
      svg: energy,
      caption: 'Dynamic energy by component, and leakage of the whole chip while the layer runs.',
    },
    {
      kind: 'figure',
      svg: latency,
      caption:
        mapping.layers[0]?.result.value.cost.problem.conventions.overlap === 'full'
          ? 'Cycles of each stage; the slowest is the latency.'
          : 'Cycles of each stage; their sum is the latency.',
    },
  ]
  const page = renderPage({
    title: `${mapping.network} on ${mapping.accelerator.name}`,
    lead: `The mapping of least ${mapping.metric === 'edp' ? 'energy-delay product' : mapping.metric} per layer, ${mapping.search} search, ${mapping.semantics} semantics.`,
    sections: [
      { kind: 'facts', facts: facts(mapping) },
      tableSection(layerColumns(mapping), mapping.layers),
      ...(mapping.skipped.length === 0
        ? []
        : [
            {
              kind: 'text',
              paragraphs: [
                `Not mapped, because nothing is multiplied and accumulated: ${mapping.skipped.join(', ')}.`,
              ],
            } as const,
          ]),
      ...(gap === undefined
        ? []
        : [
            {
              kind: 'figure',
              svg: gap,
              caption: 'The bottom-up heuristic, run on the same cost model.',
            } as const,
          ]),
      ...figures,
      { kind: 'heading', text: 'Mappings' },
      ...mapping.layers.filter((each) => each.sameAs === undefined).map(layerSection),
    ],
    footer: commandLine,
  })
  return new Map([
    ['report.html', page],
    ['layers.csv', csvTable(layerCsvColumns(), mapping.layers)],
    ['energy.svg', energy],
    ['latency.svg', latency],
    ...(gap === undefined ? [] : [['bottom-up-gap.svg', gap] as const]),
    ...mapping.layers.flatMap((each) =>
      each.pareto === undefined || each.pareto.points.length < 2
        ? []
        : [[`pareto-${each.index}.svg`, paretoFigure(each.layer.name, each.pareto)] as const],
    ),
  ])
}

function facts(mapping: NetworkMapping): Fact[] {
  const total = networkTotals(mapping)
  const proven = mapping.layers.filter((each) => each.result.status === 'optimal').length
  const clockMhz = mapping.accelerator.clockMhz
  const gaps = mapping.layers.flatMap((each) => heuristicGap(each) ?? [])
  return [
    { label: 'energy', value: formatSi(total.energyPj * 1e-12, 'J') },
    { label: 'latency', value: `${formatNumber(Math.round(total.latencyCycles), 12)} cycles` },
    {
      label: `at ${formatNumber(clockMhz)} MHz`,
      value: formatSi(total.latencyCycles / clockMhz / 1e6, 's'),
    },
    { label: 'proven optimal', value: `${proven} of ${mapping.layers.length} layers` },
    { label: 'search time', value: formatSi(mapping.seconds, 's', 3) },
    ...(gaps.length === 0
      ? []
      : [
          {
            label: 'bottom-up above the optimum',
            value: `${((100 * gaps.reduce((a, b) => a + b, 0)) / gaps.length).toFixed(1)} % mean`,
          },
        ]),
  ]
}

function layerSection(mapped: MappedLayer): Section {
  const { result, layer, pareto } = mapped
  const { cost } = result.value
  return {
    kind: 'details',
    summary: `${mapped.index} ${layer.name}: ${formatSi(cost.energyPj * 1e-12, 'J')}, ${formatNumber(Math.round(cost.latencyCycles.total), 12)} cycles, ${provenText(mapped)}`,
    sections: [
      { kind: 'code', text: loopNest(result.value) },
      tableSection(
        explainColumns,
        explainCost(cost),
        'Every figure with its formula and the values put in',
      ),
      tableSection(
        [
          { title: 'rule', align: 'left', cell: ([rule]) => ruleText(rule) },
          { title: 'candidates removed', cell: ([, n]) => formatNumber(n, 15) },
        ],
        Object.entries(result.pruned),
        `${formatNumber(result.evaluations, 15)} candidates were costed`,
      ),
      ...(pareto === undefined || pareto.points.length < 2
        ? []
        : [
            {
              kind: 'figure',
              svg: paretoFigure(layer.name, pareto),
              caption: 'Mappings that no other beats in both energy and latency.',
            } as const,
          ]),
    ],
  }
}
