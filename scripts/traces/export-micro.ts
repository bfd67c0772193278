import type {
  ModelDraft,
  NodeDraft,
  TensorDraft,
  ValueDraft,
} from '../../src/formats/onnx/index.js'
import {
  attentionSize,
  cnnLayers,
  IMAGE_SIZE,
  SEQUENCE_LENGTH,
} from '../../src/profile/micro/index.js'
import type { microAttention, microCnn } from '../../src/profile/micro/index.js'

type Parameters = ReturnType<typeof microCnn | typeof microAttention>['parameters']

function tensors(parameters: Parameters): TensorDraft[] {
  return parameters.map(({ name, value }) => ({
    name,
    elementType: 'float',
    dims: name.endsWith('_up_b') ? [value.data.length] : value.dims,
    values: value.data,
  }))
}

const float = (name: string, dims: ValueDraft['dims']): ValueDraft => ({
  name,
  elementType: 'float',
  ...(dims === undefined ? {} : { dims }),
})

/** The micro CNN as an ONNX model. */
export function exportCnn(name: string, parameters: Parameters): ModelDraft {
  const nodes: NodeDraft[] = []
  let value = 'image'
  cnnLayers.forEach(({ kernel, stride }, i) => {
    const pad = (kernel - 1) / 2
    nodes.push(
      {
        name: `conv${i}`,
        opType: 'Conv',
        inputs: [value, `conv${i}_w`, `conv${i}_b`],
        outputs: [`conv${i}_out`],
        attributes: {
          kernel_shape: { ints: [kernel, kernel] },
          strides: { ints: [stride, stride] },
          pads: { ints: [pad, pad, pad, pad] },
        },
      },
      { name: `relu${i}`, opType: 'Relu', inputs: [`conv${i}_out`], outputs: [`relu${i}_out`] },
    )
    value = `relu${i}_out`
  })
  nodes.push(
    { name: 'pool', opType: 'GlobalAveragePool', inputs: [value], outputs: ['pooled'] },
    { name: 'flatten', opType: 'Flatten', inputs: ['pooled'], outputs: ['features'] },
    { name: 'head', opType: 'Gemm', inputs: ['features', 'head_w', 'head_b'], outputs: ['logits'] },
  )
  return {
    name,
    opset: 17,
    nodes,
    initializers: tensors(parameters),
    inputs: [float('image', ['batch', 3, IMAGE_SIZE, IMAGE_SIZE])],
    outputs: [float('logits', ['batch', 8])],
  }
}

/** The micro attention network as an ONNX model. */
export function exportAttention(name: string, parameters: Parameters): ModelDraft {
  const { heads, width, blocks } = attentionSize
  const nodes: NodeDraft[] = [
    { name: 'embed', opType: 'Gather', inputs: ['tokens_w', 'tokens'], outputs: ['embedded'] },
    { name: 'place', opType: 'Add', inputs: ['embedded', 'places_w'], outputs: ['x0'] },
  ]
  const product = (node: string, input: string, weight: string): string => {
    nodes.push({ name: node, opType: 'MatMul', inputs: [input, weight], outputs: [`${node}_out`] })
    return `${node}_out`
  }
  const perHead = (input: string, perm: number[]): string => {
    nodes.push(
      {
        name: `${input}_split`,
        opType: 'Reshape',
        inputs: [input, 'split'],
        outputs: [`${input}_s`],
      },
      {
        name: `${input}_heads`,
        opType: 'Transpose',
        inputs: [`${input}_s`],
        outputs: [`${input}_h`],
        attributes: { perm: { ints: perm } },
      },
    )
    return `${input}_h`
  }
  let x = 'x0'
  for (let b = 0; b < blocks; b++) {
    const n = `block${b}`
    const q = perHead(product(`${n}_query`, x, `${n}_q`), [0, 2, 1, 3])
    const k = perHead(product(`${n}_key`, x, `${n}_k`), [0, 2, 3, 1])
    const v = perHead(product(`${n}_value`, x, `${n}_v`), [0, 2, 1, 3])
    nodes.push(
      { name: `${n}_scores`, opType: 'MatMul', inputs: [q, k], outputs: [`${n}_qk`] },
      { name: `${n}_scale`, opType: 'Mul', inputs: [`${n}_qk`, 'scale'], outputs: [`${n}_scaled`] },
      {
        name: `${n}_attention`,
        opType: 'Softmax',
        inputs: [`${n}_scaled`],
        outputs: [`${n}_p`],
        attributes: { axis: { int: -1 } },
      },
      { name: `${n}_sum`, opType: 'MatMul', inputs: [`${n}_p`, v], outputs: [`${n}_pv`] },
      {
        name: `${n}_gather`,
        opType: 'Transpose',
        inputs: [`${n}_pv`],
        outputs: [`${n}_pvt`],
        attributes: { perm: { ints: [0, 2, 1, 3] } },
      },
      {
        name: `${n}_join`,
        opType: 'Reshape',
        inputs: [`${n}_pvt`, 'join'],
        outputs: [`${n}_mixed`],
      },
    )
    const o = product(`${n}_project`, `${n}_mixed`, `${n}_o`)
    nodes.push({ name: `${n}_add`, opType: 'Add', inputs: [x, o], outputs: [`${n}_r`] })
    const up = product(`${n}_expand`, `${n}_r`, `${n}_up`)
    nodes.push(
      { name: `${n}_bias`, opType: 'Add', inputs: [up, `${n}_up_b`], outputs: [`${n}_b`] },
      { name: `${n}_relu`, opType: 'Relu', inputs: [`${n}_b`], outputs: [`${n}_a`] },
    )
    const down = product(`${n}_contract`, `${n}_a`, `${n}_down`)
    nodes.push({ name: `${n}_out`, opType: 'Add', inputs: [`${n}_r`, down], outputs: [`${n}_x`] })
    x = `${n}_x`
  }
  nodes.push({ name: 'head', opType: 'MatMul', inputs: [x, 'head_w'], outputs: ['logits'] })
  const shape = (label: string, values: number[]): TensorDraft => ({
    name: label,
    elementType: 'int64',
    dims: [values.length],
    values,
  })
  return {
    name,
    opset: 17,
    nodes,
    initializers: [
      ...tensors(parameters),
      shape('split', [0, 0, heads, width / heads]),
      shape('join', [0, 0, width]),
      { name: 'scale', elementType: 'float', dims: [], values: [1 / Math.sqrt(width / heads)] },
    ],
    inputs: [{ name: 'tokens', elementType: 'int64', dims: ['batch', SEQUENCE_LENGTH] }],
    outputs: [float('logits', ['batch', SEQUENCE_LENGTH, 8])],
  }
}
