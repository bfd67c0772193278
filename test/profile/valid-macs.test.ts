import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  outputSize,
  validMacs,
  weightTaps,
  type ConvLayer,
  type Mask,
} from '../../src/profile/index.js'

/** Counts by convolving the masks, one product at a time. */
function directCount(layer: ConvLayer, input: Mask, weights: Mask): number {
  const { kernel, stride, dilation, padding, height, width, groups } = layer
  const out = outputSize(layer)
  const channels = layer.inputChannels / groups
  const filters = layer.outputChannels / groups
  let count = 0
  for (let m = 0; m < layer.outputChannels; m++) {
    const firstChannel = Math.floor(m / filters) * channels
    for (let oy = 0; oy < out.height; oy++) {
      for (let ox = 0; ox < out.width; ox++) {
        for (let c = 0; c < channels; c++) {
          for (let r = 0; r < kernel.y; r++) {
            for (let s = 0; s < kernel.x; s++) {
              const y = oy * stride.y - padding.top + r * dilation.y
              const x = ox * stride.x - padding.left + s * dilation.x
              if (y < 0 || x < 0 || y >= height || x >= width) continue
              const weight = weights[((m * channels + c) * kernel.y + r) * kernel.x + s]
              count += weight & input[((firstChannel + c) * height + y) * width + x]
            }
          }
        }
      }
    }
  }
  return count
}

const pair = (min: number, max: number): fc.Arbitrary<{ y: number; x: number }> =>
  fc.record({ y: fc.integer({ min, max }), x: fc.integer({ min, max }) })

const layers: fc.Arbitrary<ConvLayer> = fc
  .record({
    channels: fc.integer({ min: 1, max: 5 }),
    filters: fc.integer({ min: 1, max: 5 }),
    groups: fc.integer({ min: 1, max: 4 }),
    height: fc.integer({ min: 1, max: 12 }),
    width: fc.integer({ min: 1, max: 12 }),
    kernel: pair(1, 5),
    stride: pair(1, 4),
    dilation: pair(1, 3),
    padding: fc.record({
      top: fc.nat(4),
      bottom: fc.nat(4),
      left: fc.nat(4),
      right: fc.nat(4),
    }),
  })
  .map(({ channels, filters, groups, ...rest }) => ({
    kind: 'conv' as const,
    name: 'layer',
    operator: 'conv' as const,
    inputChannels: channels * groups,
    outputChannels: filters * groups,
    groups,
    ...rest,
  }))
  .filter((layer) => outputSize(layer).height > 0 && outputSize(layer).width > 0)

test('prefix sums count what a direct convolution of the masks counts, on 200 random layers', () => {
  const bits = (size: number, seed: number, density: number): Mask => {
    let state = seed | 1
    return Uint8Array.from({ length: size }, () => {
      state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9
      return (state >>> 0) / 2 ** 32 < density ? 1 : 0
    })
  }
  // What the drawn layers have, so that none of it can go missing from the 200.
  const seen = {
    stride: 0,
    dilation: 0,
    unevenPadding: 0,
    grouped: 0,
    depthwise: 0,
    widePadding: 0,
  }
  fc.assert(
    fc.property(
      layers,
      fc.nat(),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (layer, seed, density) => {
        const { kernel, stride, dilation, padding, groups, inputChannels } = layer
        seen.stride += Number(stride.y !== stride.x)
        seen.dilation += Number(
          (dilation.y > 1 && kernel.y > 1) || (dilation.x > 1 && kernel.x > 1),
        )
        seen.unevenPadding += Number(
          padding.top !== padding.bottom && padding.left !== padding.right,
        )
        seen.grouped += Number(groups > 1)
        seen.depthwise += Number(groups > 1 && groups === inputChannels)
        seen.widePadding += Number(padding.top > dilation.y * (kernel.y - 1))
        const input = bits(layer.inputChannels * layer.height * layer.width, seed, density)
        const weightCount =
          (layer.outputChannels * layer.inputChannels * layer.kernel.y * layer.kernel.x) /
          layer.groups
        const weights = bits(weightCount, seed + 1, 1 - density / 2)
        expect(validMacs(layer, input, weightTaps(layer, weights))).toBe(
          directCount(layer, input, weights),
        )
      },
    ),
    { seed: 11, numRuns: 200 },
  )
  for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(10)
})
