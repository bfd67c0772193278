import { createRng } from '../base/index.js'
import type { DensityModel } from '../model/index.js'

/**
 * Densities of the samples of a network: log-normal around the mean, one factor per sample shared by all layers (the
 * strong correlation between layers that measured networks show), within 1 % and 100 %.
 */
export function sampleDensities(model: DensityModel, seed: number): number[] {
  const rng = createRng(seed, 7)
  const { mean, spread, samples } = model
  return Array.from({ length: samples }, () => {
    const factor = Math.exp(spread * rng.normal() - (spread * spread) / 2)
    return Math.min(1, Math.max(0.01, mean * factor))
  })
}
