import { expect, test } from 'vitest'
import { MersenneTwister } from './mersenne-twister.js'

// Known values of the CPython generator: random.seed(42); random.random(), random.getrandbits(32).
test('matches the published generator for a small seed', () => {
  expect(new MersenneTwister(42).random()).toBe(0.6394267984578837)
  const bits = new MersenneTwister(42)
  expect([bits.bits(32), bits.bits(32)]).toEqual([2746317213, 478163327])
})

test('draws below a bound by rejection', () => {
  const twister = new MersenneTwister(7)
  for (let i = 0; i < 1000; i++) {
    const value = twister.below(7)
    expect(value >= 0 && value < 7).toBe(true)
  }
})
