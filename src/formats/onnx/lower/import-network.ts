import { InputError } from '../../../base/index.js'
import {
  nodeLabel,
  type Network,
  type NetworkNode,
  type NodeWork,
  type OnnxModel,
  type OnnxNode,
} from '../../../model/index.js'
import { createContext, inferShapes, type ShapeOptions } from '../shapes/infer-shapes.js'
import { ShapeError } from '../shapes/rule.js'
import { elementCount, type TensorFact } from '../shapes/tensor-fact.js'
import { lowerNode, type LoweringContext } from './lower-node.js'
import type { ImportPrecision } from './layer-of.js'
import {
  freeOperators,
  fusibleOperators,
  movementOperators,
  scalarOpsPerElement,
} from './operator-classes.js'

export interface ImportOptions extends ShapeOptions {
  readonly precision: ImportPrecision
}

/** 8-bit data with 16-bit partial sums: the default of every network form. */
export const defaultPrecision: ImportPrecision = Object.freeze({
  activationBits: 8,
  weightBits: 8,
  accumulatorBits: 16,
})

/**
 * Turns the graph of a model file into a network: shapes are inferred, shape arithmetic disappears, every node becomes
 * a loop nest, elementwise arithmetic, data movement, or nothing.
 * @throws InputError naming every operator, node or dimension that stands in the way
 */
export function importNetwork(model: OnnxModel, file: string, options: ImportOptions): Network {
  const { facts, assumptions } = inferShapes(model, file, options)
  return Object.freeze({
    kind: 'network',
    name: model.graph.name || file.replace(/^.*[/\\]/, '').replace(/\.onnx$/i, ''),
    nodes: new Importer(model, file, facts, options).run(),
    assumptions: [
      ...assumptions,
      `activations ${options.precision.activationBits} bit, weights ${options.precision.weightBits} bit, partial sums ${options.precision.accumulatorBits} bit (set with --precision)`,
    ],
  })
}

/** Walks the nodes once; holds which tensors are constants and which node makes which tensor. */
class Importer {
  private readonly nodes: NetworkNode[] = []
  private readonly producer = new Map<string, number>()
  private readonly constants: Set<string>
  private readonly uses = new Map<string, number>()
  private readonly names = new Set<string>()
  private readonly model: OnnxModel
  private readonly file: string
  private readonly facts: ReadonlyMap<string, TensorFact>
  private readonly options: ImportOptions

  constructor(
    model: OnnxModel,
    file: string,
    facts: ReadonlyMap<string, TensorFact>,
    options: ImportOptions,
  ) {
    this.model = model
    this.file = file
    this.facts = facts
    this.options = options
    this.constants = new Set(model.graph.initializers.keys())
    for (const node of model.graph.nodes) {
      for (const input of node.inputs) this.uses.set(input, (this.uses.get(input) ?? 0) + 1)
    }
    for (const output of model.graph.outputs)
      this.uses.set(output.name, (this.uses.get(output.name) ?? 0) + 1)
  }

  run(): readonly NetworkNode[] {
    for (const node of this.model.graph.nodes) {
      // What is computed from constants alone, shapes above all, is known before the network runs.
      const constant = node.inputs.every((name) => name === '' || this.isConstant(name))
      if (constant || node.outputs.every((name) => this.facts.get(name)?.value !== undefined)) {
        node.outputs.forEach((name) => this.constants.add(name))
        continue
      }
      this.add(node)
    }
    return this.nodes
  }

  private isConstant(name: string): boolean {
    return this.constants.has(name)
  }

