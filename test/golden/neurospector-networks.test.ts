import { describe, expect, it } from 'vitest'
import { published, tableCost, tableProblem } from '../../src/cost/scheduling-table/index.js'
import { crossLayerCosts, partitionSiblings, type TableMapping } from '../../src/map/index.js'
import {
  fixedDataflow,
  quietRun,
  tableFromRows,
  tableLayerOf,
  type TableByRow,
} from '../../src/model/index.js'
import { acceleratorOf, networkLayers, records } from './neurospector-cases.js'

interface CrossLayerCase {
  readonly accelerator: string
  readonly network: string
  readonly layer_index: number
  readonly metric: 'energy' | 'cycle'
  readonly table: TableByRow
  readonly dynamic_total_pJ: number
  readonly static_total_pJ: number
  readonly energy_pJ: number
  readonly cycles: { readonly total: number }
}

interface MultiChipCase {
  readonly accelerator: string
  readonly metric: 'energy' | 'cycle'
  readonly layers_all: readonly (readonly [string, readonly number[]])[]
  readonly layers_selected: readonly number[]
  readonly printed_result: number
  readonly best_partition_cost: number
  readonly per_layer: readonly {
    readonly strategy: string
    readonly energy_pJ: number
    readonly cycles: number
  }[]
}

describe('neurospector', () => {
  const crossLayer = records<CrossLayerCase>('cross_layer.json')
  it.skipIf(!crossLayer)('cross-layer reuse: the totals of every layer, bit for bit', () => {
    const keyOf = (r: CrossLayerCase): string => `${r.accelerator} ${r.network} ${r.metric}`
    for (const key of new Set((crossLayer ?? []).map(keyOf))) {
      const group = (crossLayer ?? [])
        .filter((record) => keyOf(record) === key)
        .sort((a, b) => a.layer_index - b.layer_index)
      const layers = networkLayers(group[0].network)
      const accelerator = acceleratorOf(group[0].accelerator)
      const dataflow = fixedDataflow(accelerator)
      const mappings = group.map((record): TableMapping => {
        const layer = layers[record.layer_index - 1]
        const table = tableFromRows(record.table)
        const problem = tableProblem(accelerator, layer, dataflow, published)
        return { table, dataflow, cost: tableCost(problem, table) }
      })
      const metric = group[0].metric === 'cycle' ? 'cycles' : 'energy'
      crossLayerCosts(mappings, metric).forEach((cost, i) => {
        const expected = group[i]
        expect(
          [cost.dynamicEnergyPj, cost.staticEnergyPj, cost.energyPj, cost.latencyCycles],
          `${key} layer ${expected.layer_index}`,
        ).toEqual(
          [
            expected.dynamic_total_pJ,
            expected.static_total_pJ,
            expected.energy_pJ,
            expected.cycles.total,
          ].map(Math.fround),
        )
      })
    }
  })

  const multiChip = records<MultiChipCase>('multi_chip.json')
  it.skipIf(!multiChip)('multi-chip partitioning of sibling layers', () => {
    for (const record of multiChip ?? []) {
      const layers = record.layers_selected.map((index) => {
        const [name, values] = record.layers_all[index - 1]
        return tableLayerOf(name, values.slice(0, 8), values[8])
      })
      const partition = partitionSiblings(
        acceleratorOf(record.accelerator),
        layers,
        {
          metric: record.metric === 'cycle' ? 'cycles' : 'energy',
          dataflow: 'fixed',
          conventions: published,
        },
        quietRun,
      )
      const near = (a: number, b: number): void =>
        expect(Math.abs(a - b) / Math.abs(b)).toBeLessThan(1e-5)
      near(partition.partitionCost ?? NaN, record.best_partition_cost)
      near(partition.objective, record.printed_result)
      partition.layers.forEach(({ mapping }, i) => {
        expect(mapping.strategy).toBe(record.per_layer[i].strategy)
        near(mapping.cost.energyPj, record.per_layer[i].energy_pJ)
        near(mapping.cost.latencyCycles.total, record.per_layer[i].cycles)
      })
    }
  })
})
