import type { Trace } from '../model/index.js'
import type { ServeConventions } from './conventions.js'
import { profileTraces, type Profile } from './profile-table.js'
import type { Predictor } from './predictors/index.js'

/**
 * Everything that a simulation looks up per layer, on flat arrays. Remaining-latency sums are taken left to right
 * from each layer (not by a backward recurrence), because that is the rounding which the published program has.
 */
export interface ServeTables {
  readonly traces: readonly Trace[]
  readonly profiles: readonly Profile[]
  readonly conventions: ServeConventions
  /** Layers of trace t. */
  readonly layerCount: Int32Array
  /** Start of trace t's estimates: `estimate[estimateStart[t] + k]` after k = 0 … L layers. */
  readonly estimateStart: Int32Array
  /** Start of trace t's samples: `real[sampleStart[t] + sample * (L + 1) + k]`. */
  readonly sampleStart: Int32Array
  /** Remaining mean latency after k layers, with and without knowledge of the sparsity pattern. */
  readonly patternRemainingS: Float64Array
  readonly networkRemainingS: Float64Array
  /** Mean latency of the layer after k layers. */
  readonly patternNextS: Float64Array
  readonly networkNextS: Float64Array
  /** True remaining latency after k layers, and the true latency of the next layer. */
  readonly realRemainingS: Float64Array
  readonly realNextS: Float64Array
  /** Correction factors by predictor, made when first asked for. */
  factors(predictor: Predictor): Float64Array
}

/** Builds the tables once per set of traces; O(Σ L²) because of the order of summation. */
export function createTables(traces: readonly Trace[], conventions: ServeConventions): ServeTables {
  const profiles = profileTraces(traces)
  const layerCount = Int32Array.from(traces, (t) => t.layerCount)
  const estimateStart = starts(traces.map((t) => t.layerCount + 1))
  const sampleStart = starts(traces.map((t) => t.sampleCount * (t.layerCount + 1)))
  const estimates = estimateStart[traces.length]
  const samples = sampleStart[traces.length]
  const patternRemainingS = new Float64Array(estimates)
  const networkRemainingS = new Float64Array(estimates)
  const patternNextS = new Float64Array(estimates)
  const networkNextS = new Float64Array(estimates)
  const realRemainingS = new Float64Array(samples)
  const realNextS = new Float64Array(samples)
  traces.forEach((trace, t) => {
    fill(
      profiles[t].patternLayerS,
      0,
      trace.layerCount,
      patternRemainingS,
      patternNextS,
      estimateStart[t],
    )
    fill(
      profiles[t].networkLayerS,
      0,
      trace.layerCount,
      networkRemainingS,
      networkNextS,
      estimateStart[t],
    )
    for (let s = 0; s < trace.sampleCount; s++) {
      const start = sampleStart[t] + s * (trace.layerCount + 1)
      fill(trace.latencyS, s * trace.layerCount, trace.layerCount, realRemainingS, realNextS, start)
    }
  })
  const cache = new Map<Predictor, Float64Array>()
  return {
    traces,
    profiles,
    conventions,
    layerCount,
    estimateStart,
    sampleStart,
    patternRemainingS,
    networkRemainingS,
    patternNextS,
    networkNextS,
    realRemainingS,
    realNextS,
    factors(predictor) {
      let all = cache.get(predictor)
      if (all === undefined) {
        all = new Float64Array(samples)
        for (const [t, trace] of traces.entries())
          all.set(predictor.factors(trace, profiles[t], conventions), sampleStart[t])
        cache.set(predictor, all)
      }
      return all
    },
  }
}

function starts(sizes: readonly number[]): Int32Array {
  const out = new Int32Array(sizes.length + 1)
  sizes.forEach((size, i) => (out[i + 1] = out[i] + size))
  return out
}

function fill(
  layers: Float64Array,
  from: number,
  count: number,
  remaining: Float64Array,
  next: Float64Array,
  to: number,
): void {
  for (let k = 0; k < count; k++) {
    let sum = 0
    for (let l = k; l < count; l++) sum += layers[from + l]
    remaining[to + k] = sum
    next[to + k] = layers[from + k]
  }
}
