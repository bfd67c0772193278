import { formatNumber, formatSi } from '../../base/index.js'
import { explainCost, loopNest, explainColumns } from '../map/index.js'
import { renderPage, tableSection } from '../page.js'
import { csvTable } from '../table.js'
import type { Analysis } from './analysis-document.js'
import {
  componentColumns,
  componentRows,
  trafficColumns,
  trafficRows,
  type ComponentRow,
  type TrafficRow,
} from './analysis-text.js'

/** Files of `heddle analyze --out`. */
export function analysisFiles(analysis: Analysis, commandLine: string): Map<string, string> {
  const { cost, table } = analysis
  const { problem } = cost
  const page = renderPage({
    title: `${problem.layer.name} on ${problem.accelerator.name}`,
    lead: `What one mapping costs, ${problem.conventions.name} semantics.`,
    sections: [
      {
        kind: 'facts',
        facts: [
          { label: 'energy', value: formatSi(cost.energyPj * 1e-12, 'J') },
          { label: 'latency', value: `${formatNumber(cost.latencyCycles.total, 9)} cycles` },
          { label: 'EDP', value: `${formatNumber(cost.edp, 5)} pJ·cycles` },
        ],
      },
      { kind: 'heading', text: 'Loop nest' },
      { kind: 'code', text: loopNest({ table, dataflow: problem.dataflow, cost }) },
      { kind: 'heading', text: 'Energy and latency' },
      tableSection(componentColumns, componentRows(cost)),
      { kind: 'heading', text: 'Traffic' },
      tableSection(trafficColumns, trafficRows(cost)),
      { kind: 'heading', text: 'How each figure comes about' },
      tableSection(explainColumns, explainCost(cost)),
    ],
    footer: commandLine,
  })
  return new Map([
    ['report.html', page],
    ['components.csv', csvTable(rawComponents, componentRows(cost))],
    ['traffic.csv', csvTable(rawTraffic, trafficRows(cost))],
  ])
}

const rawComponents = [
  { title: 'component', cell: (row: ComponentRow) => row.component },
  { title: 'dynamicPj', cell: (row: ComponentRow) => row.dynamicPj },
  { title: 'staticPj', cell: (row: ComponentRow) => row.staticPj },
  { title: 'cycles', cell: (row: ComponentRow) => row.cycles },
]

const rawTraffic = [
  { title: 'level', cell: (row: TrafficRow) => row.level },
  { title: 'operand', cell: (row: TrafficRow) => row.operand },
  { title: 'elementsHeld', cell: (row: TrafficRow) => row.held },
  { title: 'elementsPerTransfer', cell: (row: TrafficRow) => row.sent },
  { title: 'reads', cell: (row: TrafficRow) => row.reads },
  { title: 'writes', cell: (row: TrafficRow) => row.writes },
]
