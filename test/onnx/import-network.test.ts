import { describe, expect, test } from 'vitest'
import { formatDiagnostic, InputError } from '../../src/base/index.js'
import {
  bytesSource,
  defaultPrecision,
  importNetwork,
  readOnnx,
  writeOnnx,
  type ModelDraft,
  type NodeDraft,
  type TensorDraft,
} from '../../src/formats/onnx/index.js'
import { macCount, networkOpGraph, networkWorkload, type Network } from '../../src/model/index.js'
import { mobilenetV2, resnet50 } from '../../scripts/onnx-presets/convolutional.js'
import { bertBase, llamaBlock } from '../../scripts/onnx-presets/transformer.js'

function importDraft(
  draft: ModelDraft,
  bindings: Readonly<Record<string, number>> = {},
  assumeElementwise: readonly string[] = [],
): Network {
  const model = readOnnx(bytesSource('m.onnx', writeOnnx(draft)))
  return importNetwork(model, 'm.onnx', {
    bindings,
    assumeElementwise,
    precision: defaultPrecision,
  })
}

function problems(run: () => unknown): string[] {
  try {
    run()
  } catch (error) {
    if (error instanceof InputError) return error.diagnostics.map(formatDiagnostic)
    throw error
  }
  return []
}

function gigaMacs(network: Network): number {
  const layers = networkWorkload(network).layers
  return layers
    .filter((layer) => layer.operator !== 'add' && layer.operator !== 'pool')
    .reduce((sum, layer) => sum + macCount(layer) / 1e9, 0)
}

const size = (dims: readonly number[]): number => dims.reduce((product, n) => product * n, 1)
const weight = (name: string, dims: readonly number[]): TensorDraft => ({
  name,
  elementType: 'float',
  dims,
  values: [],
  external: { location: 'absent.bin', offset: 0, byteLength: 4 * size(dims) },
})
const stored = (name: string, dims: readonly number[]): TensorDraft => ({
  name,
  elementType: 'float',
  dims,
  values: new Float32Array(size(dims)),
})
const ints = (name: string, values: readonly number[]): TensorDraft => ({
  name,
  elementType: 'int64',
  dims: [values.length],
  values,
})
const floats = (name: string, values: readonly number[]): TensorDraft => ({
  name,
  elementType: 'float',
  dims: [values.length],
  values,
})
const node = (
  opType: string,
  inputs: readonly string[],
  outputs: readonly string[],
  attributes: NodeDraft['attributes'] = {},
): NodeDraft => ({ name: `${opType}_${outputs[0]}`, opType, inputs, outputs, attributes })
const image = { name: 'x', elementType: 'float' as const, dims: ['N', 3, 32, 32] }

describe('shipped graphs have the published numbers of multiply-accumulates', () => {
  // He et al. 2016, Sandler et al. 2018; the transformers by their own formula.
  test('ResNet-50', () => {
    const network = importDraft(resnet50())
    expect(gigaMacs(network)).toBeCloseTo(4.089184256, 9)
    expect(networkWorkload(network).layers.filter((l) => l.operator === 'conv')).toHaveLength(53)
    expect(networkWorkload(network).layers.filter((l) => l.operator === 'add')).toHaveLength(16)
  })
  test('MobileNetV2, depthwise layers per group', () => {
    const network = importDraft(mobilenetV2(), { batch: 2 })
    expect(gigaMacs(network)).toBeCloseTo(2 * 0.300774272, 9)
    const depthwise = networkWorkload(network).layers.filter(
      (l) => l.dims.G > 1 && l.operator === 'conv',
    )
    expect(depthwise).toHaveLength(17)
    expect(depthwise.every((l) => l.dims.K === 1 && l.dims.C === 1)).toBe(true)
  })
  test('BERT-base at sequence length 128', () => {
    const dense = 12 * (4 * 768 * 768 + 2 * 768 * 3072) * 128
    const attention = 12 * 2 * 128 * 128 * 768
    expect(gigaMacs(importDraft(bertBase(), { sequence: 128 }))).toBeCloseTo(
      (dense + attention) / 1e9,
      9,
    )
  })
  test('one Llama 3 8B block, decoding one token after 1023', () => {
    const dense = 4096 * (4096 * 2 + 2 * 1024 + 3 * 14336)
    const attention = 2 * 32 * 128 * 1024
    const network = importDraft(llamaBlock(), { sequence: 1, past: 1023 })
    expect(gigaMacs(network)).toBeCloseTo((dense + attention) / 1e9, 9)
  })
})

