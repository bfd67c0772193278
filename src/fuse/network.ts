import { InputError, suggestName } from '../base/index.js'
import type { Layer, Workload } from '../model/index.js'

/** A layer with its edges resolved to positions in the network. */
export interface NetworkNode {
  readonly layer: Layer
  /** Producer of each data operand, in operand order; {@link NETWORK_INPUT} for the network's own input. */
  readonly producers: readonly number[]
  /** Layers that read this one, each once per operand, in order of position. */
  readonly consumers: readonly number[]
}

/** Stands for the network's input among the producers of a layer. */
export const NETWORK_INPUT = -1

/** A workload as fuse sees it: layers in topological order, one output. */
export interface Network {
  readonly name: string
  readonly nodes: readonly NetworkNode[]
}

/**
 * Resolves the edges of a workload.
 * @throws InputError when a layer reads one that does not come before it or several that are joined, when an operator
 *   cannot run in tiles, or when there is not exactly one output
 */
export function buildNetwork(workload: Workload): Network {
  const position = new Map(workload.layers.map((layer, i) => [layer.name, i]))
  const consumers: number[][] = workload.layers.map(() => [])
  const producers = workload.layers.map((layer, i) => {
    if (layer.operator === 'batched-matmul') {
      throw new InputError({
        code: 'E-FUSE-001',
        message: `layer "${layer.name}" multiplies two feature maps, which cannot be computed tile by tile`,
        hint: 'heddle map schedules it alone; cut the network around it',
      })
    }
    if (layer.operator !== 'add' && layer.inputs.length > 1) {
      throw new InputError({
        code: 'E-FUSE-005',
        message: `layer "${layer.name}" (${layer.operator}) reads ${layer.inputs.length} feature maps (${layer.inputs.join(', ')}), which are joined before it`,
        hint: 'a stack hands single feature maps on; heddle plan ends its stacks where maps are joined',
      })
    }
    if (layer.inputs.length === 0) return [NETWORK_INPUT]
    return layer.inputs.map((name) => {
      const from = position.get(name)
      if (from === undefined || from >= i) {
        throw new InputError({
          code: 'E-FUSE-002',
          message: `layer "${layer.name}" reads "${name}", which does not come before it`,
          hint: suggestName(
            name,
            workload.layers.slice(0, i).map((each) => each.name),
          ),
        })
      }
      consumers[from].push(i)
      return from
    })
  })
  const nodes = workload.layers.map((layer, i): NetworkNode => {
    return { layer, producers: producers[i], consumers: consumers[i] }
  })
  const outputs = nodes.filter((node) => node.consumers.length === 0)
  if (outputs.length !== 1) {
    throw new InputError({
      code: 'E-FUSE-003',
      message: `the network has ${outputs.length} outputs (${outputs.map((node) => node.layer.name).join(', ')}), expected one`,
      hint: 'depth-first scheduling works back from one output; split the network per output',
    })
  }
  return { name: workload.name, nodes }
}

/** Bits of the weights of a layer; 0 for operators without weights. */
export function weightBits(layer: Layer): number {
  if (layer.operator === 'pool' || layer.operator === 'add') return 0
  const { G, K, C, FX, FY } = layer.dims
  return G * K * C * FX * FY * layer.precisionBits.weight
}
