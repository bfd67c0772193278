import { suggestName } from '../../base/index.js'
import type { Value } from './graph-builder.js'
import type { LayerCall, LayerRule } from './rule.js'

/** Operators that compute Keras' activation functions; several for those that are made of others. */
const operatorsOf: Readonly<Record<string, readonly string[]>> = {
  relu: ['Relu'],
  relu6: ['Clip'],
  leaky_relu: ['LeakyRelu'],
  elu: ['Elu'],
  selu: ['Selu'],
  celu: ['Celu'],
  gelu: ['Gelu'],
  sigmoid: ['Sigmoid'],
  hard_sigmoid: ['HardSigmoid'],
  tanh: ['Tanh'],
  softplus: ['Softplus'],
  softsign: ['Softsign'],
  exponential: ['Exp'],
  softmax: ['Softmax'],
  log_softmax: ['LogSoftmax'],
  mish: ['Mish'],
  swish: ['Swish'],
  silu: ['Swish'],
  hard_swish: ['HardSwish'],
  hard_silu: ['HardSwish'],
}

/** What a layer with an activation function hands on. */
export function activated(call: LayerCall, value: Value, key = 'activation'): Value {
  const name = call.config.functionName(key)
  return name === 'linear' ? value : apply(call, value, name, `${call.name}/${name}`)
}

function apply({ config, builder }: LayerCall, value: Value, name: string, as: string): Value {
  const operators = (operatorsOf as Readonly<Record<string, readonly string[] | undefined>>)[name]
  if (operators === undefined) {
    return config.reject(
      'E-KERAS-006',
      `has the activation "${name}", which is not known`,
      suggestName(name, Object.keys(operatorsOf)),
    )
  }
  const softmax = name.endsWith('softmax')
  // Softmax works along the last axis, which for pictures are the channels.
  const axis = softmax ? { axis: builder.shape(value).length === 4 ? 1 : -1 } : {}
  return operators.reduce((input, operator) => builder.add(as, operator, [input], axis), value)
}

const fixed =
  (name: string): LayerRule =>
  (call) =>
    apply(call, call.input(), name, call.name)

/** Layers that apply a function to every element. */
export const activationRules: Readonly<Record<string, LayerRule>> = {
  Activation: (call) => {
    const name = call.config.functionName('activation')
    return name === 'linear' ? call.input() : apply(call, call.input(), name, call.name)
  },
  ReLU: fixed('relu'),
  LeakyReLU: fixed('leaky_relu'),
  ELU: fixed('elu'),
  Softmax: fixed('softmax'),
  PReLU: ({ builder, name, input }) => {
    const value = input()
    const slope = builder.constant(`${name}/alpha`, builder.shape(value).slice(1))
    return builder.add(name, 'PRelu', [value, slope])
  },
}
