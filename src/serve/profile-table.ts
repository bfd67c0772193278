import type { Trace } from '../model/index.js'
import { pairwiseMean } from './pairwise-mean.js'

/** What a scheduler knows about one network before any of its layers has run: means over the profiled samples. */
export interface Profile {
  /** Mean isolated latency of the network with this sparsity pattern, seconds. */
  readonly patternLatencyS: number
  /** The same over all patterns of the network: what a pattern-blind scheduler knows, and what SLOs are measured by. */
  readonly networkLatencyS: number
  /** Mean latency per layer, this pattern. */
  readonly patternLayerS: Float64Array
  /** Mean latency per layer, all patterns of the network. */
  readonly networkLayerS: Float64Array
  /** Mean sparsity per layer, this pattern. */
  readonly layerSparsity: Float64Array
  /** Isolated latency of each sample, seconds. */
  readonly isolatedS: Float64Array
}

/**
 * The look-up table: one profile per trace (specification §2). Sums run in the published order, so the means are
 * the published ones to the last bit.
 * @throws RangeError when two traces of one network differ in their number of layers
 */
export function profileTraces(traces: readonly Trace[]): readonly Profile[] {
  const own = traces.map(profilePattern)
  return traces.map((trace, i) => {
    const profile = own[i]
    if (trace.network === undefined) {
      return Object.freeze({
        ...profile,
        networkLatencyS: profile.patternLatencyS,
        networkLayerS: profile.patternLayerS,
      })
    }
    const layers = new Float64Array(trace.layerCount)
    let total = 0
    let samples = 0
    traces.forEach((other, j) => {
      if (other.network !== trace.network) return
      if (other.layerCount !== trace.layerCount) {
        throw new RangeError(
          `traces ${trace.name} and ${other.name} of network ${trace.network} have ${trace.layerCount} and ${other.layerCount} layers`,
        )
      }
      for (let l = 0; l < layers.length; l++)
        layers[l] += other.sampleCount * own[j].patternLayerS[l]
      total += other.sampleCount * own[j].patternLatencyS
      samples += other.sampleCount
    })
    return Object.freeze({
      ...profile,
      networkLatencyS: total / samples,
      networkLayerS: layers.map((value) => value / samples),
    })
  })
}

type PatternProfile = Omit<Profile, 'networkLatencyS' | 'networkLayerS'>

function profilePattern(trace: Trace): PatternProfile {
  const { sampleCount, layerCount } = trace
  const order = trace.sampleOrder ?? Int32Array.from({ length: sampleCount }, (_, s) => s)
  const patternLayerS = new Float64Array(layerCount)
  const layerSparsity = new Float64Array(layerCount)
  const isolatedS = new Float64Array(sampleCount)
  const isolatedInOrder = new Float64Array(sampleCount)
  order.forEach((sample, position) => {
    const row = sample * layerCount
    let isolated = 0
    for (let l = 0; l < layerCount; l++) {
      patternLayerS[l] += trace.latencyS[row + l]
      layerSparsity[l] += trace.sparsity[row + l]
      isolated += trace.latencyS[row + l]
    }
    isolatedS[sample] = isolated
    isolatedInOrder[position] = isolated
  })
  for (let l = 0; l < layerCount; l++) {
    patternLayerS[l] /= sampleCount
    layerSparsity[l] /= sampleCount
  }
  return { patternLatencyS: pairwiseMean(isolatedInOrder), patternLayerS, layerSparsity, isolatedS }
}
