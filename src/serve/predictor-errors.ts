import type { Trace } from '../model/index.js'
import type { Profile } from './profile-table.js'

/** Errors of predicted remaining latencies (prediction − truth, seconds) over all samples and 1 … L − 1 executed layers. */
export interface PredictorErrors {
  /** Mean of the signed error: what the published report calls "abs error". */
  readonly meanSignedS: number
  /** Mean of signed error over truth. */
  readonly meanSignedRelative: number
  readonly meanSquaredS2: number
  readonly rmseS: number
  readonly meanAbsoluteS: number
  readonly meanAbsoluteRelative: number
}

/** Errors of any prediction rule; `predict(sample, k, profiledS)` estimates the remaining latency after `k` layers. */
export function errorsOf(
  trace: Trace,
  profile: Profile,
  predict: (sample: number, executed: number, profiledS: number) => number,
): PredictorErrors {
  const { sampleCount, layerCount, latencyS } = trace
  const profiledS = remainingSums(profile.patternLayerS, 0, layerCount)
  const total = { signed: 0, relative: 0, squared: 0, absolute: 0, absoluteRelative: 0 }
  for (let s = 0; s < sampleCount; s++) {
    const realS = remainingSums(latencyS, s * layerCount, layerCount)
    for (let k = 1; k < layerCount; k++) {
      const error = predict(s, k, profiledS[k]) - realS[k]
      const relative = error / realS[k]
      total.signed += error
      total.relative += relative
      total.squared += error * error
      total.absolute += Math.abs(error)
      total.absoluteRelative += Math.abs(relative)
    }
  }
  // A network of one layer has nothing to predict: all errors are 0.
  const count = Math.max(1, sampleCount * (layerCount - 1))
  return {
    meanSignedS: total.signed / count,
    meanSignedRelative: total.relative / count,
    meanSquaredS2: total.squared / count,
    rmseS: Math.sqrt(total.squared / count),
    meanAbsoluteS: total.absolute / count,
    meanAbsoluteRelative: total.absoluteRelative / count,
  }
}

/** Errors of a factor table: prediction = factor × profiled remaining latency. */
export function predictorErrors(
  trace: Trace,
  profile: Profile,
  factors: Float64Array,
): PredictorErrors {
  const stride = trace.layerCount + 1
  return errorsOf(trace, profile, (s, k, profiledS) => factors[s * stride + k] * profiledS)
}

/** Sums of `values[from + k … from + count − 1]`, each left to right. */
export function remainingSums(values: Float64Array, from: number, count: number): Float64Array {
  const sums = new Float64Array(count)
  for (let k = 0; k < count; k++) {
    let sum = 0
    for (let l = k; l < count; l++) sum += values[from + l]
    sums[k] = sum
  }
  return sums
}

/** Pearson correlation of the sparsities of every two layers across samples; NaN where a layer never varies. */
export function sparsityCorrelation(trace: Trace): readonly Float64Array[] {
  const { sampleCount, layerCount, sparsity } = trace
  const means = new Float64Array(layerCount)
  for (let i = 0; i < sparsity.length; i++) means[i % layerCount] += sparsity[i] / sampleCount
  const covariance = (a: number, b: number): number => {
    let sum = 0
    for (let s = 0; s < sampleCount; s++) {
      const row = s * layerCount
      sum += (sparsity[row + a] - means[a]) * (sparsity[row + b] - means[b])
    }
    return sum
  }
  const spread = Float64Array.from({ length: layerCount }, (_, l) => covariance(l, l))
  return Array.from({ length: layerCount }, (_, a) =>
    Float64Array.from(
      { length: layerCount },
      (_, b) => covariance(a, b) / Math.sqrt(spread[a] * spread[b]),
    ),
  )
}
