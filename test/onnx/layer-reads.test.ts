import { expect, test } from 'vitest'
import { readNetwork, writeNetwork } from '../../src/formats/index.js'
import {
  bytesSource,
  defaultPrecision,
  importNetwork,
  readOnnx,
  writeOnnx,
  type ModelDraft,
} from '../../src/formats/onnx/index.js'
import { networkWorkload, type OperandRead, type Workload } from '../../src/model/index.js'
import { squeezeNet, uNet } from '../../scripts/onnx-presets/convolutional.js'
import { GraphBuilder } from '../../scripts/onnx-presets/graph-builder.js'
import { bertBase } from '../../scripts/onnx-presets/transformer.js'

function workloadOf(draft: ModelDraft, bindings: Readonly<Record<string, number>> = {}): Workload {
  const model = readOnnx(bytesSource('m.onnx', writeOnnx(draft)))
  const options = { bindings, assumeElementwise: [], precision: defaultPrecision }
  return networkWorkload(importNetwork(model, 'm.onnx', options))
}

function readsOf({ layers }: Workload, name: string): readonly OperandRead[] | undefined {
  return layers.find((layer) => layer.name === name)?.reads
}

/** A graph on a map `x` of 8 channels, 16 × 16, with a 1×1 convolution `/a/Conv` first. */
function graph(build: (g: GraphBuilder, a: string) => string): Workload {
  const g = new GraphBuilder()
  const a = conv(g, 'a', 'x', 8, 8)
  const out = build(g, a)
  const input = { name: 'x', elementType: 'float' as const, dims: [1, 8, 16, 16] }
  return workloadOf(g.finish('g', 13, [input], [out]))
}

function conv(g: GraphBuilder, scope: string, x: string, from: number, to: number): string {
  const weight = g.weight(`${scope}.weight`, [to, from, 1, 1])
  return g.add('Conv', [x, weight], { kernel_shape: { ints: [1, 1] } }, `/${scope}`)
}

const concat = (g: GraphBuilder, parts: readonly string[], axis = 1): string =>
  g.add('Concat', parts, { axis: { int: axis } })

test('maps joined by Concat are one operand, activation functions between or not', () => {
  const workload = graph((g, a) => {
    const b = g.add('Relu', [conv(g, 'b', a, 8, 4)])
    return conv(g, 'c', concat(g, [b, a, 'x']), 20, 2)
  })
  expect(readsOf(workload, '/c/Conv')).toEqual([
    [{ from: '/b/Conv' }, { from: '/a/Conv' }, { from: null, channels: 8 }],
  ])
})

test('joins of joins are flat', () => {
  const workload = graph((g, a) => {
    const b = conv(g, 'b', a, 8, 4)
    return conv(g, 'c', concat(g, [concat(g, [a, b]), b]), 16, 2)
  })
  expect(readsOf(workload, '/c/Conv')).toEqual([
    [{ from: '/a/Conv' }, { from: '/b/Conv' }, { from: '/b/Conv' }],
  ])
})

test('what moves positions is named, with the channels that come of it', () => {
  const workload = graph((g, a) => {
    const [left, right] = g.addAll('Split', [a, g.integers([3, 5])], 2, { axis: { int: 1 } })
    return conv(g, 'c', concat(g, [left, 'x', right]), 16, 2)
  })
  const [operand] = readsOf(workload, '/c/Conv') ?? []
  expect(operand.map(({ from, through }) => [from, through])).toEqual([
    ['/a/Conv', 'Split'],
    [null, undefined],
    ['/a/Conv', 'Split'],
  ])
  expect(operand.reduce((sum, part) => sum + (part.channels ?? 0), 0)).toBe(16)
})

test('maps joined along rows do not keep their places', () => {
  const workload = graph((g, a) => conv(g, 'c', concat(g, [a, conv(g, 'b', a, 8, 8)], 2), 8, 2))
  expect(readsOf(workload, '/c/Conv')?.[0].map(({ through }) => through)).toEqual([
    'Concat',
    'Concat',
  ])
})

test('a gate acts on the map that is read, and is no part of it', () => {
  const workload = graph((g, a) => {
    const gate = g.add('Sigmoid', [conv(g, 'gate', g.add('GlobalAveragePool', [a]), 8, 8)])
    return conv(g, 'c', g.add('Mul', [a, gate]), 8, 2)
  })
  expect(readsOf(workload, '/c/Conv')).toEqual([
    [{ from: '/a/Conv' }, { from: '/gate/Conv', channels: 0, through: 'Mul' }],
  ])
})

test('arithmetic over a whole map is named, arithmetic within a position is not', () => {
  const normalised = graph((g, a) => {
    const norm = g.add('InstanceNormalization', [a, g.weight('s', [8]), g.weight('b', [8])])
    return conv(g, 'c', norm, 8, 2)
  })
  expect(readsOf(normalised, '/c/Conv')).toEqual([
    [{ from: '/a/Conv', through: 'InstanceNormalization' }],
  ])
  const plain = graph((g, a) => conv(g, 'c', g.add('Softmax', [a], { axis: { int: 1 } }), 8, 2))
  expect(readsOf(plain, '/c/Conv')).toBeUndefined()
})

test('sums read the network’s input, and a map twice', () => {
  const workload = graph((g, a) => {
    const sum = g.add('Add', ['x', a], {}, '/s')
    return g.add('Mul', [sum, sum], {}, '/m')
  })
  expect(readsOf(workload, '/s/Add')).toEqual([[{ from: null }], [{ from: '/a/Conv' }]])
  expect(readsOf(workload, '/m/Mul')).toEqual([[{ from: '/s/Add' }], [{ from: '/s/Add' }]])
})

test('attention reads scores row by row, and what is split into heads through Reshape', () => {
  const workload = workloadOf(bertBase(), { batch: 1, sequence: 16 })
  expect(readsOf(workload, '/layer.0.scores/MatMul')).toEqual([
    [{ from: '/layer.0.query/MatMul', through: 'Reshape' }],
    [{ from: '/layer.0.key/MatMul', through: 'Reshape' }],
  ])
  expect(readsOf(workload, '/layer.0.context/MatMul')).toEqual([
    [{ from: '/layer.0.scores/MatMul' }],
    [{ from: '/layer.0.value/MatMul', through: 'Reshape' }],
  ])
})

test('SqueezeNet 1.1 has its published multiply-accumulates, and every join adds up', () => {
  const workload = workloadOf(squeezeNet(), { batch: 1 })
  const macs = workload.layers
    .filter(({ operator }) => operator === 'conv')
    .reduce((sum, { dims }) => sum + Object.values(dims).reduce((a, b) => a * b, 1), 0)
  // 0.35 G in the model's own table.
  expect(macs / 1e9).toBeCloseTo(0.349, 3)
  expect(writeNetwork(workload)).not.toContain('unchecked')
})

test('a written U-Net keeps what is joined and what stands between', () => {
  const sizes = { height: 32, width: 32, inputChannels: 1, outputChannels: 2, base: 4, levels: 2 }
  const workload = workloadOf(uNet('u', sizes), { batch: 1 })
  expect(readsOf(workload, '/up0.0/Conv')).toEqual([
    [
      { from: '/up0/ConvTranspose', channels: 4, through: 'ConvTranspose' },
      { from: '/down0.1/Conv' },
    ],
  ])
  const text = writeNetwork(workload)
  expect(text).not.toContain('unchecked')
  expect(readNetwork(text, 'u.yaml')).toEqual(workload)
})
