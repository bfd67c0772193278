import { linkDirections } from '../../model/index.js'
import { explainHierarchical } from './explain.js'
import {
  layerCycles,
  totals,
  type HierarchicalLayerResult,
  type HierarchicalNetworkResult,
} from './network-result.js'

/** The document of `heddle map --json` for a hierarchical accelerator. */
export function hierarchicalDocument(result: HierarchicalNetworkResult, explain: boolean): object {
  return {
    model: 'hierarchical',
    accelerator: result.accelerator.name,
    network: result.network,
    semantics: result.semantics,
    search: result.search,
    layers: result.layers.map((each) => layerDocument(each, result.metric, explain)),
    total: { ...totals(result), seconds: result.seconds },
  }
}

function layerDocument(
  { index, layer, result, seconds }: HierarchicalLayerResult,
  metric: string,
  explain: boolean,
): object {
  const { mapping, cost, problem } = result.value
  const { latency } = cost
  const latencyCycles = layerCycles(result.value)
  return {
    index,
    name: layer.name,
    status: result.status,
    metric,
    objective: result.objective,
    lowerBound: result.lowerBound,
    energyPj: cost.energyPj,
    macEnergyPj: cost.macEnergyPj,
    memoryEnergyPj: cost.memoryEnergyPj,
    latencyCycles,
    edp: cost.energyPj * latencyCycles,
    macs: problem.macs,
    utilization: latency.idealCycles / latencyCycles,
    latency,
    evaluations: result.evaluations,
    pruned: result.pruned,
    seconds,
    mapping: {
      spatial: mapping.spatial,
      loops: mapping.loops,
      cuts: mapping.cuts,
      ...(mapping.bypass === undefined ? {} : { bypass: mapping.bypass }),
    },
    operands: cost.operands.map((operand) => ({
      name: operand.name,
      energyPj: operand.energyPj,
      levels: operand.levels.map((level) => ({
        memory: level.memory,
        energyPj: perLink(level.energyPj),
        wordAccesses: perLink(level.wordAccesses),
        elements: level.elements,
        occupancy: level.occupancy.shared,
        doubleBuffered: level.doubleBuffered,
      })),
    })),
    ...(explain ? { explanation: explainHierarchical(result.value) } : {}),
  }
}

function perLink(values: readonly number[]): Record<string, number> {
  return Object.fromEntries(linkDirections.map((direction, i) => [direction, values[i]]))
}
