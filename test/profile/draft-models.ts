import { createRng } from '../../src/base/index.js'
import {
  bytesSource,
  noExternalFiles,
  readOnnx,
  readTensorPieces,
  writeOnnx,
  type ByteSource,
  type ModelDraft,
  type NodeDraft,
  type TensorDraft,
} from '../../src/formats/onnx/index.js'
import type { OnnxModel } from '../../src/model/index.js'
import type { ConstantReader } from '../../src/profile/index.js'

/** A draft as a file that was opened, with its weights on demand. */
export function openDraft(draft: ModelDraft): {
  readonly source: ByteSource
  readonly model: OnnxModel
  readonly constants: ConstantReader
} {
  const source = bytesSource(`${draft.name}.onnx`, writeOnnx(draft))
  const model = readOnnx(source)
  return {
    source,
    model,
    constants: (name) => {
      const tensor = model.graph.initializers.get(name)
      if (tensor === undefined) throw new Error(name)
      return {
        dims: tensor.dims,
        forEachPiece: (take) => readTensorPieces(source, noExternalFiles, tensor, take),
      }
    },
  }
}

/** Initializer of small random weights. */
export function randomTensor(name: string, dims: readonly number[], seed: number): TensorDraft {
  const rng = createRng(seed)
  const size = dims.reduce((product, dim) => product * dim, 1)
  const scale = 1 / Math.sqrt(size / dims[0])
  return {
    name,
    elementType: 'float',
    dims,
    values: Float32Array.from({ length: size }, () => scale * rng.normal()),
  }
}

const shape = (name: string, values: number[]): TensorDraft => ({
  name,
  elementType: 'int64',
  dims: [values.length],
  values,
})

/** A network with every kind of convolution: strided, grouped, depthwise, dilated, uneven and automatic padding. */
export function convNet(): ModelDraft {
  const ints = (...values: number[]): { ints: number[] } => ({ ints: values })
  const nodes: NodeDraft[] = [
    {
      name: 'stem',
      opType: 'Conv',
      inputs: ['x', 'w0', 'b0'],
      outputs: ['a'],
      attributes: { strides: ints(2, 2), pads: ints(1, 1, 1, 1) },
    },
    { opType: 'Relu', inputs: ['a'], outputs: ['b'] },
    {
      name: 'grouped',
      opType: 'Conv',
      inputs: ['b', 'w1'],
      outputs: ['c'],
      attributes: { group: { int: 2 }, pads: ints(0, 1, 2, 1), dilations: ints(1, 2) },
    },
    { opType: 'BatchNormalization', inputs: ['c', 's', 't', 'm', 'v'], outputs: ['d'] },
    { opType: 'Clip', inputs: ['d', 'low', 'high'], outputs: ['e'] },
    {
      name: 'depthwise',
      opType: 'Conv',
      inputs: ['e', 'w2'],
      outputs: ['f'],
      attributes: { group: { int: 8 }, auto_pad: { string: 'SAME_UPPER' }, strides: ints(2, 1) },
    },
    { opType: 'HardSwish', inputs: ['f'], outputs: ['g'] },
    {
      opType: 'MaxPool',
      inputs: ['g'],
      outputs: ['h'],
      attributes: { kernel_shape: ints(2, 2), strides: ints(1, 1) },
    },
    {
      opType: 'AveragePool',
      inputs: ['h'],
      outputs: ['i'],
      attributes: { kernel_shape: ints(3, 3), strides: ints(2, 2), pads: ints(1, 1, 1, 1) },
    },
    { opType: 'GlobalAveragePool', inputs: ['i'], outputs: ['j'] },
    { opType: 'Flatten', inputs: ['j'], outputs: ['k'] },
    {
      name: 'head',
      opType: 'Gemm',
      inputs: ['k', 'w3', 'b3'],
      outputs: ['y'],
      attributes: { transB: { int: 1 }, alpha: { float: 0.5 } },
    },
  ]
  return {
    name: 'conv-net',
    opset: 17,
    nodes,
    initializers: [
      randomTensor('w0', [8, 3, 3, 3], 1),
      randomTensor('b0', [8], 2),
      randomTensor('w1', [8, 4, 3, 2], 3),
      randomTensor('w2', [8, 1, 3, 3], 4),
      randomTensor('w3', [5, 8], 5),
      randomTensor('b3', [5], 6),
      randomTensor('s', [8], 7),
      randomTensor('t', [8], 8),
      randomTensor('m', [8], 9),
      { ...randomTensor('v', [8], 10), values: new Float32Array(8).fill(0.5) },
      { name: 'low', elementType: 'float', dims: [], values: [-0.5] },
      { name: 'high', elementType: 'float', dims: [], values: [1] },
    ],
    inputs: [{ name: 'x', elementType: 'float', dims: ['batch', 3, 17, 15] }],
    outputs: [{ name: 'y', elementType: 'float', dims: ['batch', 5] }],
  }
}

