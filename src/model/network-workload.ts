import { operandReads, readLayers } from './data-operands.js'
import type { Layer, Workload } from './layer.js'
import { layerReads } from './network-reads.js'
import type { Network } from './network.js'

/** The loop nests of a network as a DAG; nodes without one are seen through. */
export function networkWorkload(network: Network): Workload {
  const reads = layerReads(network.nodes)
  const layers = network.nodes.flatMap((node, i): Layer[] => {
    const own = reads.get(i)
    if (node.work.kind !== 'layer' || own === undefined) return []
    const layer = { ...node.work.layer, name: node.name, inputs: readLayers(own) }
    const plain =
      own.every((maps) => maps.length === 1) &&
      JSON.stringify(operandReads(layer)) === JSON.stringify(own)
    return [Object.freeze({ ...layer, ...(plain ? {} : { reads: own }) })]
  })
  return Object.freeze({ kind: 'workload', name: network.name, layers })
}
