import { describe, expect, test } from 'vitest'
import { createRng } from '../../src/base/index.js'
import { microAttention, microCnn, type MicroNetwork } from '../../src/profile/micro/index.js'
import { Tape } from '../../src/profile/micro/tape.js'

/** Largest difference between the derivative and the slope between two nearby points, over some weights of each kind. */
function worstGradient<Sample>(
  network: MicroNetwork<Sample>,
  sample: Sample,
  labels: readonly number[],
): number {
  const loss = (): number => {
    const tape = new Tape()
    return tape.crossEntropy(network.logits(tape, sample), labels).loss
  }
  for (const { value } of network.parameters) value.grad.fill(0)
  const tape = new Tape()
  tape.crossEntropy(network.logits(tape, sample), labels)
  tape.backward()
  const rng = createRng(3)
  let worst = 0
  for (const { value } of network.parameters) {
    for (let pick = 0; pick < 4; pick++) {
      const i = rng.below(value.data.length)
      const before = value.data[i]
      const step = 3e-3
      value.data[i] = before + step
      const up = loss()
      value.data[i] = before - step
      const down = loss()
      value.data[i] = before
      worst = Math.max(worst, Math.abs((up - down) / (2 * step) - value.grad[i]))
    }
  }
  return worst
}

describe('the training of the micro networks', () => {
  test('derivatives of the CNN agree with finite differences', () => {
    const rng = createRng(1)
    const image = Float32Array.from({ length: 768 }, () => rng.next())
    expect(worstGradient(microCnn(4), image, [3])).toBeLessThan(1e-2)
  })

  test('derivatives of the attention network agree with finite differences', () => {
    const tokens = Array.from({ length: 32 }, (_, i) => (i * i) % 23)
    const labels = tokens.map((token) => token % 8)
    expect(worstGradient(microAttention(4), tokens, labels)).toBeLessThan(1e-2)
  })
})
