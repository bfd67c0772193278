import { describe, expect, test } from 'vitest'
import { createRng } from '../../src/base/index.js'
import {
  bytesSource,
  exposeValues,
  noExternalFiles,
  readOnnx,
  readTensor,
  writeOnnx,
  type ModelDraft,
} from '../../src/formats/onnx/index.js'
import {
  createInterpreter,
  type NetworkRuntime,
  type TensorValue,
} from '../../src/profile/index.js'
import { createOrtRuntime } from '../../src/runtimes/index.js'
import { attentionNet, convNet } from './draft-models.js'

/** The same model behind both runtimes, returning every value that a node computes. */
async function bothRuntimes(
  draft: ModelDraft,
): Promise<{ ort: NetworkRuntime; own: NetworkRuntime; wanted: string[] }> {
  const source = bytesSource(`${draft.name}.onnx`, writeOnnx(draft))
  const model = readOnnx(source)
  const wanted = model.graph.nodes.flatMap((node) => node.outputs)
  const constants = (name: string): TensorValue => {
    const tensor = model.graph.initializers.get(name)
    if (tensor === undefined) throw new Error(name)
    return { dims: tensor.dims, data: readTensor(source, noExternalFiles, tensor) }
  }
  return {
    wanted,
    own: createInterpreter(model, constants, wanted),
    ort: await createOrtRuntime({
      file: source.name,
      bytes: exposeValues(source, model, wanted),
      external: [],
      inputTypes: new Map(model.graph.inputs.map((input) => [input.name, input.elementType])),
      wanted,
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
    const a = await ort.run(feeds)
    const b = await own.run(feeds)
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
    const a = await ort.run(feeds)
    const b = await own.run(feeds)
    for (const name of wanted) expectSame(name, a.get(name), b.get(name))
    await ort.close()
  })

  test('an operator that the interpreter lacks is named before anything runs', () => {
    const draft = convNet()
    const source = bytesSource(
      'odd.onnx',
      writeOnnx({
        ...draft,
        nodes: [...draft.nodes, { name: 'odd', opType: 'LSTM', inputs: ['y'], outputs: ['z'] }],
      }),
    )
    expect(() =>
      createInterpreter(readOnnx(source), () => ({ dims: [], data: new Float32Array() }), []),
    ).toThrow(/no operator LSTM \(node "odd"\)/)
  })
})
