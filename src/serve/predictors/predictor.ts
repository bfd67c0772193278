import type { Trace } from '../../model/index.js'
import type { ServeConventions } from '../conventions.js'
import type { Profile } from '../profile-table.js'

/**
 * Corrects the profiled remaining latency by what the monitor has measured: after `k` layers of a sample,
 * estimate = factor × Σ_{l ≥ k} mean layer latency.
 */
export interface Predictor {
  readonly name: string
  readonly summary: string
  /**
   * Factors of every sample after 0 … L layers, row-major `[sample * (L + 1) + k]`. A factor may depend on nothing
   * but the profile and the sparsity of the layers before `k`: the table only saves working it out at every layer.
   */
  factors(trace: Trace, profile: Profile, conventions: ServeConventions): Float64Array
}

/**
 * Density ratio of one executed layer: measured density over profiled density, clamped where the conventions say so
 * (specification §6). A layer that is all zeros in the profile tells nothing: ratio 1 when clamped.
 */
export function densityRatio(
  sparsity: number,
  meanSparsity: number,
  conventions: ServeConventions,
): number {
  const ratio = (1 - sparsity) / (1 - meanSparsity)
  const [low, high] = conventions.ratioClamp
  if (low === -Infinity) return ratio
  return meanSparsity >= 1 ? 1 : Math.min(high, Math.max(low, ratio))
}

/** Fills a factor table from a rule that sees the ratios of the layers executed so far. */
export function factorTable(
  trace: Trace,
  profile: Profile,
  conventions: ServeConventions,
  rule: (ratios: Float64Array, measured: number) => number,
): Float64Array {
  const { sampleCount, layerCount } = trace
  const factors = new Float64Array(sampleCount * (layerCount + 1))
  const ratios = new Float64Array(layerCount)
  for (let s = 0; s < sampleCount; s++) {
    const row = s * (layerCount + 1)
    factors[row] = 1
    for (let l = 0; l < layerCount; l++) {
      ratios[l] = densityRatio(
        trace.sparsity[s * layerCount + l],
        profile.layerSparsity[l],
        conventions,
      )
      factors[row + l + 1] = rule(ratios, l + 1)
    }
  }
  return factors
}
