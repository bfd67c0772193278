import type { LayerFacts, LayerMeasurement } from '../../model/index.js'
import type { LatencyModel } from '../latency-model.js'
import { sizeOf, type TensorValue } from '../runtime.js'
import { scoreStatistics } from '../sanger/index.js'
import { denseMacs, type AttentionLayer } from '../sparse-layer.js'
import { describeLayer } from './describe-layer.js'
import type { LayerSite } from './find-layers.js'
import { nonZero } from './non-zero.js'
import { predictedProbabilities, type MaskPrediction } from './predicted-probabilities.js'

type AttentionSite = Extract<LayerSite, { kind: 'attention' }>

/**
 * Measures attentions: which probabilities survive the threshold, and the time of what is left.
 * @param prediction how the hardware guesses which survive; undefined: by the probabilities themselves
 * @param facts by layer; filled in when a layer is first seen
 */
export function attentionMeter(
  accelerator: LatencyModel,
  threshold: number,
  prediction: MaskPrediction | undefined,
  facts: (LayerFacts | undefined)[],
): (
  site: AttentionSite,
  index: number,
  value: (name: string) => TensorValue,
  sample: number,
) => LayerMeasurement {
  return (
    site: AttentionSite,
    index: number,
    value: (name: string) => TensorValue,
    sample: number,
  ): LayerMeasurement => {
    const probabilities = value(site.probabilities)
    const [queries, keys] = probabilities.dims.slice(-2)
    const output = value(site.output)
    const layer: AttentionLayer = {
      kind: 'attention',
      name: site.name,
      heads: sizeOf(probabilities.dims.slice(0, -2)),
      queries,
      keys,
      headWidth: output.dims[output.dims.length - 1],
    }
    facts[index] ??= {
      name: site.name,
      operator: 'attention',
      shape: describeLayer(layer),
      denseMacs: denseMacs(layer),
      weights: 0,
    }
    const what = `probabilities of "${site.name}" in sample ${sample}`
    const judged = prediction ? predictedProbabilities(site, prediction, value) : probabilities
    const kept = nonZero(judged, what, threshold)
    // Positions with probability exactly 0 were masked out (padding, causality): no hardware looks at them.
    const allowed = nonZero(probabilities, what)
    const scores = scoreStatistics(layer.heads, queries, keys, kept.mask, allowed.mask)
    const time = accelerator.prepare(layer, { kind: 'density', density: 1 })({
      kind: 'scores',
      scores,
    })
    const density = scores.allowed === 0 ? 0 : scores.allowedSurvivors / scores.allowed
    return {
      inputZeros: allowed.zeros,
      outputZeros: nonZero(output, `output of "${site.name}" in sample ${sample}`).zeros,
      sparsity: 1 - density,
      validMacs: 2 * scores.survivors * layer.headWidth,
      denseMacs: denseMacs(layer),
      cycles: time.cycles,
      latencyS: time.latencyS,
    }
  }
}
