import { InputError } from '../../base/index.js'
import { nodeLabel, type OnnxModel, type OnnxNode } from '../../model/index.js'
import {
  loadConstant,
  type ConstantReader,
  type NetworkRuntime,
  type TensorValue,
} from '../runtime.js'
import { elementwise } from './elementwise.js'
import { layout } from './layout.js'
import type { Operator } from './operator.js'
import { products } from './products.js'

const operators: Readonly<Record<string, Operator>> = { ...elementwise, ...products, ...layout }

/** Operators that the interpreter computes. */
export const interpretedOperators: readonly string[] = Object.keys(operators).sort()

/**
 * Computes one node on its own.
 * @throws RangeError when there is no such operator, or its inputs do not fit
 */
export function applyOperator(
  node: OnnxNode,
  inputs: readonly (TensorValue | undefined)[],
  opset: number,
): TensorValue {
  if (!(node.opType in operators)) throw new RangeError(`there is no operator ${node.opType}`)
  return operators[node.opType](node, inputs, opset)
}

/**
 * A runtime in plain TypeScript for the common operators: slow, without any dependency, and independent of the runtimes
 * that it checks. It holds the only copy of the weights; a value of a run lives until the last node has read it.
 * @throws InputError (E-RUN-001) listing every operator that it does not know, before anything runs
 */
export function createInterpreter(model: OnnxModel, constants: ConstantReader): NetworkRuntime {
  const { graph, file } = model
  const unknown = graph.nodes.filter((node) => node.domain !== '' || !(node.opType in operators))
  if (unknown.length > 0) {
    throw new InputError(
      unknown.map((node) => ({
        code: 'E-RUN-001',
        at: { file },
        message: `the built-in interpreter has no operator ${node.domain ? `${node.domain}.` : ''}${node.opType} (node "${nodeLabel(node)}")`,
        hint: 'use --runtime onnxruntime (npm install onnxruntime-web)',
      })),
    )
  }
  const opset = model.opsets.get('') ?? 1
  const fixed = new Map<string, TensorValue>()
  const read = new Set(graph.nodes.flatMap((node) => node.inputs))
  for (const name of graph.initializers.keys()) {
    if (read.has(name)) fixed.set(name, loadConstant(constants(name)))
  }
  return {
    name: 'heddle-interpreter-1',
    async run(feeds, wanted) {
      const values = new Map(feeds)
      for (const { node, last } of schedule(graph.nodes, wanted)) {
        const inputs = node.inputs.map((name) =>
          name === '' ? undefined : (values.get(name) ?? fixed.get(name)),
        )
        try {
          values.set(node.outputs[0], operators[node.opType](node, inputs, opset))
        } catch (error) {
          if (!(error instanceof RangeError)) throw error
          throw new InputError({
            code: 'E-RUN-002',
            at: { file },
            message: `${node.opType} "${nodeLabel(node)}": ${error.message}`,
          })
        }
        for (const name of last) values.delete(name)
      }
      const results = new Map<string, TensorValue>()
      for (const name of wanted) {
        const value = values.get(name)
        if (value !== undefined) results.set(name, value)
      }
      return results
    },
    close: async () => undefined,
  }
}

/** The nodes that the wanted values depend on, in graph order, each with the values that nobody reads after it. */
function schedule(
  nodes: readonly OnnxNode[],
  wanted: readonly string[],
): { readonly node: OnnxNode; readonly last: readonly string[] }[] {
  const needed = new Set(wanted)
  const steps: { node: OnnxNode; last: string[] }[] = []
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => needed.has(name))) continue
    const last = [...new Set(node.inputs)].filter((name) => !needed.has(name))
    for (const name of last) needed.add(name)
    steps.push({ node, last })
  }
  return steps.reverse()
}
