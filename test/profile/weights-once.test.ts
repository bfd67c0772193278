import { describe, expect, test } from 'vitest'
import {
  detachWeights,
  noExternalFiles,
  readTensorPieces,
  type ByteSource,
  type ModelDraft,
} from '../../src/formats/onnx/index.js'
import { createInterpreter, createProfiler, eyerissX } from '../../src/profile/index.js'
import { createOrtRuntime } from '../../src/runtimes/index.js'
import { openSession } from '../../src/runtimes/onnxruntime-web.js'
import { openDraft, randomTensor } from './draft-models.js'

const CHANNELS = 512
const LAYERS = 4
const weightBytes = 4 * CHANNELS * CHANNELS * LAYERS

/** Layers of a megabyte each. */
const draft: ModelDraft = {
  name: 'heavy',
  opset: 17,
  nodes: Array.from({ length: LAYERS }, (_, i) => ({
    name: `layer${i}`,
    opType: 'MatMul',
    inputs: [i === 0 ? 'x' : `y${i - 1}`, `w${i}`],
    outputs: [`y${i}`],
  })),
  initializers: Array.from({ length: LAYERS }, (_, i) =>
    randomTensor(`w${i}`, [CHANNELS, CHANNELS], i),
  ),
  inputs: [{ name: 'x', elementType: 'float', dims: [1, CHANNELS] }],
  outputs: [{ name: `y${LAYERS - 1}`, elementType: 'float', dims: [1, CHANNELS] }],
}
const feeds = new Map([
  [
    'x',
    { dims: [1, CHANNELS], data: Float32Array.from({ length: CHANNELS }, (_, i) => Math.cos(i)) },
  ],
])

/** A source that notes how many bytes are read from it, and how many at once. */
function counting(source: ByteSource): ByteSource & { bytes(): number; largest(): number } {
  let bytes = 0
  let largest = 0
  const note = (length: number): void => {
    bytes += length
    largest = Math.max(largest, length)
  }
  return {
    name: source.name,
    byteLength: source.byteLength,
    read(offset, length) {
      note(length)
      return source.read(offset, length)
    },
    readInto(target, offset) {
      note(target.length)
      source.readInto(target, offset)
    },
    bytes: () => bytes,
    largest: () => largest,
  }
}

describe('weights are read once, and never twice in memory', () => {
  test('onnxruntime reads each weight once, a tensor at a time, and the model itself holds none', async () => {
    const { source, model, constants } = openDraft(draft)
    const counted = counting(source)
    const profiler = createProfiler(model.graph, {
      accelerator: eyerissX(),
      threshold: 0,
      readWeights: constants,
    })
    const detached = detachWeights(counted, noExternalFiles, model, profiler.wanted)
    expect(detached.bytes.length).toBeLessThan(2000)
    expect(detached.weightBytes).toBe(weightBytes)
    const whileDetaching = counted.bytes()
    expect(whileDetaching).toBeLessThan(weightBytes / 4)
    const runtime = await createOrtRuntime({
      file: 'heavy.onnx',
      ...detached,
      inputTypes: new Map([['x', 'float']]),
    })
    expect(counted.bytes() - whileDetaching).toBe(weightBytes)
    expect(counted.largest()).toBe(weightBytes / LAYERS)
    // And it has read the right ones.
    const own = createInterpreter(model, constants)
    const expected = (await own.run(feeds, profiler.wanted)).get(`y${LAYERS - 1}`)
    const result = (await runtime.run(feeds, profiler.wanted)).get(`y${LAYERS - 1}`)
    result?.data.forEach((value, i) => expect(value).toBeCloseTo(expected?.data[i] ?? 9, 4))
    await runtime.close()
  })

  test('masks are made of small pieces, once for all samples', () => {
    const { source, model } = openDraft(draft)
    const counted = counting(source)
    const profiler = createProfiler(model.graph, {
      accelerator: eyerissX(),
      threshold: 0,
      readWeights: (name) => {
        const tensor = model.graph.initializers.get(name)
        if (tensor === undefined) throw new Error(name)
        return {
          dims: tensor.dims,
          forEachPiece: (take) => readTensorPieces(counted, noExternalFiles, tensor, take),
        }
      },
    })
    const values = new Map(
      ['x', ...profiler.wanted].map((name) => [
        name,
        feeds.get('x') ?? { dims: [], data: new Float32Array() },
      ]),
    )
    for (const sample of [0, 1, 2]) profiler.measure(values, sample)
    expect(counted.bytes()).toBe(weightBytes)
    expect(counted.largest()).toBeLessThanOrEqual(1 << 18)
  })

  test('a runtime that does not read the files itself is given the bytes', async () => {
    const { source, model } = openDraft(draft)
    const detached = detachWeights(source, noExternalFiles, model, [])
    const seen: number[] = []
    let released = 0
    const session = {
      run: () => Promise.reject(new Error('not run')),
      release: async () => void released++,
    }
    await openSession(
      {
        InferenceSession: {
          create: async (_model, { externalData }) => {
            seen.push(...externalData.map(({ data }) => data.slice().length))
            return session
          },
        },
      },
      detached,
    )
    expect(seen).toEqual([0, source.byteLength])
    expect(released).toBe(1)
  })
})

describe('layers measured in several passes', () => {
  test('give what one pass gives, and ask for no more than the limit', async () => {
    const { model, constants } = openDraft(draft)
    const profilerOf = (): ReturnType<typeof createProfiler> =>
      createProfiler(model.graph, { accelerator: eyerissX(), threshold: 0, readWeights: constants })
    const runtime = createInterpreter(model, constants)
    const bytesOf = (): number => 4 * CHANNELS
    const once = profilerOf()
    expect(once.passes(bytesOf, 4 * CHANNELS * LAYERS)).toHaveLength(1)
    const whole = once.measure(new Map([...(await runtime.run(feeds, once.wanted)), ...feeds]), 0)
    const split = profilerOf()
    const passes = split.passes(bytesOf, 2 * 4 * CHANNELS)
    expect(passes.map(({ from, to, wanted }) => [from, to, wanted])).toEqual([
      [0, 2, ['y0', 'y1']],
      [2, 3, ['y1', 'y2']],
      [3, 4, ['y2', 'y3']],
    ])
    const parts = []
    for (const pass of passes) {
      const values = await runtime.run(feeds, pass.wanted)
      expect(values.size).toBe(2)
      parts.push(...split.measure(new Map([...values, ...feeds]), 0, pass))
    }
    expect(parts).toEqual(whole)
    expect(split.facts()).toEqual(once.facts())
  })
})
