import type { Operation } from './cost-source.js'
import { storedInputSize, type Layer, type Workload } from './layer.js'
import type { OpGraph } from './op-graph.js'

/** What a node of a network makes the hardware do. */
export type NodeWork =
  /** A loop nest that `map` and `fuse` schedule. */
  | { readonly kind: 'layer'; readonly layer: Layer }
  /** Arithmetic without reuse: `scalarOps` operations, each on data read once. */
  | { readonly kind: 'elementwise'; readonly scalarOps: number }
  /** Data rearranged or copied. */
  | { readonly kind: 'movement' }
  /** Done on the fly by the layer that makes its input (activation functions, folded normalisation). */
  | { readonly kind: 'fused'; readonly into: number }
  /** Nothing moves: reshapes, views, casts of shape arithmetic. */
  | { readonly kind: 'free' }

/** One node of a model file. */
export interface NetworkNode extends Operation {
  readonly work: NodeWork
  /** Nodes whose outputs it reads, in operand order, as indices; −1 for an input of the network. */
  readonly inputs: readonly number[]
  /** Bytes of each of `inputs` as this node sees it; absent where a form does not tell. */
  readonly operandBytes?: readonly number[]
  /** Bytes of all activations read, of constants read, and of outputs written. */
  readonly inputBytes: number
  readonly weightBytes: number
  readonly outputBytes: number
}

/** A network as its model file describes it: nodes in topological order. */
export interface Network {
  readonly kind: 'network'
  readonly name: string
  readonly nodes: readonly NetworkNode[]
  /** Sentences about what was assumed on import; shown wherever results of the network are. */
  readonly assumptions: readonly string[]
}

/** Whether a node costs time by itself; the others vanish from schedules. */
function hasWork(node: NetworkNode): boolean {
  return node.work.kind !== 'free' && node.work.kind !== 'fused'
}

/**
 * For every node, the nodes with work that its output comes from: itself when it has work, else those of its inputs.
 * Order and repetition of operands are kept.
 */
function sourcesOf(network: Network): number[][] {
  const sources: number[][] = []
  network.nodes.forEach((node, i) => {
    const own = node.inputs.flatMap((input) => (input < 0 ? [] : sources[input]))
    sources.push(hasWork(node) ? [i] : [...new Set(own)])
  })
  return sources
}

/** A network's nodes with work as an operation graph; edges carry the bytes of the producer's output. */
export function networkOpGraph(network: Network): OpGraph {
  const sources = sourcesOf(network)
  const index = new Map<number, number>()
  network.nodes.forEach((node, i) => {
    if (hasWork(node)) index.set(i, index.size)
  })
  const operations = [...index.keys()].map((i) => {
    const { name, type, weightBytes } = network.nodes[i]
    return Object.freeze({ name, type, ...(weightBytes > 0 ? { weightBytes } : {}) })
  })
  const edges = [...index].flatMap(([i, to]) => {
    const producers = new Set(
      network.nodes[i].inputs.flatMap((input) => (input < 0 ? [] : sources[input])),
    )
    return [...producers].map((producer) =>
      Object.freeze({
        from: index.get(producer) as number,
        to,
        volume: network.nodes[producer].outputBytes,
      }),
    )
  })
  return Object.freeze({ kind: 'op-graph', name: network.name, operations, edges })
}

/** Operator names of layers that come from no model file. */
const operatorTypes: Readonly<Record<Layer['operator'], string>> = {
  conv: 'Conv',
  gemm: 'Gemm',
  pool: 'MaxPool',
  add: 'Add',
  'batched-matmul': 'MatMul',
}

/** A workload as a network whose every node is a loop nest; a layer that reads nothing reads the network's input. */
export function workloadNetwork(workload: Workload): Network {
  const index = new Map(workload.layers.map((layer, i) => [layer.name, i]))
  const nodes = workload.layers.map((layer): NetworkNode => {
    const { B, K, C, OY, OX, FY, FX, G } = layer.dims
    const { input, weight, output } = layer.precisionBits
    const stored = storedInputSize(layer)
    const inputElements =
      layer.operator === 'add' ? 2 * B * K * G * C * OY * OX : B * C * G * stored.y * stored.x
    const second = layer.operator === 'batched-matmul' ? B * G * C * K : 0
    const weights = layer.operator === 'conv' || layer.operator === 'gemm' ? G * K * C * FY * FX : 0
    return Object.freeze({
      name: layer.name,
      type: operatorTypes[layer.operator],
      work: { kind: 'layer', layer } as const,
      inputs: layer.inputs.length === 0 ? [-1] : layer.inputs.map((name) => index.get(name) ?? -1),
      inputBytes: ((inputElements + second) * input) / 8,
      weightBytes: (weights * weight) / 8,
      outputBytes: (B * K * G * OY * OX * output) / 8,
    })
  })
  return Object.freeze({ kind: 'network', name: workload.name, nodes, assumptions: [] })
}
