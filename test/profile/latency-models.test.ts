import { describe, expect, test } from 'vitest'
import {
  convLayer,
  countOnes,
  denseMacs,
  densityCorrected,
  eyerissX,
  hashMask,
  layerCycles,
  linearLayer,
  roofline,
  sangerX,
  scoreStatistics,
  type AttentionLayer,
  type ConvLayer,
  type Mask,
  type MaskPattern,
} from '../../src/profile/index.js'
import { eyerissDysta } from '../../src/profile/published/index.js'

const weightsOf = (layer: ConvLayer, density: number, pattern: MaskPattern = 'random'): Mask =>
  hashMask(
    [layer.outputChannels, layer.inputChannels / layer.groups, layer.kernel.y, layer.kernel.x],
    pattern,
    1 - density,
    3,
  )
const inputOf = (layer: ConvLayer, density: number): Mask =>
  hashMask([1, layer.inputChannels, layer.height, layer.width], 'random', 1 - density, 4)
const mask = (each: Mask): { kind: 'mask'; mask: Mask } => ({ kind: 'mask', mask: each })

const shapes: ConvLayer[] = [
  convLayer('stem', {
    inputChannels: 3,
    outputChannels: 64,
    size: 112,
    kernel: 7,
    stride: 2,
    padding: 3,
  }),
  convLayer('3x3', { inputChannels: 64, outputChannels: 64, size: 28, kernel: 3 }),
  convLayer('3x3/2', { inputChannels: 128, outputChannels: 128, size: 14, kernel: 3, stride: 2 }),
  convLayer('1x1', { inputChannels: 256, outputChannels: 512, size: 7, kernel: 1 }),
  convLayer('24 channels', { inputChannels: 24, outputChannels: 40, size: 14, kernel: 1 }),
]

describe('Eyeriss-V2, standard', () => {
  const model = eyerissX()

  test.each(shapes)(
    '$name: between the ideal and the dense time, and expectation near masks',
    (layer) => {
      const dense = layerCycles(model, layer, mask(weightsOf(layer, 1)), mask(inputOf(layer, 1)))
      const weights = weightsOf(layer, 0.6)
      const input = inputOf(layer, 0.5)
      const sparse = layerCycles(model, layer, mask(weights), mask(input))
      expect(sparse.cycles).toBeLessThan(dense.cycles)
      const ideal = (4 * denseMacs(layer) * 0.5 * 0.6 * 0.8) / 192
      expect(sparse.cycles).toBeGreaterThan(ideal)
      expect(sparse.parts['busy']).toBeLessThanOrEqual(sparse.cycles)
      const expected = layerCycles(
        model,
        layer,
        { kind: 'density', density: countOnes(weights) / weights.length },
        { kind: 'density', density: countOnes(input) / input.length },
      )
      expect(expected.cycles / sparse.cycles).toBeGreaterThan(0.8)
      expect(expected.cycles / sparse.cycles).toBeLessThan(1.1)
    },
  )

  test('a stride of two does a quarter of the work; the published model charges it whole', () => {
    const one = convLayer('s1', { inputChannels: 64, outputChannels: 64, size: 28, kernel: 3 })
    const two = convLayer('s2', {
      inputChannels: 64,
      outputChannels: 64,
      size: 28,
      kernel: 3,
      stride: 2,
    })
    const run = (m: typeof model, layer: ConvLayer): number =>
      layerCycles(m, layer, mask(weightsOf(layer, 1)), mask(inputOf(layer, 1))).cycles
    expect(run(model, two) / run(model, one)).toBeLessThan(0.35)
    expect(run(eyerissDysta, two)).toBe(run(eyerissDysta, one))
  })

  test('pruned filters are not mapped: filter pruning beats random pruning of the same size', () => {
    const layer = shapes[1]
    const cycles = (pattern: MaskPattern): number =>
      layerCycles(model, layer, mask(weightsOf(layer, 0.5, pattern)), mask(inputOf(layer, 0.6)))
        .cycles
    expect(cycles('filter')).toBeLessThan(cycles('random'))
  })

  test('channel counts on which the published model aborts are fine', () => {
    const layer = linearLayer('fc', 1000, 10)
    expect(eyerissDysta.rejects(layer)).toContain('1000 channels')
    expect(model.rejects(layer)).toBeUndefined()
    expect(
      layerCycles(model, layer, mask(weightsOf(layer, 1)), mask(inputOf(layer, 1))).cycles,
    ).toBeGreaterThan(0)
  })

  test('an input of zeros costs its addresses only', () => {
    const layer = shapes[1]
    const result = layerCycles(model, layer, mask(weightsOf(layer, 1)), mask(inputOf(layer, 0)))
    const dense = layerCycles(model, layer, mask(weightsOf(layer, 1)), mask(inputOf(layer, 1)))
    expect(result.cycles).toBeLessThan(dense.cycles / 20)
  })
})

