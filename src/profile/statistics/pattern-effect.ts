import type { NetworkProfile } from '../../model/index.js'
import { layerValues } from './profile-statistics.js'

/** Valid over dense MACs of one pruned layer, per sample, under its own pattern and under others of equal density. */
export interface PatternEffect {
  readonly layer: number
  /** Fraction of the layer's weights that are not zero. */
  readonly weightDensity: number
  /** As its weights really are. */
  readonly measured: Float64Array
  /** If the same share of weights were missing as whole input channels. */
  readonly channel: Float64Array
  /**
   * The same as the published program computes it: for lack of a slice it takes the density of all channels. That is
   * also what pruned output channels leave.
   */
  readonly channelAsPublished: Float64Array
}

/**
 * What the pattern of pruning does to every layer with zero weights for which it was recorded (Sparse-DySta, Fig. 4).
 * The published figure shows the last one: {@link PatternEffect} of the highest layer number.
 */
export function patternEffects(profile: NetworkProfile): PatternEffect[] {
  return profile.layers.flatMap(({ weightZeros = 0 }, layer): PatternEffect[] => {
    const recorded = profile.samples.every(
      (sample) => sample.layers[layer].channelPrunedMacs !== undefined,
    )
    if (weightZeros === 0 || !recorded) return []
    const weightDensity = 1 - weightZeros
    return [
      {
        layer,
        weightDensity,
        measured: layerValues(profile, layer, (m) => m.validMacs / m.denseMacs),
        channel: layerValues(profile, layer, (m) => (m.channelPrunedMacs ?? 0) / m.denseMacs),
        channelAsPublished: layerValues(profile, layer, (m) => weightDensity * (1 - m.inputZeros)),
      },
    ]
  })
}