describe('operator sets', () => {
  test('9: Upsample by input, BatchNormalization fused, Reshape to a constant', () => {
    const network = importDraft({
      name: 'o9',
      opset: 9,
      inputs: [image],
      outputs: [{ name: 'r' }],
      initializers: [
        stored('w', [8, 3, 3, 3]),
        ...['s', 'b', 'm', 'v'].map((n) => stored(n, [8])),
        floats('scales', [1, 1, 2, 2]),
        ints('shape', [0, -1]),
      ],
      nodes: [
        node('Conv', ['x', 'w'], ['c'], { pads: { ints: [1, 1, 1, 1] } }),
        node('BatchNormalization', ['c', 's', 'b', 'm', 'v'], ['n']),
        node('Relu', ['n'], ['a']),
        node('Upsample', ['a', 'scales'], ['u']),
        node('Reshape', ['u', 'shape'], ['r']),
      ],
    })
    expect(network.nodes.map((n) => n.work.kind)).toEqual([
      'layer',
      'fused',
      'fused',
      'movement',
      'free',
    ])
    expect(network.nodes[3].outputBytes).toBe(8 * 64 * 64)
  })

  test('11: Pad, Resize to sizes, Clip and Slice with constant inputs; ceil-mode pooling', () => {
    const network = importDraft({
      name: 'o11',
      opset: 11,
      inputs: [image],
      outputs: [{ name: 'p' }],
      initializers: [
        ints('pads', [0, 0, 1, 1, 0, 0, 1, 1]),
        ints('sizes', [1, 3, 50, 50]),
        ints('from', [0]),
        ints('to', [49]),
        ints('axis', [3]),
      ],
      nodes: [
        node('Pad', ['x', 'pads'], ['a']),
        node('Resize', ['a', '', '', 'sizes'], ['b']),
        node('Slice', ['b', 'from', 'to', 'axis'], ['c']),
        node('MaxPool', ['c'], ['p'], {
          kernel_shape: { ints: [3, 3] },
          strides: { ints: [2, 2] },
          ceil_mode: { int: 1 },
        }),
      ],
    })
    expect(network.nodes[0].outputBytes).toBe(3 * 34 * 34)
    const [pool] = networkWorkload(network).layers
    expect([pool.dims.OY, pool.dims.OX, pool.dims.G]).toEqual([25, 24, 3])
  })

  test('13: axes as inputs, shape arithmetic folded, dynamic batch', () => {
    const network = importDraft(
      {
        name: 'o13',
        opset: 13,
        inputs: [image],
        outputs: [{ name: 'y' }],
        initializers: [
          ints('zero', [0]),
          ints('axes', [0]),
          ints('rest', [-1]),
          weight('w', [3072, 10]),
        ],
        nodes: [
          node('Shape', ['x'], ['shape']),
          node('Gather', ['shape', 'zero'], ['n']),
          node('Squeeze', ['n', 'axes'], ['scalar']),
          node('Unsqueeze', ['scalar', 'axes'], ['batch']),
          node('Concat', ['batch', 'rest'], ['target'], { axis: { int: 0 } }),
          node('Reshape', ['x', 'target'], ['flat']),
          node('MatMul', ['flat', 'w'], ['y']),
        ],
      },
      { N: 5 },
    )
    expect(network.nodes.map((n) => n.type)).toEqual(['Reshape', 'MatMul'])
    expect(networkWorkload(network).layers[0].dims).toMatchObject({ OX: 5, C: 3072, K: 10 })
  })

  test('18: reduction axes as input, Split into equal parts, grouped and transposed convolution', () => {
    const network = importDraft({
      name: 'o18',
      opset: 18,
      inputs: [{ name: 'x', elementType: 'float', dims: ['N', 8, 16, 16] }],
      outputs: [{ name: 'm' }, { name: 't' }],
      initializers: [stored('g', [8, 2, 3, 3]), weight('tw', [4, 6, 4, 4]), ints('axes', [2, 3])],
      nodes: [
        node('Conv', ['x', 'g'], ['c'], { group: { int: 4 }, pads: { ints: [1, 1, 1, 1] } }),
        node('Split', ['c'], ['left', 'right'], { axis: { int: 1 }, num_outputs: { int: 2 } }),
        node('ReduceMean', ['left', 'axes'], ['m'], { keepdims: { int: 0 } }),
        node('ConvTranspose', ['right', 'tw'], ['t'], {
          strides: { ints: [2, 2] },
          pads: { ints: [1, 1, 1, 1] },
        }),
      ],
    })
    const [grouped, transposed] = networkWorkload(network).layers
    expect(grouped.dims).toMatchObject({ G: 4, K: 2, C: 2, OY: 16 })
    // Every input point meets every kernel element once: 16·16·4·6·4·4 products.
    expect(macCount(transposed)).toBe(16 * 16 * 4 * 6 * 4 * 4)
    expect(network.nodes[3].outputBytes).toBe(6 * 32 * 32)
  })

  test('20: Gelu fused, attention by Einsum, elementwise products', () => {
    const network = importDraft({
      name: 'o20',
      opset: 20,
      inputs: [{ name: 'x', elementType: 'float', dims: ['N', 4, 7, 16] }],
      outputs: [{ name: 'y' }],
      initializers: [weight('w', [16, 16])],
      nodes: [
        node('MatMul', ['x', 'w'], ['h']),
        node('Gelu', ['h'], ['a']),
        node('Einsum', ['a', 'x'], ['s'], { equation: { string: 'bhid,bhjd->bhij' } }),
        node('Softmax', ['s'], ['p']),
        node('Mul', ['p', 's'], ['y']),
      ],
    })
    expect(network.nodes.map((n) => n.work.kind)).toEqual([
      'layer',
      'fused',
      'layer',
      'elementwise',
      'layer',
    ])
    expect(networkWorkload(network).layers[1]).toMatchObject({
      operator: 'batched-matmul',
      dims: { B: 4, OX: 7, C: 16, K: 7 },
    })
    expect(networkOpGraph(network).edges).toHaveLength(4)
  })
})

