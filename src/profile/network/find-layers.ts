import { nodeLabel, type OnnxGraph, type OnnxNode } from '../../model/index.js'

/** A place in a graph where activations are multiplied: what the profiler measures. Values are named as in the graph. */
export type LayerSite =
  | {
      readonly kind: 'conv' | 'linear' | 'matmul'
      readonly name: string
      readonly node: OnnxNode
      /** Activations, and what they are multiplied with (an initializer, or another activation). */
      readonly input: string
      readonly weights: string
      readonly weightsAreConstant: boolean
      readonly output: string
      /** The attention that this product is a part of. */
      readonly attention?: string
    }
  | {
      readonly kind: 'attention'
      readonly name: string
      readonly node: OnnxNode
      /** Probabilities: the softmax's output, heads × queries × keys. */
      readonly probabilities: string
      /** From the product of queries and keys through scaling and masks to the softmax, in this order. */
      readonly scorePath: readonly OnnxNode[]
      /** Output of the weighted sum, whose last dimension is the head width. */
      readonly output: string
    }

/** Nodes that are not measured, by operator, and why. */
export interface SkippedNodes {
  readonly operator: string
  readonly nodes: readonly string[]
  readonly reason: string
}

export interface FoundLayers {
  readonly sites: readonly LayerSite[]
  readonly skipped: readonly SkippedNodes[]
}

/** Operators without multiply-accumulates: nothing to measure, nothing to report. */
const noProducts = new Set(
  `Abs Add And ArgMax ArgMin AveragePool BatchNormalization Cast CastLike Ceil Clip Concat Constant ConstantOfShape
  CumSum DepthToSpace DequantizeLinear Div Dropout DynamicQuantizeLinear Elu Equal Erf Exp Expand EyeLike Flatten Floor
  Gather GatherElements GatherND Gelu GlobalAveragePool GlobalMaxPool Greater GreaterOrEqual GroupNormalization
  HardSigmoid HardSwish Identity InstanceNormalization IsInf IsNaN LRN LayerNormalization LeakyRelu Less LessOrEqual Log
  LogSoftmax LpNormalization Max MaxPool Mean Min Mish Mod Mul Neg NonMaxSuppression NonZero Not OneHot Or PRelu Pad Pow
  QuantizeLinear Range Reciprocal ReduceL1 ReduceL2 ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum
  ReduceSumSquare ReduceLogSumExp Relu Reshape Resize Round ScatterElements ScatterND Selu Shape Sigmoid Sign Sin Cos Size
  Slice Softmax Softplus Softsign SpaceToDepth Split Sqrt Squeeze Sub Sum Tanh Tile TopK Transpose Trilu Unsqueeze
  Upsample Where Xor`.split(/\s+/),
)

/** Values pass through these between the scores, the softmax and the weighted sum of an attention. */
const scoreSteps = new Set(['Add', 'Mul', 'Div', 'Sub', 'Where', 'Cast', 'Dropout', 'Identity'])

/** Finds every layer of a graph, in node order, and lists what cannot be measured. */
export function findLayers(graph: OnnxGraph): FoundLayers {
  const producers = new Map<string, OnnxNode>()
  const consumers = new Map<string, OnnxNode[]>()
  for (const node of graph.nodes) {
    for (const output of node.outputs) producers.set(output, node)
    for (const input of node.inputs) consumers.set(input, [...(consumers.get(input) ?? []), node])
  }
  const isConstant = (value: string): boolean =>
    graph.initializers.has(value) || producers.get(value)?.opType === 'Constant'
  const attentionOf = new Map<OnnxNode, string>()
  const attentions = new Map<OnnxNode, LayerSite>()
  for (const node of graph.nodes) {
    if (node.opType !== 'Softmax') continue
    const before = productBefore(node, producers, isConstant)
    const sum = productAfter(node, consumers, isConstant)
    if (before === undefined || sum === undefined) continue
    const name = layerName(node)
    attentionOf.set(before[0], name)
    attentionOf.set(sum, name)
    const output = sum.outputs[0]
    attentions.set(sum, {
      kind: 'attention',
      name,
      node,
      probabilities: node.outputs[0],
      scorePath: [...before, node],
      output,
    })
  }
  const sites: LayerSite[] = []
  const skipped = new Map<string, { nodes: string[]; reason: string }>()
  for (const node of graph.nodes) {
    const site = productSite(node, isConstant, attentionOf.get(node))
    if (site !== undefined) sites.push(site)
    else if (node.domain !== '' || !noProducts.has(node.opType)) {
      const operator = node.domain ? `${node.domain}.${node.opType}` : node.opType
      const entry = skipped.get(operator) ?? { nodes: [], reason: skipReason(node) }
      entry.nodes.push(nodeLabel(node))
      skipped.set(operator, entry)
    }
    const attention = attentions.get(node)
    if (attention !== undefined) sites.push(attention)
  }
  return {
    sites,
    skipped: [...skipped].map(([operator, entry]) => ({ operator, ...entry })),
  }
}

