import { mean, percentileOfSorted, standardDeviation } from '../../base/index.js'
import type { LayerMeasurement, NetworkProfile } from '../../model/index.js'

/** A sample of numbers in brief; quartiles by linear interpolation. */
export interface Spread {
  readonly mean: number
  readonly deviation: number
  readonly min: number
  readonly q1: number
  readonly median: number
  readonly q3: number
  readonly max: number
  /** (max − min) / mean: the published "relative range"; 0 for a mean of 0. */
  readonly relativeRange: number
}

/** Describes a sample; NaN everywhere for an empty one. */
export function spread(values: ArrayLike<number>): Spread {
  const sorted = Float64Array.from(values).sort()
  const average = mean(values)
  const min = sorted.length > 0 ? sorted[0] : Number.NaN
  const max = sorted.length > 0 ? sorted[sorted.length - 1] : Number.NaN
  return {
    mean: average,
    deviation: standardDeviation(values),
    min,
    q1: percentileOfSorted(sorted, 25),
    median: percentileOfSorted(sorted, 50),
    q3: percentileOfSorted(sorted, 75),
    max,
    relativeRange: average === 0 ? 0 : (max - min) / average,
  }
}

/** One quantity of one layer over all samples. */
export function layerValues(
  profile: NetworkProfile,
  layer: number,
  pick: (measurement: LayerMeasurement) => number,
): Float64Array {
  return Float64Array.from(profile.samples, (sample) => pick(sample.layers[layer]))
}

/** Layer sparsity as published (§9.1): 1 − valid / dense MACs; zero padding counts as sparsity. */
export const macSparsity = (m: LayerMeasurement): number =>
  m.denseMacs === 0 ? 0 : 1 - m.validMacs / m.denseMacs

/** Per sample: isolated latency of the whole network, seconds. */
export function networkLatencies(profile: NetworkProfile): Float64Array {
  return Float64Array.from(profile.samples, ({ layers }) =>
    layers.reduce((sum, layer) => sum + layer.latencyS, 0),
  )
}

/** Per sample: valid MACs of the network over its dense MACs. */
export function validMacRatios(profile: NetworkProfile): Float64Array {
  return Float64Array.from(profile.samples, ({ layers }) => {
    const valid = layers.reduce((sum, layer) => sum + layer.validMacs, 0)
    return valid / layers.reduce((sum, layer) => sum + layer.denseMacs, 0)
  })
}

/** Pearson correlation of the monitored sparsity between every two layers; 0 where a layer never changes. */
export function sparsityCorrelation(profile: NetworkProfile): Float64Array {
  const count = profile.layers.length
  const columns = profile.layers.map((_, layer) => layerValues(profile, layer, (m) => m.sparsity))
  const means = columns.map((values) => mean(values))
  const norms = columns.map((values, l) =>
    Math.sqrt(values.reduce((sum, value) => sum + (value - means[l]) ** 2, 0)),
  )
  const matrix = new Float64Array(count * count)
  for (let a = 0; a < count; a++) {
    for (let b = 0; b <= a; b++) {
      let product = 0
      for (let s = 0; s < columns[a].length; s++) {
        product += (columns[a][s] - means[a]) * (columns[b][s] - means[b])
      }
      const scale = norms[a] * norms[b]
      const value = scale < 1e-12 ? 0 : product / scale
      matrix[a * count + b] = value
      matrix[b * count + a] = value
    }
  }
  return matrix
}

/** Mean correlation between different layers that change at all. */
export function meanCorrelation(profile: NetworkProfile): number {
  const count = profile.layers.length
  const matrix = sparsityCorrelation(profile)
  const varying = profile.layers.map(
    (_, layer) => standardDeviation(layerValues(profile, layer, (m) => m.sparsity)) > 1e-9,
  )
  let sum = 0
  let pairs = 0
  for (let a = 0; a < count; a++) {
    for (let b = 0; b < a; b++) {
      if (!varying[a] || !varying[b]) continue
      sum += matrix[a * count + b]
      pairs++
    }
  }
  return pairs === 0 ? Number.NaN : sum / pairs
}
