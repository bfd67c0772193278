import type { PerComponent, TableCost } from '../../cost/scheduling-table/index.js'
import {
  layerTotals,
  networkTotals,
  type ChipPartition,
  type MappedLayer,
  type NetworkMapping,
  type TableMapping,
} from '../../map/index.js'
import { realRows, tableToRows } from '../../model/index.js'
import { explainCost } from './explain.js'

/** The document of `heddle map --json`; its schema is `mapResult`. */
export function mapDocument(mapping: NetworkMapping, explain = false): object {
  return {
    accelerator: mapping.accelerator.name,
    network: mapping.network,
    semantics: mapping.semantics,
    search: mapping.search,
    layers: mapping.layers.map((layer) => layerDocument(layer, mapping, explain)),
    skipped: mapping.skipped,
    ...(mapping.partition === undefined
      ? {}
      : { partition: partitionDocument(mapping, mapping.partition) }),
    total: { ...networkTotals(mapping), seconds: mapping.seconds },
  }
}

function layerDocument(mapped: MappedLayer, mapping: NetworkMapping, explain: boolean): object {
  const { result, layer } = mapped
  const { cost } = result.value
  const totals = layerTotals(mapped)
  return {
    index: mapped.index,
    name: layer.name,
    dims: layer.dims,
    status: result.status,
    metric: mapping.metric,
    objective: result.objective,
    lowerBound: result.lowerBound,
    energyPj: totals.energyPj,
    dynamicEnergyPj: totals.dynamicEnergyPj,
    staticEnergyPj: totals.staticEnergyPj,
    latencyCycles: totals.latencyCycles,
    edp: totals.energyPj * totals.latencyCycles,
    ...(mapped.crossLayer === undefined
      ? {}
      : { crossLayerOverlapElements: mapped.crossLayer.overlapElements }),
    macs: cost.problem.macs,
    utilization: macUtilization(cost),
    evaluations: result.evaluations,
    pruned: result.pruned,
    seconds: mapped.seconds,
    ...(mapped.sameAs === undefined ? {} : { sameAs: mapped.sameAs }),
    ...(result.value.strategy === undefined ? {} : { strategy: result.value.strategy }),
    ...(mapped.bottomUpObjective === undefined
      ? {}
      : { bottomUpObjective: mapped.bottomUpObjective }),
    ...mappingDocument(result.value),
    components: {
      energyPj: energyByComponent(cost),
      latencyCycles: byComponent(cost.latencyCycles),
    },
    ...(mapped.pareto === undefined
      ? {}
      : {
          pareto: mapped.pareto.points.map((point) => ({
            energyPj: point.cost.energyPj,
            latencyCycles: point.cost.latencyCycles.total,
            ...mappingDocument(point),
          })),
          paretoComplete: mapped.pareto.complete,
        }),
    ...(explain ? { explanation: explainCost(cost) } : {}),
  }
}

function partitionDocument(mapping: NetworkMapping, partition: ChipPartition): object {
  return {
    layers: partition.layers.map(({ parallel, chips }, i) => ({
      index: mapping.layers[i].index,
      parallel,
      chips,
    })),
    objective: partition.objective,
    ...(partition.partitionCost === undefined ? {} : { partitionCost: partition.partitionCost }),
  }
}

function mappingDocument(mapping: TableMapping): object {
  const real = realRows(mapping.cost.problem.accelerator)
  return { dataflow: mapping.dataflow, mapping: tableToRows(mapping.table, (r) => real[r]) }
}

/** Share of all MAC units that work. */
export function macUtilization(cost: TableCost): number {
  const { macArray, peArray, chips } = cost.problem
  const there = macArray.x * macArray.y * peArray.x * peArray.y * chips.x * chips.y
  const { mac, pe, chip } = cost.active
  return (mac[0] * mac[1] * pe[0] * pe[1] * chip[0] * chip[1]) / there
}

/** Dynamic energy by component, and all static energy as one. */
export function energyByComponent(cost: TableCost): Record<string, number> {
  return { ...byComponent(cost.dynamicEnergyPj), static: cost.staticEnergyPj.total }
}

/** MAC units, local buffers, global buffers, DRAM. */
export function byComponent(of: PerComponent): Record<string, number> {
  return { mac: of.mac, localBuffer: of.local, globalBuffer: of.global, dram: of.dram }
}
