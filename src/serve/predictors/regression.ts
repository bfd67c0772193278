import type { Predictor } from './predictor.js'
import { factorTable } from './predictor.js'

const SMALLEST_FACTOR = 0.05

/**
 * Straight line, with intercept, from the density ratio of the last executed layer to the ratio of true to profiled
 * remaining latency, fitted per layer to the profile: the repaired form of the published regression (specification §6.2).
 */
export const regression: Predictor = {
  name: 'regression',
  summary: 'least-squares line from the last layer’s density ratio to the remaining latency',
  factors(trace, profile, conventions) {
    const { sampleCount, layerCount } = trace
    const last = factorTable(trace, profile, conventions, (ratios, k) => ratios[k - 1])
    const factors = new Float64Array(last.length).fill(1)
    for (let k = 1; k < layerCount; k++) {
      let profiled = 0
      for (let l = k; l < layerCount; l++) profiled += profile.patternLayerS[l]
      let sx = 0
      let sy = 0
      let sxx = 0
      let sxy = 0
      for (let s = 0; s < sampleCount; s++) {
        let remaining = 0
        for (let l = k; l < layerCount; l++) remaining += trace.latencyS[s * layerCount + l]
        const x = last[s * (layerCount + 1) + k]
        const y = remaining / profiled
        sx += x
        sy += y
        sxx += x * x
        sxy += x * y
      }
      const spread = sxx - (sx * sx) / sampleCount
      const slope = spread > 1e-12 * sxx ? (sxy - (sx * sy) / sampleCount) / spread : 0
      const intercept = (sy - slope * sx) / sampleCount
      for (let s = 0; s < sampleCount; s++) {
        const i = s * (layerCount + 1) + k
        factors[i] = Math.max(SMALLEST_FACTOR, intercept + slope * last[i])
      }
    }
    return factors
  },
}
