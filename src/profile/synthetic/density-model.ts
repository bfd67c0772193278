import { createRng } from '../../base/index.js'

/**
 * One-factor model of densities: logit(density of sample x, layer l) = m_l + s·(√r·z_x + √(1 − r)·e_{x,l}), z and e
 * standard normal, e an AR(1) sequence over layers. A data set shifts the mean of z.
 */
export interface DensityModel {
  /** Mean density per layer. */
  readonly means: readonly number[]
  /** Common spread s in logits. */
  readonly spread: number
  /** r: share of the variance that all layers of a sample have in common, which is their correlation. */
  readonly correlation: number
  /** Correlation of e between neighbouring layers. */
  readonly neighbour: number
  /** Layers from the start whose density does not vary (the image itself). */
  readonly fixed: number
  readonly datasets: readonly {
    readonly name: string
    readonly samples: number
    readonly shift: number
  }[]
}

export interface DensitySample {
  readonly dataset: string
  readonly densities: Float64Array
}

/** Draws every sample of every data set; the same model and seed give the same draws whatever the spread. */
export function drawDensities(model: DensityModel, seed: number): DensitySample[] {
  const rng = createRng(seed, 73)
  const common = Math.sqrt(model.correlation)
  const own = Math.sqrt(1 - model.correlation)
  const keep = model.neighbour
  const fresh = Math.sqrt(1 - keep * keep)
  return model.datasets.flatMap(({ name, samples, shift }) =>
    Array.from({ length: samples }, () => {
      // Darker images have fewer edges: a positive shift means sparser.
      const z = rng.normal() - shift
      let e = rng.normal()
      const densities = Float64Array.from(model.means, (mean, layer) => {
        if (layer > 0) e = keep * e + fresh * rng.normal()
        if (layer < model.fixed) return mean
        const logit = Math.log(mean / (1 - mean)) + model.spread * (common * z + own * e)
        return 1 / (1 + Math.exp(-logit))
      })
      return { dataset: name, densities }
    }),
  )
}

/**
 * The spread at which a statistic of the draws reaches its target (bisection over 0 … 2; the statistic must grow with
 * the spread).
 */
export function calibrateSpread(target: number, statistic: (spread: number) => number): number {
  let low = 0
  let high = 2
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2
    if (statistic(middle) < target) low = middle
    else high = middle
  }
  return Number(((low + high) / 2).toFixed(5))
}
