import { formatNumber } from '../../base/index.js'
import type { LevelModel, TableCost } from '../../cost/scheduling-table/index.js'
import { operands } from '../../model/index.js'
import type { Column } from '../table.js'

/** A reported figure, the rule it comes from and the values put into the rule. */
export interface ExplainedFigure {
  readonly name: string
  readonly value: number
  readonly unit: string
  readonly formula: string
  readonly substituted: string
}

/** Columns of an explanation. */
export const explainColumns: Column<ExplainedFigure>[] = [
  { title: 'figure', align: 'left', cell: (each) => each.name },
  { title: 'value', cell: (each) => formatNumber(each.value, 7) },
  { title: 'unit', align: 'left', cell: (each) => each.unit },
  { title: 'formula', align: 'left', cell: (each) => each.formula },
  { title: 'values', align: 'left', cell: (each) => each.substituted },
]

/** Every figure of a cost with its formula, from the traffic of each level up to the totals. */
export function explainCost(cost: TableCost): ExplainedFigure[] {
  const { problem, active, dynamicEnergyPj: dynamic, latencyCycles: latency } = cost
  const [macs, pes, chips] = [active.mac, active.pe, active.chip].map(([x, y]) => x * y)
  const parts = [latency.mac, latency.local, latency.global, latency.dram].map(number)
  const overlaps = problem.conventions.overlap === 'full'
  const rate = problem.staticPjPerCycle
  return [
    figure(
      'multiply-accumulates',
      problem.macs,
      'MACs',
      'K·B·P·Q·C·R·S·G',
      problem.layer.dims.join(' · '),
    ),
    figure(
      'MAC energy',
      dynamic.mac,
      'pJ',
      'MACs × pJ per MAC',
      `${number(problem.macs)} × ${problem.accelerator.macEnergyPj}`,
    ),
    ...explainBuffer(cost, 'local', 'local buffer', pes * chips, 'PEs'),
    ...(problem.global.present
      ? explainBuffer(cost, 'global', 'global buffer', chips, 'chips')
      : []),
    ...explainDram(cost),
    figure(
      'MAC latency',
      latency.mac,
      'cycles',
      'MACs / (MAC units per PE × PEs × chips at work)',
      `${number(problem.macs)} / (${macs} × ${pes} × ${chips})`,
    ),
    figure(
      'latency',
      latency.total,
      'cycles',
      overlaps ? 'slowest of MAC, local, global, DRAM' : 'MAC + local + global + DRAM',
      overlaps ? `max(${parts.join(', ')})` : parts.join(' + '),
    ),
    figure(
      'dynamic energy',
      dynamic.total,
      'pJ',
      'MAC + local + global + DRAM',
      [dynamic.mac, dynamic.local, dynamic.global, dynamic.dram].map(number).join(' + '),
    ),
    figure(
      'static energy',
      cost.staticEnergyPj.total,
      'pJ',
      'static pJ per cycle of all units, idle or not, × latency',
      `(MAC ${number(rate.mac)} + local ${number(rate.local)} + global ${number(rate.global)} + DRAM ${number(rate.dram)}) × ${number(latency.total)}`,
    ),
    figure(
      'energy',
      cost.energyPj,
      'pJ',
      'dynamic + static',
      `${number(dynamic.total)} + ${number(cost.staticEnergyPj.total)}`,
    ),
    figure(
      'EDP',
      cost.edp,
      'pJ·cycles',
      'energy × latency',
      `${number(cost.energyPj)} × ${number(latency.total)}`,
    ),
  ]
}

function explainBuffer(
  cost: TableCost,
  key: 'local' | 'global',
  title: string,
  copies: number,
  units: string,
): ExplainedFigure[] {
  const dynamic = cost.dynamicEnergyPj
  const level = cost.problem[key]
  const upper = key === 'local' ? dynamic.localUpper : dynamic.globalUpper
  const lower = key === 'local' ? dynamic.localLower : dynamic.globalLower
  return [
    figure(
      `${title}, towards the MACs`,
      upper,
      'pJ',
      `Σ tile × transfers × pJ per element, × ${units} at work`,
      `(${energies(level, cost.tileSend[key], moves(cost, key))}) × ${copies} ${units}`,
    ),
    figure(
      `${title}, fills and drains`,
      lower,
      'pJ',
      `Σ held tile × transfers of the next outer level × pJ per element, × ${units} at work`,
      `(${energies(level, cost.tileAlloc[key], fills(cost, key))}) × ${copies} ${units}`,
    ),
    explainLatency(cost, key, title),
  ]
}

function explainDram(cost: TableCost): ExplainedFigure[] {
  const rule = 'Σ tile × transfers × pJ per element'
  const values = energies(cost.problem.dram, cost.tileSend.dram, moves(cost, 'dram'))
  return [
    figure('DRAM', cost.dynamicEnergyPj.dram, 'pJ', rule, values),
    explainLatency(cost, 'dram', 'DRAM'),
  ]
}

function explainLatency(
  cost: TableCost,
  key: 'local' | 'global' | 'dram',
  title: string,
): ExplainedFigure {
  const level = cost.problem[key]
  const perTransfer = cost.problem.conventions.lineRounding === 'per-transfer'
  const per = number(level.elementsPerTransfer)
  const count = moves(cost, key)
  const values = operands.map((operand, x) => {
    const tile = number(cost.tileSend[key][x])
    const lines = perTransfer
      ? `${number(count[x])} × ⌈${tile} / ${per}⌉`
      : `⌈${tile} × ${number(count[x])} / ${per}⌉`
    return `${operand} ${lines} × ${level.cyclesPerTransfer[x]}`
  })
  const rule = perTransfer
    ? 'transfers × ⌈tile / elements per line⌉'
    : '⌈tile × transfers / elements per line⌉'
  return figure(
    `${title} latency`,
    cost.latencyCycles[key],
    'cycles',
    `${level.shared ? 'sum' : 'maximum'} over the operands of ${rule} × cycles per line`,
    level.shared ? values.join(' + ') : `max(${values.join(', ')})`,
  )
}

/** Transfers out of a level: reads of input and weight, reads and writes of output. */
function moves(cost: TableCost, key: 'local' | 'global' | 'dram'): number[] {
  const [i, w, read, write] = cost.access[key]
  return [i, w, read + write]
}

/** Transfers into a level: those out of the next outer level that holds the operand. */
function fills(cost: TableCost, key: 'local' | 'global'): number[] {
  const { global, conventions } = cost.problem
  return operands.map((_, x) => {
    const skipsGlobal = global.present && global.bypassed[x] && conventions.bypass === 'direct'
    return moves(cost, key === 'local' && !skipsGlobal ? 'global' : 'dram')[x]
  })
}

function energies(level: LevelModel, tile: readonly number[], count: readonly number[]): string {
  return operands
    .map((o, x) => `${o} ${number(tile[x])} × ${number(count[x])} × ${level.accessEnergyPj[x]}`)
    .join(' + ')
}

function figure(
  name: string,
  value: number,
  unit: string,
  formula: string,
  substituted: string,
): ExplainedFigure {
  return { name, value, unit, formula, substituted }
}

function number(value: number): string {
  return formatNumber(value, 7)
}