  private add(node: OnnxNode): void {
    const context = this.contextOf(node)
    let layers
    try {
      layers = lowerNode(context, this.options.precision)
    } catch (error) {
      if (!(error instanceof ShapeError)) throw error
      throw new InputError({
        code: 'E-ONNX-014',
        at: { file: this.file },
        message: `node "${nodeLabel(node)}" (${node.opType}): ${error.message}`,
      })
    }
    const name = this.uniqueName(node)
    const activations = node.inputs.filter((input) => input !== '' && !this.isConstant(input))
    const weights = node.inputs.filter((input) => input !== '' && this.isConstant(input))
    const inputs = activations.map((input) => this.producer.get(input) ?? -1)
    const bytes = (names: readonly string[], bits: number): number =>
      names.reduce(
        (sum, each) => sum + (elementCount(this.facts.get(each)?.shape ?? []) * bits) / 8,
        0,
      )
    const { activationBits, weightBits } = this.options.precision
    const operandBytes = activations.map((input) => bytes([input], activationBits))
    const outputBytes = bytes(
      node.outputs.filter((output) => this.uses.has(output)),
      activationBits,
    )
    // A look-up, slice or join reads what it writes, however large the table that it looks in.
    const moves = movementOperators.has(node.opType)
    const common = {
      type: node.opType,
      inputBytes: moves ? outputBytes : bytes(activations, activationBits),
      outputBytes,
      weightBytes: moves ? 0 : bytes(weights, weightBits),
    }
    if (layers.length === 0) {
      this.nodes.push(
        Object.freeze({
          ...common,
          name,
          inputs,
          operandBytes,
          work: this.workOf(node, context, inputs),
        }),
      )
    }
    layers.forEach(({ suffix, layer }, i) => {
      // Of two nests of a node (attention) the first reads two tensors, the second its output and the third.
      const first = layers.length > 1 ? inputs.slice(0, 2) : inputs
      const from = i === 0 ? first : [this.nodes.length - 1, ...inputs.slice(2)]
      this.nodes.push(
        Object.freeze({
          ...common,
          name: name + suffix,
          inputs: from,
          ...(i === 0 ? { operandBytes: operandBytes.slice(0, from.length) } : {}),
          work: { kind: 'layer', layer } as const,
        }),
      )
    })
    node.outputs.forEach((output) => this.producer.set(output, this.nodes.length - 1))
  }

  private workOf(node: OnnxNode, context: LoweringContext, inputs: readonly number[]): NodeWork {
    if (freeOperators.has(node.opType)) return { kind: 'free' }
    if (movementOperators.has(node.opType)) return { kind: 'movement' }
    const into = this.fusionTarget(node, inputs)
    if (into >= 0) return { kind: 'fused', into }
    const reads = context.inputs.map((input) => elementCount(input?.shape ?? []))
    // Reductions work on their input, everything else on its output.
    const elements = Math.max(elementCount(context.output.shape), ...reads)
    return { kind: 'elementwise', scalarOps: elements * (scalarOpsPerElement[node.opType] ?? 1) }
  }

  /** The layer that can apply this node to its outputs as it writes them: its only producer, which nobody else reads. */
  private fusionTarget(node: OnnxNode, inputs: readonly number[]): number {
    if (!fusibleOperators.has(node.opType) || inputs.length !== 1 || inputs[0] < 0) return -1
    const tensor = node.inputs.find((input) => input !== '' && !this.isConstant(input)) as string
    if (this.uses.get(tensor) !== 1) return -1
    const { work } = this.nodes[inputs[0]]
    if (work.kind === 'fused') return work.into
    return work.kind === 'layer' ? inputs[0] : -1
  }

  private contextOf(node: OnnxNode): LoweringContext {
    const context = createContext(node, this.model, this.facts)
    return {
      ...context,
      output: this.facts.get(node.outputs[0]) ?? context.fail('has no output'),
      isConstant: (i) => node.inputs[i] !== undefined && this.isConstant(node.inputs[i]),
    }
  }

  private uniqueName(node: OnnxNode): string {
    const base = nodeLabel(node)
    let name = base
    for (let i = 2; this.names.has(name); i++) name = `${base}#${i}`
    this.names.add(name)
    return name
  }
}
