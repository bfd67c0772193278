import { describe, expect, it } from 'vitest'
import {
  isValidTable,
  metricOf,
  published,
  tableCost,
  tableProblem,
} from '../../src/cost/scheduling-table/index.js'
import { tableSearches } from '../../src/map/index.js'
import { quietRun, shapeKey, type SearchResult } from '../../src/model/index.js'
import type { TableMapping } from '../../src/map/index.js'
import {
  acceleratorOf,
  dataflowOf,
  layerOf,
  records,
  tableOf,
  type GoldenSearch,
} from './neurospector-cases.js'

interface BottomUpCase extends GoldenSearch {
  readonly strategy: string
}

function search(name: string, record: GoldenSearch): SearchResult<TableMapping> {
  return tableSearches[name](
    acceleratorOf(record.accelerator),
    layerOf(record),
    {
      metric: record.metric === 'cycle' ? 'cycles' : 'energy',
      dataflow: record.dataflow_mode,
      conventions: published,
    },
    quietRun,
  )
}

function title(record: GoldenSearch): string {
  return `${record.accelerator} ${record.network} ${record.layer} ${record.dataflow_mode} ${record.metric}`
}

describe('neurospector', () => {
  const bottomUp = records<BottomUpCase>('bottom_up.json')
  it.skipIf(!bottomUp)(
    'bottom-up: cost and strategy of every run, bit for bit',
    () => {
      for (const record of bottomUp ?? []) {
        const result = search('bottom-up', record)
        expect(result.objective, title(record)).toBe(Math.fround(record.cost))
        expect(result.value.strategy, title(record)).toBe(record.strategy)
      }
    },
    1_200_000,
  )

  const bruteForce = records<GoldenSearch>('brute_force.json')
  it.skipIf(!bruteForce)(
    'brute force: cost of every run, bit for bit',
    () => {
      for (const record of bruteForce ?? []) {
        const result = search('brute-force', record)
        expect(result.objective, title(record)).toBe(Math.fround(record.cost))
        expect(result.status).toBe('optimal')
      }
    },
    1_200_000,
  )

  const optima = records<GoldenSearch & { readonly proved_optimal: boolean }>('exact_optimum.json')
  it.skipIf(!optima)('exact optima: each proven table is valid and costs what is stated', () => {
    for (const record of optima ?? []) {
      const problem = tableProblem(
        acceleratorOf(record.accelerator),
        layerOf(record),
        dataflowOf(record.dataflow),
        published,
      )
      const table = tableOf(record)
      expect(isValidTable(problem, table), title(record)).toBe(true)
      const cost = metricOf(
        tableCost(problem, table),
        record.metric === 'cycle' ? 'cycles' : 'energy',
      )
      expect(Math.abs(cost / record.cost - 1), title(record)).toBeLessThan(1e-5)
    }
  })

  it.skipIf(!optima || !bottomUp)(
    'no published heuristic result lies below a proven optimum',
    () => {
      const keyOf = (record: GoldenSearch): string =>
        [record.accelerator, record.dataflow_mode, record.metric, shapeKey(layerOf(record))].join(
          ' ',
        )
      const heuristic = new Map((bottomUp ?? []).map((record) => [keyOf(record), record.cost]))
      for (const record of optima ?? []) {
        const found = heuristic.get(keyOf(record))
        if (!record.proved_optimal || found === undefined) continue
        expect(found, title(record)).toBeGreaterThanOrEqual(record.cost * (1 - 1e-5))
      }
    },
  )
})