describe('what stands in the way is named', () => {
  const unary = (opType: string, dims: readonly (string | number)[] = [1, 4]): ModelDraft => ({
    name: 'm',
    opset: 13,
    inputs: [{ name: 'x', elementType: 'float', dims }],
    outputs: [{ name: 'y' }],
    nodes: [{ name: 'first', opType, inputs: ['x'], outputs: ['y'] }],
  })

  test('an unknown operator, with the way out', () => {
    expect(problems(() => importDraft(unary('Sigmoidd')))).toEqual([
      'm.onnx [E-ONNX-012] operator "Sigmoidd" of node "first" is not known — did you mean "Sigmoid"? Else pass --assume-elementwise Sigmoidd if it works element by element',
    ])
    expect(importDraft(unary('Snake'), {}, ['Snake']).assumptions[0]).toBe(
      'operator "Snake" is taken as elementwise',
    )
  })

  test('a symbolic dimension that is no batch, and a binding that is none', () => {
    expect(problems(() => importDraft(unary('Relu', ['N', 'length'])))[0]).toContain(
      'pass --bind length=N',
    )
    expect(problems(() => importDraft(unary('Relu'), { lenght: 3 }))[0]).toContain(
      'no input has a symbolic dimension named "lenght"',
    )
  })

  test('a node that does not fit its inputs', () => {
    const draft: ModelDraft = {
      ...unary('Relu', [1, 4, 8, 8]),
      initializers: [weight('w', [2, 3, 3, 3])],
      nodes: [{ name: 'conv', opType: 'Conv', inputs: ['x', 'w'], outputs: ['y'] }],
    }
    expect(problems(() => importDraft(draft))).toEqual([
      'm.onnx [E-ONNX-013] node "conv" (Conv): the input has 4 channels, the kernel expects 3 in each of 1 groups',
    ])
  })

  test('a stated shape that contradicts the operator', () => {
    const draft = {
      ...unary('Relu'),
      valueInfo: [],
      outputs: [{ name: 'y', elementType: 'float' as const, dims: [1, 5] }],
    }
    expect(problems(() => importDraft(draft))[0]).toContain(
      'the file says that "y" has shape [1, 5], Relu gives [1, 4]',
    )
  })

  test('a shape that depends on the data', () => {
    const draft: ModelDraft = {
      ...unary('Relu', [1, 4]),
      inputs: [
        { name: 'x', elementType: 'float', dims: [1, 4] },
        { name: 'shape', elementType: 'int64', dims: [2] },
      ],
      nodes: [{ name: 'view', opType: 'Reshape', inputs: ['x', 'shape'], outputs: ['y'] }],
    }
    expect(problems(() => importDraft(draft))[0]).toContain('is not a constant of the model')
  })
})
