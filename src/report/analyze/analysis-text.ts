import { formatNumber, formatSi } from '../../base/index.js'
import { utilizationPercent, type TableCost } from '../../cost/scheduling-table/index.js'
import { operands } from '../../model/index.js'
import { explainCost, loopNest } from '../map/index.js'
import { textTable, type Column } from '../table.js'
import type { Analysis } from './analysis-document.js'

/** One memory level or the MAC units, as a row of the report. */
export interface ComponentRow {
  readonly component: string
  readonly dynamicPj: number
  readonly staticPj: number
  readonly cycles: number
}

/** One operand at one level. */
export interface TrafficRow {
  readonly level: string
  readonly operand: string
  readonly held: number
  readonly sent: number
  readonly reads: number
  readonly writes: number
}

export const componentColumns: readonly Column<ComponentRow>[] = [
  { title: 'component', align: 'left', cell: (row) => row.component },
  { title: 'dynamic pJ', cell: (row) => formatNumber(row.dynamicPj, 7) },
  { title: 'static pJ', cell: (row) => formatNumber(row.staticPj, 7) },
  { title: 'cycles', cell: (row) => formatNumber(row.cycles, 9) },
]

export const trafficColumns: readonly Column<TrafficRow>[] = [
  { title: 'level', align: 'left', cell: (row) => row.level },
  { title: 'operand', align: 'left', cell: (row) => row.operand },
  { title: 'elements held', cell: (row) => formatNumber(row.held, 9) },
  { title: 'elements per transfer', cell: (row) => formatNumber(row.sent, 9) },
  { title: 'reads', cell: (row) => formatNumber(row.reads, 12) },
  { title: 'writes', cell: (row) => formatNumber(row.writes, 12) },
]

const LEVELS = [
  ['local buffer', 'local'],
  ['global buffer', 'global'],
  ['DRAM', 'dram'],
] as const

/** Energy and latency per component, totals last. */
export function componentRows(cost: TableCost): ComponentRow[] {
  const row = (component: string, key: 'mac' | 'local' | 'global' | 'dram' | 'total') => ({
    component,
    dynamicPj: cost.dynamicEnergyPj[key],
    staticPj: cost.staticEnergyPj[key],
    cycles: cost.latencyCycles[key],
  })
  return [
    row('MAC units', 'mac'),
    row('local buffers', 'local'),
    ...(cost.problem.global.present ? [row('global buffers', 'global')] : []),
    row('DRAM', 'dram'),
    row('total', 'total'),
  ]
}

/** What is held and moved, per level and operand. */
export function trafficRows(cost: TableCost): TrafficRow[] {
  return LEVELS.filter(([, key]) => cost.problem[key].present).flatMap(([level, key]) =>
    operands.map((operand, x) => ({
      level,
      operand,
      held: cost.tileAlloc[key][x],
      sent: cost.tileSend[key][x],
      reads: cost.access[key][x],
      writes: operand === 'output' ? cost.access[key][3] : 0,
    })),
  )
}

/** `heddle analyze` on a terminal. */
export function analysisText(analysis: Analysis, explain: boolean): string {
  const { cost, table } = analysis
  const { problem, active } = cost
  const side = ([x, y]: readonly [number, number], of: { x: number; y: number }): string =>
    `${x}×${y} of ${of.x}×${of.y}`
  const fill = Object.entries(utilizationPercent(cost))
    .map(([name, percent]) => `${name.replace('_', ' ')} ${formatNumber(percent, 4)} %`)
    .join(', ')
  const parts = [
    `${problem.layer.name} on ${problem.accelerator.name} (${problem.conventions.name} semantics)`,
    `energy  ${formatSi(cost.energyPj * 1e-12, 'J')}   latency  ${formatNumber(cost.latencyCycles.total, 12)} cycles   EDP  ${formatNumber(cost.edp, 6)} pJ·cycles`,
    '',
    loopNest({ table, dataflow: problem.dataflow, cost }),
    '',
    textTable(componentColumns, componentRows(cost)),
    '',
    textTable(trafficColumns, trafficRows(cost)),
    '',
    `at work      MAC units ${side(active.mac, problem.macArray)}, PEs ${side(active.pe, problem.peArray)}, chips ${side(active.chip, problem.chips)}`,
    `utilisation  ${fill}`,
  ]
  if (explain) {
    parts.push(
      '',
      ...explainCost(cost).map(
        (f) =>
          `${f.name} = ${formatNumber(f.value, 9)} ${f.unit}\n  ${f.formula}\n  ${f.substituted}`,
      ),
    )
  }
  return parts.join('\n')
}
