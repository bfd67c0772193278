import { describe, expect, it } from 'vitest'
import {
  isValidTable,
  published,
  tableCost,
  tableProblem,
} from '../../src/cost/scheduling-table/index.js'
import { tableStats, type TableStats } from '../../src/report/analyze/index.js'
import {
  acceleratorOf,
  dataflowOf,
  layerOf,
  records,
  tableOf,
  type GoldenRecord,
} from './neurospector-cases.js'

interface AnalyzerCase extends GoldenRecord {
  readonly id: number
  readonly valid: boolean
  readonly stats: TableStats
}

describe('neurospector', () => {
  const analyzer = records<AnalyzerCase>('analyzer_random.json')
  it.skipIf(!analyzer)('analyzer: every figure of every random table, bit for bit', () => {
    for (const record of analyzer ?? []) {
      const problem = tableProblem(
        acceleratorOf(record.accelerator),
        layerOf(record),
        dataflowOf(record.dataflow),
        published,
      )
      const table = tableOf(record)
      const stats = roundTrip(tableStats(tableCost(problem, table)))
      expect(stats, `case ${record.id}`).toEqual(roundTrip(record.stats))
      expect(isValidTable(problem, table), `validity of case ${record.id}`).toBe(record.valid)
    }
  })
})

/** Nine printed digits restore a 32-bit float, so both sides are rounded to it; counts and sizes stay whole. */
function roundTrip(stats: TableStats): unknown {
  const floats = ['util', 'dyn_pJ', 'static_pJ', 'cycles', 'energy_pJ', 'edp']
  return Object.fromEntries(
    Object.entries(stats).map(([key, value]) => [
      key,
      floats.includes(key) ? rounded(value) : (value as unknown),
    ]),
  )
}

function rounded(value: unknown): unknown {
  if (typeof value === 'number') return Math.fround(value)
  return Object.fromEntries(
    Object.entries(value as Record<string, number>).map(([key, each]) => [key, Math.fround(each)]),
  )
}