function productSite(
  node: OnnxNode,
  isConstant: (value: string) => boolean,
  attention: string | undefined,
): LayerSite | undefined {
  if (node.domain !== '') return undefined
  const [first, second] = node.inputs
  const common = { name: layerName(node), node, output: node.outputs[0] }
  if (node.opType === 'Conv') {
    const weightsAreConstant = isConstant(second)
    return { kind: 'conv', ...common, input: first, weights: second, weightsAreConstant }
  }
  if (node.opType === 'Gemm') {
    const weightsAreConstant = isConstant(second)
    return { kind: 'linear', ...common, input: first, weights: second, weightsAreConstant }
  }
  if (node.opType !== 'MatMul') return undefined
  const kind = isConstant(second) ? 'linear' : 'matmul'
  return {
    kind,
    ...common,
    input: first,
    weights: second,
    weightsAreConstant: kind === 'linear',
    ...(attention === undefined ? {} : { attention }),
  }
}

/** The product of two activations whose scaled and masked result a softmax reads, and the steps in between. */
function productBefore(
  softmax: OnnxNode,
  producers: ReadonlyMap<string, OnnxNode>,
  isConstant: (value: string) => boolean,
): OnnxNode[] | undefined {
  let value = softmax.inputs[0]
  const path: OnnxNode[] = []
  for (let step = 0; step < 8; step++) {
    const node = producers.get(value)
    if (node === undefined) return undefined
    path.unshift(node)
    if (node.opType === 'MatMul') return node.inputs.some(isConstant) ? undefined : path
    if (!scoreSteps.has(node.opType)) return undefined
    // The scores are the operand that is no constant; a mask is computed too, but not by a product.
    const next = node.inputs.find((input) => leadsToProduct(input, producers, isConstant))
    if (next === undefined) return undefined
    value = next
  }
  return undefined
}

function leadsToProduct(
  value: string,
  producers: ReadonlyMap<string, OnnxNode>,
  isConstant: (value: string) => boolean,
): boolean {
  let at = producers.get(value)
  for (let step = 0; step < 8 && at !== undefined; step++) {
    if (at.opType === 'MatMul') return !at.inputs.some(isConstant)
    if (!scoreSteps.has(at.opType)) return false
    const inputs: readonly string[] = at.inputs
    const next = inputs.map((input) => producers.get(input)).find((node) => node !== undefined)
    at = next
  }
  return false
}

function productAfter(
  softmax: OnnxNode,
  consumers: ReadonlyMap<string, readonly OnnxNode[]>,
  isConstant: (value: string) => boolean,
): OnnxNode | undefined {
  let value = softmax.outputs[0]
  for (let step = 0; step < 8; step++) {
    const readers = consumers.get(value) ?? []
    const product = readers.find(
      (node) => node.opType === 'MatMul' && node.inputs[0] === value && !isConstant(node.inputs[1]),
    )
    if (product) return product
    const onward = readers.find((node) => scoreSteps.has(node.opType))
    if (onward === undefined) return undefined
    value = onward.outputs[0]
  }
  return undefined
}

function skipReason(node: OnnxNode): string {
  if (node.domain !== '') return 'operators of other domains are not measured'
  if (['If', 'Loop', 'Scan'].includes(node.opType))
    return 'layers inside sub-graphs are not measured'
  return 'this operator is not measured'
}

/** The node's name, fit for a CSV cell. */
function layerName(node: OnnxNode): string {
  return nodeLabel(node).replaceAll(/[,"\s]+/g, '_')
}
