import type { Trace } from '../../model/index.js'
import type { ServeConventions } from '../conventions.js'
import type { Profile } from '../profile-table.js'
import { average } from './average.js'
import type { Predictor } from './predictor.js'

const SMALLEST_FACTOR = 0.05

/**
 * 1 + κ_k (γ_k − 1): the average density ratio γ, weighted by how much of the remaining latency really follows
 * density. Latency has a large part that does not (dense projections, overheads), so a proportional correction
 * overshoots; κ_k is the least-squares slope over the profile after k layers.
 */
export const affine: Predictor = {
  name: 'affine',
  summary: 'average density ratio with a slope per layer, fitted to the profile',
  factors(trace, profile, conventions) {
    const ratios = average.factors(trace, profile, conventions)
    const slopes = affineSlopes(trace, profile, ratios)
    const stride = trace.layerCount + 1
    return ratios.map((ratio, i) =>
      i % stride === 0 ? 1 : Math.max(SMALLEST_FACTOR, 1 + slopes[i % stride] * (ratio - 1)),
    )
  },
}

/** κ after k = 0 … L layers; entries 0 and L are 0 (nothing measured, nothing remains). */
export function affineSlopes(trace: Trace, profile: Profile, ratios: Float64Array): Float64Array {
  const { sampleCount, layerCount } = trace
  const slopes = new Float64Array(layerCount + 1)
  for (let k = 1; k < layerCount; k++) {
    let mean = 0
    for (let l = k; l < layerCount; l++) mean += profile.patternLayerS[l]
    let numerator = 0
    let denominator = 0
    for (let s = 0; s < sampleCount; s++) {
      let remaining = 0
      for (let l = k; l < layerCount; l++) remaining += trace.latencyS[s * layerCount + l]
      const excess = ratios[s * (layerCount + 1) + k] - 1
      numerator += excess * (remaining / mean - 1)
      denominator += excess * excess
    }
    slopes[k] = denominator > 0 ? numerator / denominator : 0
  }
  return slopes
}

/** κ of a trace under the average predictor, for reports and tests. */
export function slopesOf(
  trace: Trace,
  profile: Profile,
  conventions: ServeConventions,
): Float64Array {
  return affineSlopes(trace, profile, average.factors(trace, profile, conventions))
}