describe('Sanger, standard', () => {
  const layer: AttentionLayer = {
    kind: 'attention',
    name: 'attention',
    heads: 4,
    queries: 128,
    keys: 128,
    headWidth: 64,
  }
  const model = sangerX()
  const scores = (density: number): ReturnType<typeof scoreStatistics> =>
    scoreStatistics(4, 128, 128, hashMask([4, 128, 128], 'random', 1 - density, 9))
  const run = (density: number): number =>
    layerCycles(
      model,
      layer,
      { kind: 'density', density: 1 },
      { kind: 'scores', scores: scores(density) },
    ).cycles

  test('time falls with density, and the expectation is near', () => {
    let before = Infinity
    for (const density of [1, 0.5, 0.25, 0.1]) {
      const cycles = run(density)
      expect(cycles).toBeLessThanOrEqual(before)
      before = cycles
      const expected = layerCycles(
        model,
        layer,
        { kind: 'density', density: 1 },
        { kind: 'density', density },
      ).cycles
      expect(expected / cycles).toBeGreaterThan(0.8)
      expect(expected / cycles).toBeLessThan(1.2)
    }
  })

  test('a full mask keeps all 1024 multipliers busy but for the skew', () => {
    const ideal = denseMacs(layer) / 1024
    expect(run(1)).toBeGreaterThanOrEqual(ideal)
    expect(run(1)).toBeLessThanOrEqual(2.2 * ideal)
  })
})

describe('dense models', () => {
  test('the roofline ignores zeros and is below the masked Eyeriss time of a dense layer', () => {
    const layer = shapes[1]
    const dense = layerCycles(roofline(), layer, mask(weightsOf(layer, 1)), mask(inputOf(layer, 1)))
    const sparse = layerCycles(
      roofline(),
      layer,
      mask(weightsOf(layer, 0.1)),
      mask(inputOf(layer, 0.1)),
    )
    expect(sparse.cycles).toBe(dense.cycles)
    expect(dense.cycles).toBe(Math.ceil(denseMacs(layer) / 192))
  })

  test('the density correction scales what bounds the layer, and keeps a dense layer as it was', () => {
    const layer = shapes[3]
    const bound = (
      computeCycles: number,
      weightCycles: number,
      overlap: 'full' | 'none' = 'full',
    ): ReturnType<typeof densityCorrected> =>
      densityCorrected('toy', 100, () => ({
        clockMhz: 100,
        computeCycles,
        transfers: [{ memory: 'dram', inputCycles: 10, weightCycles, outputCycles: 5 }],
        overlap,
        totalCycles:
          overlap === 'full'
            ? Math.max(computeCycles, weightCycles + 15)
            : computeCycles + weightCycles + 15,
      }))
    const cycles = (model: ReturnType<typeof bound>, weight: number, input: number): number =>
      layerCycles(
        model,
        layer,
        { kind: 'density', density: weight },
        { kind: 'density', density: input },
      ).cycles
    expect(cycles(bound(1000, 100), 1, 1)).toBe(1000)
    expect(cycles(bound(1000, 100), 0.5, 0.5)).toBe(250)
    expect(cycles(bound(100, 1000), 0.5, 0.1)).toBe(506)
    expect(cycles(bound(100, 1000, 'none'), 1, 1)).toBe(1115)
    expect(cycles(bound(100, 1000, 'none'), 0.5, 0.1)).toBe(5 + 506)
  })
})