/** One transformer block over 12 tokens of width 16 with 2 heads, with a padding mask. */
export function attentionNet(): ModelDraft {
  const linear = (name: string, input: string, output: string, w: string): NodeDraft => ({
    name,
    opType: 'MatMul',
    inputs: [input, w],
    outputs: [output],
  })
  const split = (input: string, output: string, perm: number[]): NodeDraft[] => [
    { opType: 'Reshape', inputs: [input, 'split'], outputs: [`${output}_r`] },
    {
      opType: 'Transpose',
      inputs: [`${output}_r`],
      outputs: [output],
      attributes: { perm: { ints: perm } },
    },
  ]
  const nodes: NodeDraft[] = [
    { opType: 'Gather', inputs: ['table', 'tokens'], outputs: ['x'] },
    { opType: 'LayerNormalization', inputs: ['x', 'ln_s', 'ln_b'], outputs: ['n'] },
    linear('query', 'n', 'q0', 'wq'),
    linear('key', 'n', 'k0', 'wk'),
    linear('value', 'n', 'v0', 'wv'),
    ...split('q0', 'q', [0, 2, 1, 3]),
    ...split('k0', 'k', [0, 2, 3, 1]),
    ...split('v0', 'v', [0, 2, 1, 3]),
    { name: 'scores', opType: 'MatMul', inputs: ['q', 'k'], outputs: ['qk'] },
    { opType: 'Div', inputs: ['qk', 'root'], outputs: ['scaled'] },
    { opType: 'Add', inputs: ['scaled', 'mask'], outputs: ['masked'] },
    {
      name: 'attention',
      opType: 'Softmax',
      inputs: ['masked'],
      outputs: ['p'],
      attributes: { axis: { int: -1 } },
    },
    { name: 'sum', opType: 'MatMul', inputs: ['p', 'v'], outputs: ['pv'] },
    {
      opType: 'Transpose',
      inputs: ['pv'],
      outputs: ['pvt'],
      attributes: { perm: { ints: [0, 2, 1, 3] } },
    },
    { opType: 'Reshape', inputs: ['pvt', 'join'], outputs: ['joined'] },
    linear('project', 'joined', 'o', 'wo'),
    { opType: 'Add', inputs: ['x', 'o'], outputs: ['r'] },
    linear('up', 'r', 'u', 'wu'),
    { opType: 'Relu', inputs: ['u'], outputs: ['ur'] },
    linear('down', 'ur', 'w', 'wd'),
    {
      opType: 'ReduceMean',
      inputs: ['w'],
      outputs: ['y'],
      attributes: { axes: { ints: [1] }, keepdims: { int: 0 } },
    },
  ]
  return {
    name: 'attention-net',
    opset: 17,
    nodes,
    initializers: [
      randomTensor('table', [20, 16], 1),
      randomTensor('ln_s', [16], 2),
      randomTensor('ln_b', [16], 3),
      ...['wq', 'wk', 'wv', 'wo'].map((name, i) => randomTensor(name, [16, 16], 4 + i)),
      randomTensor('wu', [16, 32], 9),
      randomTensor('wd', [32, 16], 10),
      shape('split', [0, 0, 2, 8]),
      shape('join', [0, 0, 16]),
      { name: 'root', elementType: 'float', dims: [], values: [Math.sqrt(8)] },
    ],
    inputs: [
      { name: 'tokens', elementType: 'int64', dims: ['batch', 12] },
      { name: 'mask', elementType: 'float', dims: ['batch', 1, 1, 12] },
    ],
    outputs: [{ name: 'y', elementType: 'float' }],
  }
}
