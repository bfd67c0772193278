import {
  convLayer,
  eyerissX,
  hashMask,
  layerCycles,
  validMacs,
  weightTaps,
} from '../src/profile/index.js'
import type { BenchRow, Suite } from './bench-row.js'

/** Exact valid MACs and the masked Eyeriss time of one large VGG-16 layer. */
export const suite: Suite = async () => {
  const layer = convLayer('conv2_1', {
    inputChannels: 64,
    outputChannels: 128,
    size: 112,
    kernel: 3,
  })
  const input = hashMask([1, 64, 112, 112], 'random', 0.5, 1)
  const weights = hashMask([128, 64, 3, 3], 'random', 0.6, 2)
  const taps = weightTaps(layer, weights)
  const milliseconds = (work: () => unknown): number => {
    work()
    const rounds = 20
    const started = performance.now()
    for (let i = 0; i < rounds; i++) work()
    return (performance.now() - started) / rounds
  }
  const counted = milliseconds(() => validMacs(layer, input, taps))
  const model = eyerissX()
  const timed = milliseconds(() =>
    layerCycles(model, layer, { kind: 'mask', mask: weights }, { kind: 'mask', mask: input }),
  )
  const rows: BenchRow[] = [
    {
      name: 'valid MACs of 64×112×112 → 128, 3×3 (925 million MACs)',
      measured: `${counted.toFixed(2)} ms`,
      note: 'exact, by prefix sums',
    },
    {
      name: 'Eyeriss-V2 cycles of the same layer, real masks',
      measured: `${timed.toFixed(2)} ms`,
      note: 'per-element work, weights prepared anew each time',
    },
  ]
  return rows
}
