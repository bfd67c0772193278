import { describe, expect, test } from 'vitest'
import type { ModelDraft } from '../../src/formats/onnx/index.js'
import type { LayerMeasurement } from '../../src/model/index.js'
import {
  createInterpreter,
  createProfiler,
  sangerX,
  type MaskPrediction,
  type TensorValue,
} from '../../src/profile/index.js'
import { quantise } from '../../src/profile/sanger/index.js'
import { attentionNet, openDraft } from './draft-models.js'

/** One head, two queries, three keys of width 1; the third key can be masked out. */
const tiny: ModelDraft = {
  name: 'tiny',
  opset: 17,
  nodes: [
    { opType: 'MatMul', inputs: ['q', 'k'], outputs: ['qk'] },
    { opType: 'Mul', inputs: ['qk', 'scale'], outputs: ['scaled'] },
    { opType: 'Where', inputs: ['keep', 'scaled', 'never'], outputs: ['masked'] },
    { name: 'attention', opType: 'Softmax', inputs: ['masked'], outputs: ['p'] },
    { opType: 'MatMul', inputs: ['p', 'v'], outputs: ['y'] },
  ],
  initializers: [
    { name: 'scale', elementType: 'float', dims: [], values: [1] },
    { name: 'never', elementType: 'float', dims: [], values: [-1e9] },
  ],
  inputs: [
    { name: 'q', elementType: 'float', dims: [1, 1, 2, 1] },
    { name: 'k', elementType: 'float', dims: [1, 1, 1, 3] },
    { name: 'v', elementType: 'float', dims: [1, 1, 3, 1] },
    { name: 'keep', elementType: 'float', dims: [3] },
  ],
  outputs: [{ name: 'y', elementType: 'float' }],
}
const tensor = (dims: number[], data: number[]): TensorValue => ({
  dims,
  data: Float32Array.from(data),
})
const tinyFeeds = (keep: number[]): Map<string, TensorValue> =>
  new Map([
    ['q', tensor([1, 1, 2, 1], [1, 0.3])],
    ['k', tensor([1, 1, 1, 3], [2, 0.1, -1])],
    ['v', tensor([1, 1, 3, 1], [1, 1, 1])],
    ['keep', tensor([3], keep)],
  ])

/** What Sanger's profiler measures of the attention of a model. */
async function attentionOf(
  draft: ModelDraft,
  feeds: ReadonlyMap<string, TensorValue>,
  threshold: number,
  prediction?: MaskPrediction,
): Promise<LayerMeasurement> {
  const { model, constants } = openDraft(draft)
  const profiler = createProfiler(model.graph, {
    accelerator: sangerX(),
    threshold,
    readWeights: constants,
    ...(prediction === undefined ? {} : { prediction }),
  })
  const values = await createInterpreter(model, constants).run(feeds, profiler.wanted)
  const measured = profiler.measure(new Map([...values, ...feeds]), 0)
  return measured[profiler.layerNames.indexOf('attention')]
}

describe('masks predicted from quantised queries and keys', () => {
  test('symmetric linear quantisation to 4 bits rounds half to even', () => {
    // max|x| = 7, so a step is 1.
    const { data } = quantise(tensor([7], [7, -7, 2.5, 3.5, -0.5, 0.4, -6.6]), 4)
    expect([...data].map((x) => x + 0)).toEqual([7, -7, 2, 4, 0, 0, -7])
    expect([...quantise(tensor([2], [0, 0]), 4).data]).toEqual([0, 0])
  })

  // q̂ = (7, 2)/7 and k̂ = (7, 0, −4)·2/7. First row of probabilities: exact 0.834, 0.125, 0.042 from the scores
  // 2, 0.1, −1; predicted 0.849, 0.115, 0.037 from 2, 0, −8/7. Second row: all above 0.2 in both.
  test('a score between two steps falls on the other side of the threshold', async () => {
    const feeds = tinyFeeds([1, 1, 1])
    const exact = await attentionOf(tiny, feeds, 0.12)
    const predicted = await attentionOf(tiny, feeds, 0.12, { bits: 4, opset: 17 })
    expect(1 - exact.sparsity).toBeCloseTo(5 / 6, 12)
    expect(1 - predicted.sparsity).toBeCloseTo(4 / 6, 12)
  })

  test('a masked key is neither allowed nor predicted', async () => {
    const feeds = tinyFeeds([1, 1, 0])
    const predicted = await attentionOf(tiny, feeds, 0, { bits: 4, opset: 17 })
    expect(predicted.sparsity).toBe(0)
    expect(predicted.inputZeros).toBeCloseTo(1 / 3, 12)
    expect(predicted.validMacs).toBe(2 * 4)
  })

  test('with many bits the prediction is the exact mask', async () => {
    const feeds = new Map<string, TensorValue>([
      [
        'tokens',
        { dims: [1, 12], data: Float64Array.from({ length: 12 }, (_, i) => (7 * i) % 20) },
      ],
      [
        'mask',
        tensor(
          [1, 1, 1, 12],
          Array.from({ length: 12 }, (_, i) => (i < 9 ? 0 : -1e9)),
        ),
      ],
    ])
    const exact = await attentionOf(attentionNet(), feeds, 0.1)
    const fine = await attentionOf(attentionNet(), feeds, 0.1, { bits: 20, opset: 17 })
    expect(fine).toEqual(exact)
    expect(exact.sparsity).toBeGreaterThan(0)
  })
})
