import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { InputError } from '../../src/base/index.js'
import {
  bytesSource,
  detachWeights,
  noExternalFiles,
  readOnnx,
  readTensor,
  readTensorPieces,
  writeOnnx,
  type ByteSource,
  type ModelDraft,
} from '../../src/formats/onnx/index.js'
import { WireWriter } from '../../src/formats/onnx/wire-writer.js'
import { fedInputs } from '../../src/model/index.js'

const small: ModelDraft = {
  name: 'net',
  opset: 17,
  inputs: [{ name: 'x', elementType: 'float', dims: ['batch', 3, 8, undefined] }],
  outputs: [{ name: 'y', elementType: 'float' }],
  valueInfo: [{ name: 'h', elementType: 'float', dims: [1, 4, 8, 8] }],
  initializers: [
    {
      name: 'w',
      elementType: 'float',
      dims: [4, 3, 3, 3],
      values: Array.from({ length: 108 }, (_, i) => i / 4),
    },
    { name: 'shape', elementType: 'int64', dims: [2], values: [-1, 256] },
  ],
  nodes: [
    {
      name: 'conv',
      opType: 'Conv',
      inputs: ['x', 'w'],
      outputs: ['h'],
      attributes: {
        pads: { ints: [1, 1, 1, 1] },
        group: { int: 1 },
        auto_pad: { string: 'NOTSET' },
      },
    },
    { opType: 'Reshape', inputs: ['h', 'shape'], outputs: ['y'] },
    {
      opType: 'Scale',
      domain: 'com.example',
      inputs: ['y', ''],
      outputs: ['z'],
      attributes: {
        by: { float: 0.5 },
        all: { floats: [0.25, -1] },
        limit: { int: -(2n ** 63n) },
        c: { tensor: { name: 'c', elementType: 'double', dims: [], values: [2.5] } },
      },
    },
  ],
}

