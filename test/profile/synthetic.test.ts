import { describe, expect, test } from 'vitest'
import { readProfile, writeProfile } from '../../src/formats/profiles/index.js'
import {
  denseMacs,
  eyerissX,
  macSparsity,
  meanCorrelation,
  pruneWeights,
  spread,
  validMacRatios,
  weightPattern,
  convLayer,
} from '../../src/profile/index.js'
import {
  mobilenetV1,
  resnet50,
  ssd300Resnet18,
  synthesizeCnn,
  vgg16,
} from '../../src/profile/synthetic/index.js'

const giga = (layers: readonly Parameters<typeof denseMacs>[0][]): number =>
  layers.reduce((sum, layer) => sum + denseMacs(layer), 0) / 1e9

describe('synthetic-calibrated profiles', () => {
  test('the layer tables have the known sizes', () => {
    expect(resnet50()).toHaveLength(54)
    expect(giga(resnet50())).toBeCloseTo(4.09, 1)
    expect(vgg16()).toHaveLength(16)
    expect(giga(vgg16())).toBeCloseTo(15.47, 1)
    expect(mobilenetV1()).toHaveLength(28)
    expect(giga(mobilenetV1())).toBeCloseTo(0.569, 2)
    expect(ssd300Resnet18().filter((layer) => layer.outputChannels % 81 === 0)).toHaveLength(6)
  })

  test('the spread is calibrated to the relative range, and what is written is read back', () => {
    const layers = vgg16().slice(0, 5)
    const profile = synthesizeCnn({
      network: 'toy',
      layers,
      pattern: 'random',
      weightSparsity: 0.2,
      model: {
        means: [1, 0.5, 0.6, 0.4, 0.3],
        correlation: 0.9,
        neighbour: 0,
        fixed: 1,
        datasets: [
          { name: 'light', samples: 30, shift: 0 },
          { name: 'dark', samples: 30, shift: 1 },
        ],
      },
      relativeRange: 0.25,
      accelerator: eyerissX(),
      seed: 4,
    })
    expect(spread(validMacRatios(profile)).relativeRange).toBeCloseTo(0.25 / 1, 1)
    expect(meanCorrelation(profile)).toBeGreaterThan(0.8)
    const read = readProfile(writeProfile(profile), 'toy.csv')
    expect(read.layers).toHaveLength(5)
    expect(read.samples).toHaveLength(60)
    expect(read.provenance).toBe('synthetic-calibrated')
    expect(read.generator).toContain('seed 4')
    const one = profile.samples[7].layers[3]
    const again = read.samples[7].layers[3]
    expect(again.latencyS).toBe(one.latencyS)
    expect(macSparsity(again)).toBeCloseTo(macSparsity(one), 6)
  })

  test('a damaged profile names its lines', () => {
    const good = '# provenance: measured\n# layer-0: a; conv; s; 1 macs; 1 weights\n'
    const header =
      'sample,layer,latency_s,sparsity,input_zeros,output_zeros,valid_macs,dense_macs,cycles,dataset\n'
    expect(() => readProfile(good + header + '0,0,x,0,0,0,1,1,1,d\n', 'p.csv')).toThrow(
      /p\.csv:4.*"latency_s" is "x"/,
    )
    expect(() => readProfile(good + header + '1,0,1,0,0,0,1,1,1,d\n', 'p.csv')).toThrow(
      /out of order/,
    )
    expect(() => readProfile(header, 'p.csv')).toThrow(/no "# provenance:" line/)
  })
})

describe('pruning', () => {
  const layer = convLayer('layer', { inputChannels: 8, outputChannels: 16, size: 8, kernel: 3 })
  const order = {
    filters: 16,
    channels: 8,
    positions: 9,
    filterStep: 72,
    channelStep: 9,
    positionStep: 1,
  }
  const weights = Float32Array.from(
    { length: 16 * 8 * 9 },
    (_, i) => Math.sin(1 + i * 1.7) * (1 + (i % 13)),
  )

  test.each([
    [{ kind: 'random' } as const, 'random'],
    [{ kind: 'block', size: 4 } as const, 'block4'],
    [{ kind: 'filter' } as const, 'filter'],
    [{ kind: 'n:m', n: 2, m: 4 } as const, '2:4'],
  ])('%j removes half of the weights and is recognised', (pattern, name) => {
    const remove = pruneWeights(weights, order, pattern, 0.5)
    expect(remove.reduce((sum, each) => sum + each, 0)).toBe(weights.length / 2)
    expect(
      weightPattern(
        layer,
        remove.map((each) => 1 - each),
      ),
    ).toBe(name)
  })

  test('the smallest weights go first', () => {
    const remove = pruneWeights(weights, order, { kind: 'random' }, 0.3)
    const kept = weights.filter((_, i) => remove[i] === 0).map(Math.abs)
    const gone = weights.filter((_, i) => remove[i] === 1).map(Math.abs)
    expect(Math.max(...gone)).toBeLessThanOrEqual(Math.min(...kept))
  })

  test('a sparsity outside 0 … 1 is refused', () => {
    expect(() => pruneWeights(weights, order, { kind: 'random' }, 1.5)).toThrow(
      /expected 0 or more/,
    )
  })
})
