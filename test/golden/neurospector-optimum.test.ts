import { describe, expect, it } from 'vitest'
import { isValidTable, published } from '../../src/cost/scheduling-table/index.js'
import { searchOptimal } from '../../src/map/index.js'
import { quietRun } from '../../src/model/index.js'
import { acceleratorOf, layerOf, records, type GoldenSearch } from './neurospector-cases.js'

interface OptimumCase extends GoldenSearch {
  readonly proved_optimal: boolean
}

function optimumOf(record: GoldenSearch): ReturnType<typeof searchOptimal> {
  const metric = record.metric === 'cycle' ? 'cycles' : 'energy'
  const options = { metric, dataflow: record.dataflow_mode, conventions: published } as const
  return searchOptimal(acceleratorOf(record.accelerator), layerOf(record), options, quietRun)
}

function label(record: GoldenSearch): string {
  return [
    record.accelerator,
    record.network,
    record.layer,
    record.dataflow_mode,
    record.metric,
  ].join(' ')
}

describe('neurospector', () => {
  const optima = records<OptimumCase>('exact_optimum.json')
  it.skipIf(!optima)('exact optimum: equal by cost, proven', { timeout: 300_000 }, () => {
    for (const record of optima ?? []) {
      const found = optimumOf(record)
      expect(found.status, label(record)).toBe('optimal')
      expect(isValidTable(found.value.cost.problem, found.value.table), label(record)).toBe(true)
      const ratio = found.objective / record.cost
      // Some figures are only the best known of a search that was stopped.
      if (record.proved_optimal) expect(Math.abs(ratio - 1), label(record)).toBeLessThan(1e-5)
      else expect(ratio, label(record)).toBeLessThan(1 + 1e-5)
    }
  })

  const enumerated = records<GoldenSearch>('brute_force.json')
  it.skipIf(!enumerated)('brute force: the optimum is what it finds', { timeout: 300_000 }, () => {
    for (const record of enumerated ?? []) {
      const found = optimumOf(record)
      expect(Math.abs(found.objective / record.cost - 1), label(record)).toBeLessThan(1e-5)
    }
  })
})
