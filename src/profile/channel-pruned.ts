import { denseMacs, outputSize, type ConvLayer } from './sparse-layer.js'

/**
 * Multiply-accumulates that would be left if a layer's zero weights were whole input channels instead of scattered:
 * dense MACs × density of the weights × share of the first ⌊C·density⌋ channels' products whose activation is not zero
 * (Sparse-DySta, Fig. 4). Of a 1×1 convolution and of a fully connected layer that share is the density of those
 * channels; larger kernels meet padding and skip positions, as the products themselves do.
 * @param visits non-zero activations that each tap meets; see {@link tapVisits}
 * @param weightDensity fraction of the weights that are not zero, 0 … 1
 */
export function channelPrunedMacs(
  layer: ConvLayer,
  visits: Uint32Array,
  weightDensity: number,
): number {
  // One channel stays in any case: pruning never removes a layer. (The published program divides by zero there.)
  const kept = Math.max(1, Math.floor(layer.inputChannels * weightDensity))
  const taps = kept * layer.kernel.y * layer.kernel.x
  let met = 0
  for (let i = 0; i < taps; i++) met += visits[i]
  const out = outputSize(layer)
  return denseMacs(layer) * weightDensity * (met / (taps * out.height * out.width))
}
