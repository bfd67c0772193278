import { expect, test } from 'vitest'
import { channelPrunedMacs } from './channel-pruned.js'
import { hashMask } from './hash-mask.js'
import { countOnes } from './mask.js'
import { convLayer, denseMacs, linearLayer } from './sparse-layer.js'
import { tapVisits, validMacs, weightTaps } from './valid-macs.js'

test('of a 1×1 convolution and a linear layer it is the published formula on the kept channels', () => {
  const conv = convLayer('conv', { inputChannels: 20, outputChannels: 8, size: 5, kernel: 1 })
  const linear = linearLayer('linear', 20, 8, 25)
  const input = hashMask([1, 20, 5, 5], 'channel', 0.3, 1).map((bit, i) => (i % 3 === 0 ? 0 : bit))
  const kept = input.subarray(0, 9 * 25)
  const formula = denseMacs(conv) * 0.47 * (countOnes(kept) / kept.length)
  for (const layer of [conv, linear]) {
    expect(channelPrunedMacs(layer, tapVisits(layer, input), 0.47)).toBeCloseTo(formula, 9)
  }
})

test('where channels divide evenly it counts what really pruned channels leave, with stride and padding', () => {
  const layer = convLayer('conv', {
    inputChannels: 12,
    outputChannels: 5,
    size: 9,
    kernel: 3,
    stride: 2,
    padding: 1,
  })
  const input = hashMask([1, 12, 9, 9], 'random', 0.4, 3)
  // The first 9 of 12 channels stay.
  const weights = Uint8Array.from({ length: 5 * 12 * 9 }, (_, i) =>
    Math.floor(i / 9) % 12 < 9 ? 1 : 0,
  )
  const counted = validMacs(layer, input, weightTaps(layer, weights))
  expect(channelPrunedMacs(layer, tapVisits(layer, input), 0.75)).toBeCloseTo(counted, 6)
})

test('a layer is never pruned away', () => {
  const layer = linearLayer('thin', 4, 4)
  expect(channelPrunedMacs(layer, tapVisits(layer, Uint8Array.of(1, 0, 0, 0)), 0.2)).toBeCloseTo(
    3.2,
  )
})