describe('the ONNX skimmer', () => {
  test('reads back what the encoder wrote', () => {
    const source = bytesSource('net.onnx', writeOnnx(small))
    const model = readOnnx(source)
    expect(model.opsets.get('')).toBe(17)
    expect(model.producer).toBe('heddle')
    const { graph } = model
    expect(graph.nodes.map((node) => node.opType)).toEqual(['Conv', 'Reshape', 'Scale'])
    expect(fedInputs(graph)).toEqual([
      { name: 'x', elementType: 'float', dims: ['batch', 3, 8, undefined] },
    ])
    expect(graph.valueInfo.get('h')?.dims).toEqual([1, 4, 8, 8])
    expect(graph.outputs[0].dims).toBeUndefined()
    const conv = graph.nodes[0]
    expect(conv.attributes.get('pads')).toEqual({ kind: 'ints', value: [1, 1, 1, 1] })
    expect(conv.attributes.get('auto_pad')).toEqual({ kind: 'string', value: 'NOTSET' })
    const scale = graph.nodes[2]
    expect(scale.inputs).toEqual(['y', ''])
    expect(scale.attributes.get('by')).toEqual({ kind: 'float', value: 0.5 })
    expect(scale.attributes.get('all')).toEqual({ kind: 'floats', value: [0.25, -1] })
    expect(scale.attributes.get('limit')).toEqual({ kind: 'int', value: -(2 ** 63) })
    const constant = scale.attributes.get('c')
    expect(constant?.kind === 'tensor' && constant.value.values).toEqual([2.5])
    expect(graph.initializers.get('shape')?.values).toEqual([-1, 256])
    const weights = graph.initializers.get('w')
    expect(weights?.dims).toEqual([4, 3, 3, 3])
    expect(weights && Array.from(readTensor(source, noExternalFiles, weights))).toEqual(
      small.initializers?.[0].values,
    )
  })

  test('detached, a model keeps its graph, gains outputs once, and refers to its weights where they are', () => {
    const large = Float32Array.from({ length: 3000 }, (_, i) => i - 1500)
    const drafts = [
      { name: 'big', elementType: 'float', dims: [30, 100], values: large },
      { name: 'unused', elementType: 'float', dims: [3000], values: large },
    ] as const
    const source = bytesSource(
      'net.onnx',
      writeOnnx({
        ...small,
        nodes: [...small.nodes, { opType: 'MatMul', inputs: ['z', 'big'], outputs: ['o'] }],
        initializers: [...(small.initializers ?? []), ...drafts],
      }),
    )
    const model = readOnnx(source)
    const detached = detachWeights(source, noExternalFiles, model, ['h', 'y'])
    expect(detached.bytes.length).toBeLessThan(source.byteLength - 2 * 12_000 + 300)
    expect(detached.weightBytes).toBe(12_000)
    const edited = bytesSource('edited', detached.bytes)
    const { graph, opsets } = readOnnx(edited)
    expect(graph.outputs.map((output) => output.name)).toEqual(['y', 'h'])
    expect(opsets).toEqual(model.opsets)
    const described = (at: typeof graph): unknown =>
      at.nodes.map((node) => [
        node.name,
        node.opType,
        node.inputs,
        node.outputs,
        node.attributes.size,
      ])
    expect(described(graph)).toEqual(described(model.graph))
    expect(graph.inputs).toEqual(model.graph.inputs)
    const elements = (name: string, at: typeof graph, from: ByteSource): unknown => {
      const tensor = at.initializers.get(name)
      return tensor && readTensor(from, (location) => detached.files.get(location), tensor)
    }
    for (const name of model.graph.initializers.keys()) {
      expect(elements(name, graph, edited), name).toEqual(elements(name, model.graph, source))
    }
  })

  test('floats kept in a field of their own are referred to as well, when they are in one piece', () => {
    const values = Float32Array.from({ length: 2000 }, (_, i) => Math.fround(Math.sin(i)))
    const tensor = new WireWriter()
      .varint(1, 2000)
      .varint(2, 1)
      .bytes(4, new Uint8Array(values.buffer))
      .string(8, 'w')
    const bytes = new WireWriter()
      .varint(1, 8)
      .message(7, (graph) => graph.bytes(5, tensor.finish()))
      .message(8, (opset) => opset.varint(2, 17))
      .finish()
    const source = bytesSource('fields.onnx', bytes)
    const { bytes: rest, files } = detachWeights(source, noExternalFiles, readOnnx(source), [])
    expect(rest.length).toBeLessThan(200)
    const edited = bytesSource('edited', rest)
    const weights = readOnnx(edited).graph.initializers.get('w')
    expect(weights && readTensor(edited, (location) => files.get(location), weights)).toEqual(
      values,
    )
  })

  test('weights of a 400 MB model are never read', () => {
    // The file is imagined: a model whose weight's bytes exist only when someone asks for them.
    const elements = 100_000_000
    const head = writeOnnx({ ...small, initializers: [] })
    const tensorHead = Uint8Array.of(
      8,
      ...varint(elements),
      16,
      1,
      66,
      1,
      119,
      74,
      ...varint(4 * elements),
    )
    const inner = tensorHead.length + 4 * elements
    const graphPart = Uint8Array.of(42, ...varint(inner))
    const prefix = Uint8Array.of(
      ...head,
      58,
      ...varint(graphPart.length + inner),
      ...graphPart,
      ...tensorHead,
    )
    let bytesRead = 0
    const source: ByteSource = {
      name: 'large.onnx',
      byteLength: prefix.length + 4 * elements,
      read(offset, length) {
        const piece = new Uint8Array(length)
        this.readInto(piece, offset)
        return piece
      },
      readInto(target, offset) {
        bytesRead += target.length
        if (offset < prefix.length) target.set(prefix.subarray(offset, offset + target.length))
      },
    }
    const model = readOnnx(source)
    expect(model.graph.initializers.get('w')?.dims).toEqual([elements])
    expect(bytesRead).toBeLessThan(200_000)
    const weights = model.graph.initializers.get('w')
    let largest = 0
    let seen = 0
    if (weights) {
      readTensorPieces(source, noExternalFiles, { ...weights, dims: [5_000_000] }, (piece) => {
        largest = Math.max(largest, piece.length)
        seen += piece.length
      })
    }
    expect(seen).toBe(5_000_000)
    expect(largest).toBeLessThanOrEqual(1 << 16)
  })

  test('a damaged file is an input error, never anything else', () => {
    const bytes = writeOnnx(small)
    const read = (damaged: Uint8Array): void => {
      try {
        readOnnx(bytesSource('damaged.onnx', damaged))
      } catch (error) {
        if (!(error instanceof InputError)) throw error
      }
    }
    for (let length = 0; length < bytes.length; length++) {
      expect(() => readOnnx(bytesSource('cut.onnx', bytes.subarray(0, length)))).toThrow(InputError)
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => read(noise)),
      { seed: 7, numRuns: 300 },
    )
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => {
        const damaged = bytes.slice()
        damaged[at] = value
        read(damaged)
      }),
      { seed: 7, numRuns: 500 },
    )
  })

  test('says what is wrong with storage', () => {
    const external = (length: number): ModelDraft => ({
      ...small,
      initializers: [
        {
          name: 'w',
          elementType: 'float',
          dims: [4, 3, 3, 3],
          values: [],
          external: { location: 'net.weights', offset: 0, byteLength: length },
        },
      ],
    })
    const source = bytesSource('net.onnx', writeOnnx(external(432)))
    const weights = readOnnx(source).graph.initializers.get('w')
    expect(() => weights && readTensor(source, noExternalFiles, weights)).toThrow(
      /"w" are in the file "net.weights", which is missing/,
    )
    expect(
      () => weights && readTensor(source, (name) => bytesSource(name, new Uint8Array(10)), weights),
    ).toThrow(/need bytes 0 to 432, the file ends at 10/)
    expect(() => readOnnx(bytesSource('net.onnx', writeOnnx(external(100))))).toThrow(
      /needs 432 bytes, the file stores 100/,
    )
  })
})

function varint(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  while (rest >= 128) {
    bytes.push((rest % 128) | 128)
    rest = Math.floor(rest / 128)
  }
  return [...bytes, rest]
}
