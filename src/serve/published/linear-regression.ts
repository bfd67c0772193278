import { MersenneTwister } from '../../base/index.js'
import type { Trace } from '../../model/index.js'
import { errorsOf, remainingSums, type PredictorErrors } from '../predictor-errors.js'
import type { Profile } from '../profile-table.js'

/** The published regression baseline of one trace. */
export interface PublishedRegression {
  readonly trainSize: number
  readonly testSize: number
  /** Slope per layer 1 … L − 1. */
  readonly slopes: Float64Array
  readonly errors: PredictorErrors
}

const SEED = 1

/**
 * The published regression (specification §6.2), faults included: fitted with an intercept that prediction leaves
 * out, applied to the raw sparsity of the layer before, not scaled by latency, evaluated on its own training data.
 * The repaired form is the `regression` predictor.
 */
export function publishedRegression(
  traces: readonly Trace[],
  profiles: readonly Profile[],
): PublishedRegression[] {
  const rng = new MersenneTwister(SEED)
  return traces.map((trace, t) => {
    const train: number[] = []
    for (let s = 0; s < trace.sampleCount; s++) if (rng.random() <= 0.5) train.push(s)
    const slopes = fitSlopes(trace, train)
    const { layerCount, sparsity } = trace
    return {
      trainSize: train.length,
      testSize: trace.sampleCount - train.length,
      slopes,
      errors: errorsOf(
        trace,
        profiles[t],
        (s, k) => slopes[k - 1] * sparsity[s * layerCount + k - 1],
      ),
    }
  })
}

function fitSlopes(trace: Trace, train: readonly number[]): Float64Array {
  const { layerCount, latencyS, sparsity } = trace
  const meanS = new Float64Array(layerCount)
  const meanSparsity = new Float64Array(layerCount)
  for (const s of train) {
    for (let l = 0; l < layerCount; l++) {
      meanS[l] += latencyS[s * layerCount + l] / train.length
      meanSparsity[l] += sparsity[s * layerCount + l] / train.length
    }
  }
  const meanRemainingS = remainingSums(meanS, 0, layerCount)
  const remainingS = train.map((s) => remainingSums(latencyS, s * layerCount, layerCount))
  return Float64Array.from({ length: Math.max(0, layerCount - 1) }, (_, i) => {
    const layer = i + 1
    const x = train.map((s) => (1 - sparsity[s * layerCount + layer]) / (1 - meanSparsity[layer]))
    const y = remainingS.map((sums) => sums[layer] / meanRemainingS[layer])
    return slopeOf(x, y)
  })
}

function slopeOf(x: readonly number[], y: readonly number[]): number {
  const meanX = x.reduce((a, b) => a + b, 0) / x.length
  const meanY = y.reduce((a, b) => a + b, 0) / y.length
  let numerator = 0
  let denominator = 0
  x.forEach((value, i) => {
    numerator += (value - meanX) * (y[i] - meanY)
    denominator += (value - meanX) ** 2
  })
  return numerator / denominator
}
