import { outputSize, type ConvLayer } from '../sparse-layer.js'
import type { EyerissMachine } from './machine.js'
import type { ArrayCycles } from './masked-cycles.js'
import type { EyerissTiling } from './tiling.js'

/**
 * Cycles expected when only densities are known: mean work of an element, and the expected maximum over the elements of
 * a pass from the variance of independent zeros. O(1) per layer. On random masks within 5 % of the masked count for
 * convolutions, up to 20 % below it for depthwise, fully connected and very small layers, whose few products are far
 * from normal. Real zeros are correlated; the masked count is the truth.
 */
export function expectedCycles(
  machine: EyerissMachine,
  layer: ConvLayer,
  tiling: EyerissTiling,
  filters: number,
  inputDensity: number,
  weightDensity: number,
): ArrayCycles {
  const out = outputSize(layer)
  const channels = layer.inputChannels / layer.groups
  const { parallel } = tiling
  let cycles = 0
  let work = 0
  for (const c of split(channels, tiling.channels, parallel.channels)) {
    for (const m of split(filters, tiling.filters, parallel.filters)) {
      for (const f of split(out.height, 1, parallel.rows)) {
        for (const r of split(layer.kernel.y, 1, parallel.kernelRows)) {
          for (const g of split(layer.groups, 1, parallel.groups)) {
            const passes = c.passes * m.passes * f.passes * r.passes * g.passes
            const elements = c.parts * m.parts * f.parts * r.parts * g.parts
            // Elements that work on different filters of one row meet the same activations.
            const independent = elements / m.parts
            const { mean, activationDeviation, weightDeviation } = elementLoad(
              machine,
              layer,
              out.width,
              c.size,
              m.size,
              inputDensity,
              weightDensity,
            )
            // The slowest element: of all those that are independent, or, among the elements that share the densest
            // rows, the one with the densest weights.
            const slowest = Math.max(
              Math.hypot(activationDeviation, weightDeviation) * expectedMaximum(independent),
              activationDeviation * expectedMaximum(independent) +
                weightDeviation * expectedMaximum(m.parts),
            )
            cycles += passes * (mean + slowest)
            work += passes * elements * mean
          }
        }
      }
    }
  }
  return { cycles, work }
}

/** Full passes and the partial last one when `total` items go in blocks of `block`, `parallel` blocks at a time. */
function split(
  total: number,
  block: number,
  parallel: number,
): { passes: number; parts: number; size: number }[] {
  const perPass = block * parallel
  const full = Math.floor(total / perPass)
  const rest = total - full * perPass
  return [
    ...(full > 0 ? [{ passes: full, parts: parallel, size: block }] : []),
    ...(rest > 0
      ? [{ passes: 1, parts: Math.ceil(rest / block), size: Math.min(block, rest) }]
      : []),
  ]
}

function elementLoad(
  machine: EyerissMachine,
  layer: ConvLayer,
  outWidth: number,
  channels: number,
  filters: number,
  inputDensity: number,
  weightDensity: number,
): { mean: number; activationDeviation: number; weightDeviation: number } {
  const columns = layer.kernel.x
  // Weights that one activation meets at one tap, and activations per channel and tap.
  const weights = filters * weightDensity
  const weightVariance = filters * weightDensity * (1 - weightDensity)
  const activations = outWidth * inputDensity
  const activationVariance = outWidth * inputDensity * (1 - inputDensity)
  const reading =
    machine.cyclesPerAddress * layer.width +
    machine.cyclesPerActivation * layer.width * inputDensity
  const mean = channels * (columns * machine.cyclesPerMac * weights * activations + reading)
  // The taps of a row meet nearly the same activations: their loads move together in the activations, alone in the weights.
  const perChannel = activationVariance * (columns * weights) ** 2
  const perChannelWeights = columns * weightVariance * (activations ** 2 + activationVariance)
  return {
    mean,
    activationDeviation: machine.cyclesPerMac * Math.sqrt(channels * perChannel),
    weightDeviation: machine.cyclesPerMac * Math.sqrt(channels * perChannelWeights),
  }
}

/** Expected maximum of n independent standard normal values (asymptotic form, exact 0 for one). */
function expectedMaximum(n: number): number {
  if (n <= 1) return 0
  const root = Math.sqrt(2 * Math.log(n))
  return Math.max(0.56, root - (Math.log(Math.log(n)) + Math.log(4 * Math.PI)) / (2 * root))
}
