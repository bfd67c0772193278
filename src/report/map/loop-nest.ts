import { formatNumber } from '../../base/index.js'
import type { TableCost } from '../../cost/scheduling-table/index.js'
import type { TableMapping } from '../../map/index.js'
import {
  columnCount,
  operands,
  realRows,
  row,
  tableColumns,
  type Stationarity,
  type TableColumn,
} from '../../model/index.js'

/** Loops that leave the stationary operand in place: they run innermost in the level around its buffer. */
const SPARED: Readonly<Record<Stationarity, readonly TableColumn[]>> = {
  none: [],
  is: ['K'],
  ws: ['B', 'P', 'Q'],
  os: ['C', 'R', 'S'],
}

const HELD: Readonly<Record<string, string>> = { is: 'input', ws: 'weight', os: 'output' }

/**
 * A mapping as the loop nest that a person would write: memory levels from DRAM inwards, each with what it holds and the loops
 * that step through it, parallel loops between them. Within a level the order follows from the stationarity of the next
 * buffer; where that leaves it open it does not matter.
 */
export function loopNest(mapping: TableMapping): string {
  const { table, cost } = mapping
  const { problem } = cost
  const { accelerator } = problem
  const real = realRows(accelerator)
  const lines: string[] = []
  let depth = 0
  const say = (text: string): void => {
    lines.push('  '.repeat(depth) + text)
  }
  const loop = (keyword: string, [c, n]: readonly [TableColumn, number], note = ''): void => {
    depth++
    say(`${keyword} ${c.toLowerCase()} in 0 … ${n - 1}${note}`)
  }
  const factors = (r: number): [TableColumn, number][] =>
    tableColumns
      .map((name, c): [TableColumn, number] => [name, table[r * columnCount + c]])
      .filter(([, n]) => n > 1)
  const temporal = (r: number, title: string, inner: Stationarity): void => {
    say(title)
    const spared = SPARED[inner]
    for (const each of factors(r)) if (!spared.includes(each[0])) loop('for', each)
    for (const each of factors(r))
      if (spared.includes(each[0])) loop('for', each, `   # ${HELD[inner]} stays`)
  }
  const spatial = (x: number, y: number, title: string, units: readonly [number, number]): void => {
    if (!real[x] && !real[y]) return
    say(`${title}  ${units[0]} × ${units[1]} at work`)
    for (const each of factors(x)) loop('parallel x', each)
    for (const each of factors(y)) loop('parallel y', each)
  }
  temporal(row.dram, 'DRAM', problem.globalStationarity)
  spatial(row.chipX, row.chipY, 'CHIPS', cost.active.chip)
  if (problem.global.present)
    temporal(row.globalBuffer, `GLOBAL BUFFER${held(cost, 'global')}`, problem.localStationarity)
  spatial(row.peX, row.peY, 'PE ARRAY', cost.active.pe)
  temporal(row.localBuffer, `LOCAL BUFFER${held(cost, 'local')}`, 'none')
  spatial(row.macX, row.macY, 'MAC ARRAY', cost.active.mac)
  depth++
  say('output += input × weight')
  return lines.join('\n')
}

function held(cost: TableCost, level: 'local' | 'global'): string {
  const { bypassed } = cost.problem[level]
  const parts = operands.map((operand, x) =>
    bypassed[x]
      ? `${operand} passes by`
      : `${operand} ${formatNumber(cost.tileAlloc[level][x], 7)}`,
  )
  return `  holds ${parts.join(', ')} (elements)`
}
