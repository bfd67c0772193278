import { InputError } from '../../base/index.js'
import { nodeLabel, type OnnxModel, type OnnxNode } from '../../model/index.js'
import type { ConstantReader, NetworkRuntime, TensorValue } from '../runtime.js'
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
 * that it checks.
 * @param wanted names of the values to return
 * @throws InputError (E-RUN-001) listing every operator that it does not know, before anything runs
 */
export function createInterpreter(
  model: OnnxModel,
  constants: ConstantReader,
  wanted: readonly string[],
): NetworkRuntime {
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
  for (const name of graph.initializers.keys()) fixed.set(name, constants(name))
  return {
    name: 'heddle-interpreter-1',
    async run(feeds) {
      const values = new Map<string, TensorValue>([...fixed, ...feeds])
      for (const node of graph.nodes) {
        const inputs = node.inputs.map((name) => (name === '' ? undefined : values.get(name)))
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
