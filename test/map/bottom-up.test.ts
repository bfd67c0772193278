import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  checkTable,
  published,
  standard,
  tableProblem,
} from '../../src/cost/scheduling-table/index.js'
import { tableSearches } from '../../src/map/index.js'
import { dataflowChoices, quietRun, tableInDram } from '../../src/model/index.js'
import { anyAccelerator, anyLayer } from '../cost/any-table-case.js'
import { bottomUpOracle } from './bottom-up-oracle.js'

const smallLayer = anyLayer.filter((layer) => layer.dims.reduce((a, b) => a * b, 1) <= 72)

describe('bottom-up', () => {
  it('equals the plain enumeration under the published rules: cost, table and strategy', () => {
    let compared = 0
    fc.assert(
      fc.property(
        anyAccelerator,
        smallLayer,
        fc.constantFrom('energy', 'cycles'),
        (a, layer, m) => {
          const first = tableProblem(a, layer, dataflowChoices(a, 'fixed')[0], published)
          fc.pre(checkTable(first, tableInDram(layer.dims)).length === 0)
          const metric = m
          const options = { metric, dataflow: 'fixed', conventions: published } as const
          const fast = tableSearches['bottom-up'](a, layer, options, quietRun)
          const slow = bottomUpOracle(a, layer, metric, 'fixed', published)
          expect(Array.from(fast.value.table)).toEqual(Array.from(slow.table))
          expect(fast.value.strategy).toBe(slow.strategy)
          compared++
        },
      ),
      { numRuns: 30 },
    )
    expect(compared).toBe(30)
  })

  it('lies between brute force and the table with every loop in DRAM, and runs', () => {
    fc.assert(
      fc.property(
        anyAccelerator,
        smallLayer,
        fc.constantFrom('energy', 'cycles', 'edp'),
        (a, layer, m) => {
          const first = tableProblem(a, layer, dataflowChoices(a, 'fixed')[0], standard)
          fc.pre(checkTable(first, tableInDram(layer.dims)).length === 0)
          const options = { metric: m, dataflow: 'fixed', conventions: standard } as const
          const heuristic = tableSearches['bottom-up'](a, layer, options, quietRun)
          const random = tableSearches['random'](a, layer, options, quietRun)
          const exact = tableSearches['optimal'](a, layer, options, quietRun)
          for (const found of [heuristic, random]) {
            expect(checkTable(first, found.value.table)).toEqual([])
            expect(found.objective).toBeGreaterThanOrEqual(exact.objective * (1 - 1e-9))
          }
        },
      ),
      { numRuns: 15 },
    )
  })
})
