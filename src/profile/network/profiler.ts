import { InputError } from '../../base/index.js'
import type { LayerFacts, LayerMeasurement, OnnxGraph } from '../../model/index.js'
import type { LatencyModel } from '../latency-model.js'
import { loadConstant, type ConstantReader, type TensorValue } from '../runtime.js'
import { attentionMeter } from './attention-meter.js'
import type { SkippedNodes } from './find-layers.js'
import { measuredSites } from './measured-sites.js'
import { splitPasses, type Pass } from './passes.js'
import { predictionInputs, type MaskPrediction } from './predicted-probabilities.js'
import { productMeter } from './product-meter.js'

export interface ProfilerOptions {
  readonly accelerator: LatencyModel
  /** Probabilities at or below this are pruned from attention. */
  readonly threshold: number
  /** Predict which probabilities are pruned as the hardware does; default: from the exact probabilities. */
  readonly prediction?: MaskPrediction
  /** Finds the weights of a layer; they are read once, piece by piece, and only where they are zero is kept. */
  readonly readWeights: ConstantReader
}

/** Measures a network's layers sample by sample. */
export interface Profiler {
  /** Intermediate values that a runtime must be able to return. */
  readonly wanted: readonly string[]
  /** The runs of the network that measure all layers of a sample; see {@link splitPasses}. */
  passes(bytesOf: (value: string) => number | undefined, limitBytes: number): readonly Pass[]
  /** Nodes and layers that are not in the trace, and why. */
  readonly skipped: readonly SkippedNodes[]
  readonly layerNames: readonly string[]
  /** Known after the first sample. */
  facts(): readonly LayerFacts[]
  /**
   * Measures the layers of one pass on one sample; all layers by default.
   * @param values the network's inputs and the wanted values
   * @throws InputError E-PRF-001 (NaN or infinite activations), E-PRF-002 (shapes), E-PRF-003 (a value is missing)
   */
  measure(
    values: ReadonlyMap<string, TensorValue>,
    sample: number,
    pass?: Pass,
  ): readonly LayerMeasurement[]
}

/**
 * Prepares the measurement of a graph on an accelerator, of the layers that {@link measuredSites} chooses.
 * @throws InputError (E-PRF-004) when the accelerator can run no layer of the graph
 */
export function createProfiler(graph: OnnxGraph, options: ProfilerOptions): Profiler {
  const { accelerator, threshold, prediction, readWeights } = options
  const { sites, skipped } = measuredSites(graph, accelerator)
  const inputs = new Set(graph.inputs.map((input) => input.name))
  const needs = sites.map((site) => {
    const values =
      site.kind === 'attention'
        ? [site.probabilities, site.output, ...(prediction ? predictionInputs(site) : [])]
        : [site.input, site.output, ...(site.weightsAreConstant ? [] : [site.weights])]
    return values.filter((value) => !inputs.has(value) && !graph.initializers.has(value))
  })
  const facts = new Array<LayerFacts | undefined>(sites.length).fill(undefined)
  const measureProduct = productMeter(accelerator, readWeights, facts)
  const measureAttention = attentionMeter(accelerator, threshold, prediction, facts)
  return {
    wanted: [...new Set(needs.flat())],
    passes: (bytesOf, limitBytes) => splitPasses(needs, bytesOf, limitBytes),
    skipped,
    layerNames: sites.map((site) => site.name),
    facts: () => facts.filter((each) => each !== undefined),
    measure: (values, sample, pass) => {
      const value = (name: string): TensorValue => {
        const found = values.get(name)
        if (found !== undefined) return found
        if (graph.initializers.has(name)) return loadConstant(readWeights(name))
        throw new InputError({
          code: 'E-PRF-003',
          message: `the runtime did not return the value "${name}"`,
        })
      }
      const first = pass?.from ?? 0
      return sites
        .slice(first, pass?.to)
        .map((site, i) =>
          site.kind === 'attention'
            ? measureAttention(site, first + i, value, sample)
            : measureProduct(site, first + i, value, sample),
        )
    },
  }
}
