import { describe, expect, test } from 'vitest'
import { createRng } from '../../src/base/index.js'
import { detachWeights, noExternalFiles, type ModelDraft } from '../../src/formats/onnx/index.js'
import {
  createInterpreter,
  type NetworkRuntime,
  type TensorValue,
} from '../../src/profile/index.js'
import { createOrtRuntime } from '../../src/runtimes/index.js'
import { attentionNet, convNet, openDraft } from './draft-models.js'

/** The same model behind both runtimes, returning every value that a node computes. */
async function bothRuntimes(
  draft: ModelDraft,
): Promise<{ ort: NetworkRuntime; own: NetworkRuntime; wanted: string[] }> {
  const { source, model, constants } = openDraft(draft)
  const wanted = model.graph.nodes.flatMap((node) => node.outputs)
  return {
    wanted,
    own: createInterpreter(model, constants),
    ort: await createOrtRuntime({
      file: source.name,
      ...detachWeights(source, noExternalFiles, model, wanted),
      inputTypes: new Map(model.graph.inputs.map((input) => [input.name, input.elementType])),
    }),
  }
}

function expectSame(name: string, a: TensorValue | undefined, b: TensorValue | undefined): void {
  expect(a?.dims, name).toEqual(b?.dims)
  let worst = 0
  a?.data.forEach((value, i) => {
    worst = Math.max(
      worst,
      Math.abs(value - (b?.data[i] ?? Number.NaN)) / Math.max(1, Math.abs(value)),
    )
  })
  expect(worst, name).toBeLessThan(4e-6)
}

describe('the interpreter and onnxruntime compute the same', () => {
  test('every value of a convolutional network', async () => {
    const { ort, own, wanted } = await bothRuntimes(convNet())
    const rng = createRng(5)
    const data = Float32Array.from({ length: 3 * 17 * 15 }, () => rng.normal())
    const feeds = new Map([['x', { dims: [1, 3, 17, 15], data }]])
    const a = await ort.run(feeds, wanted)
    const b = await own.run(feeds, wanted)
    for (const name of wanted) expectSame(name, a.get(name), b.get(name))
    await ort.close()
  })

  test('every value of a transformer block', async () => {
    const { ort, own, wanted } = await bothRuntimes(attentionNet())
    const tokens = Float64Array.from({ length: 12 }, (_, i) => (7 * i + 3) % 20)
    const mask = Float32Array.from({ length: 12 }, (_, i) => (i < 9 ? 0 : -1e9))
    const feeds = new Map<string, TensorValue>([
      ['tokens', { dims: [1, 12], data: tokens }],
      ['mask', { dims: [1, 1, 1, 12], data: mask }],
    ])
    const a = await ort.run(feeds, wanted)
    const b = await own.run(feeds, wanted)
    for (const name of wanted) expectSame(name, a.get(name), b.get(name))
    await ort.close()
  })

  test('values of half precision come as the numbers they are', async () => {
    const { ort, own, wanted } = await bothRuntimes({
      name: 'halves',
      opset: 17,
      nodes: [
        { opType: 'Cast', inputs: ['x'], outputs: ['wide'], attributes: { to: { int: 1 } } },
        { opType: 'Cast', inputs: ['wide'], outputs: ['half'], attributes: { to: { int: 10 } } },
        { opType: 'Cast', inputs: ['wide'], outputs: ['whole'], attributes: { to: { int: 7 } } },
        { opType: 'Cast', inputs: ['whole'], outputs: ['set'], attributes: { to: { int: 9 } } },
      ],
      inputs: [{ name: 'x', elementType: 'float16', dims: [5] }],
      outputs: [{ name: 'half', elementType: 'float16', dims: [5] }],
    })
    const feeds = new Map([['x', { dims: [5], data: Float32Array.of(0.25, -3.75, 0, 1024, -0.5) }]])
    const a = await ort.run(feeds, wanted)
    const b = await own.run(feeds, wanted)
    for (const name of wanted) expect(a.get(name), name).toEqual(b.get(name))
    expect(a.get('half')?.data).toEqual(feeds.get('x')?.data)
    expect([...(a.get('whole')?.data ?? [])].map((v) => v + 0)).toEqual([0, -3, 0, 1024, 0])
    expect([...(a.get('set')?.data ?? [])]).toEqual([0, 1, 0, 1, 0])
    await ort.close()
  })

  test('asked for some values, a runtime returns these', async () => {
    const { ort, own } = await bothRuntimes(convNet())
    const data = Float32Array.from({ length: 3 * 17 * 15 }, (_, i) => Math.sin(i))
    const feeds = new Map([['x', { dims: [1, 3, 17, 15], data }]])
    for (const runtime of [ort, own]) {
      const some = await runtime.run(feeds, ['f', 'b'])
      expect([...some.keys()].sort()).toEqual(['b', 'f'])
    }
    await ort.close()
  })

  test('an operator that the interpreter lacks is named before anything runs', () => {
    const draft = convNet()
    const { model, constants } = openDraft({
      ...draft,
      nodes: [...draft.nodes, { name: 'odd', opType: 'LSTM', inputs: ['y'], outputs: ['z'] }],
    })
    expect(() => createInterpreter(model, constants)).toThrow(/no operator LSTM \(node "odd"\)/)
  })
})
