import {
  columnCount,
  operands,
  realRows,
  row,
  rowProduct,
  tableColumns,
  tableRows,
  type ScheduleTable,
} from '../../model/index.js'
import type { TableViolation } from './table-cost.js'
import type { LevelModel, TableProblem, Triple } from './table-problem.js'
import { extents, prefixProducts, tileSizes } from './tiles.js'

/**
 * Every constraint that a table breaks; empty when it can run. Independent of the searches: they prune with their own
 * code, and their results are checked with this one (specification §6, validity).
 */
export function checkTable(problem: TableProblem, table: ScheduleTable): TableViolation[] {
  return [
    ...checkFactors(table),
    ...checkCoverage(problem, table),
    ...checkRows(problem, table),
    ...checkCapacities(problem, table),
  ]
}

function checkFactors(table: ScheduleTable): TableViolation[] {
  const found: TableViolation[] = []
  for (let i = 0; i < table.length; i++) {
    if (Number.isInteger(table[i]) && table[i] >= 1) continue
    const where = `${tableRows[Math.floor(i / columnCount)]} ${tableColumns[i % columnCount]}`
    found.push({
      constraint: 'factor',
      where,
      found: table[i],
      limit: 1,
      message: `${where} is ${table[i]}: a factor is a whole number of at least 1`,
    })
  }
  return found
}

function checkCoverage(problem: TableProblem, table: ScheduleTable): TableViolation[] {
  const pre = prefixProducts(table)
  return tableColumns.flatMap((name, c): TableViolation[] => {
    const found = pre[row.dram * columnCount + c]
    const limit = problem.layer.dims[c]
    return found === limit
      ? []
      : [
          {
            constraint: 'coverage',
            where: name,
            found,
            limit,
            message: `the factors of ${name} multiply to ${found}, the layer has ${limit}`,
          },
        ]
  })
}

function checkRows(problem: TableProblem, table: ScheduleTable): TableViolation[] {
  const sides = new Map<number, number>([
    [row.macX, problem.macArray.x],
    [row.macY, problem.macArray.y],
    [row.peX, problem.peArray.x],
    [row.peY, problem.peArray.y],
    [row.chipX, problem.chips.x],
    [row.chipY, problem.chips.y],
  ])
  const real = realRows(problem.accelerator)
  return tableRows.flatMap((name, r): TableViolation[] => {
    const found = rowProduct(table, r)
    if (r === row.register && found !== 1) {
      const message = `REGISTER holds a loop of ${found}: this level is not modelled, its row must be all ones`
      return [{ constraint: 'register-row', where: name, found, limit: 1, message }]
    }
    const side = sides.get(r)
    if (side !== undefined && found > side) {
      const message = `${name} needs ${found} units side by side, there are ${side}`
      return [{ constraint: 'array-side', where: name, found, limit: side, message }]
    }
    if (side === undefined && !real[r] && found !== 1) {
      const message = `${name} holds a loop of ${found}, but the accelerator has no such level`
      return [{ constraint: 'absent-row', where: name, found, limit: 1, message }]
    }
    return []
  })
}

function checkCapacities(problem: TableProblem, table: ScheduleTable): TableViolation[] {
  const pre = prefixProducts(table)
  const wrapped = problem.conventions.arithmetic === 'fp32-u32'
  const check = (name: string, level: LevelModel, r: number): TableViolation[] => {
    if (!level.present) return []
    const sizes = tileSizes(problem.layer, extents(table, pre, r))
    const tile = wrapped ? ([sizes[0] >>> 0, sizes[1] >>> 0, sizes[2] >>> 0] as const) : sizes
    return level.shared
      ? checkShared(name, level, tile)
      : checkSeparate(name, level, tile, problem.conventions.separateCapacity)
  }
  return [
    ...check('LOCAL_BUFFER', problem.local, row.localBuffer),
    ...check('GLOBAL_BUFFER', problem.global, row.globalBuffer),
  ]
}

function checkShared(name: string, level: LevelModel, tile: Triple): TableViolation[] {
  const held = tile.reduce((sum, n, x) => sum + (level.bypassed[x] ? 0 : n), 0)
  if (held <= level.capacity[0]) return []
  return [overflow(name, held, level.capacity[0], 'holds')]
}

function checkSeparate(
  name: string,
  level: LevelModel,
  tile: Triple,
  rule: 'inclusive' | 'exclusive-with-bypassed',
): TableViolation[] {
  return tile.flatMap((held, x) => {
    const limit = level.capacity[x]
    const fits = rule === 'inclusive' ? level.bypassed[x] || held <= limit : held < limit
    if (fits) return []
    return [
      overflow(
        `${name} ${operands[x]}`,
        held,
        limit,
        rule === 'inclusive' ? 'holds' : 'must stay below',
      ),
    ]
  })
}

function overflow(where: string, found: number, limit: number, verb: string): TableViolation {
  const message = `${where} needs room for ${found} elements, it ${verb} ${limit}`
  return { constraint: 'capacity', where, found, limit, message }
}

/** Whether a table can run. */
export function isValidTable(problem: TableProblem, table: ScheduleTable): boolean {
  return checkTable(problem, table).length === 0
}
