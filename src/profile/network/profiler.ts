import { InputError } from '../../base/index.js'
import type { LayerFacts, LayerMeasurement, OnnxGraph } from '../../model/index.js'
import { channelPrunedMacs } from '../channel-pruned.js'
import type { LatencyModel, LayerCycles, InputActivity } from '../latency-model.js'
import type { Mask } from '../mask.js'
import {
  loadConstant,
  sizeOf,
  type ConstantReader,
  type ConstantTensor,
  type TensorValue,
} from '../runtime.js'
import { scoreStatistics } from '../sanger/index.js'
import {
  denseMacs,
  weightElements,
  type AttentionLayer,
  type SparseLayer,
} from '../sparse-layer.js'
import { pairs, tapVisits, weightTaps } from '../valid-macs.js'
import { findLayers, type LayerSite, type SkippedNodes } from './find-layers.js'
import {
  predictedProbabilities,
  predictionInputs,
  type MaskPrediction,
} from './predicted-probabilities.js'
import { viewLayer, type LayerView } from './layer-operands.js'
import { splitPasses, type Pass } from './passes.js'
import { weightPattern } from './weight-pattern.js'

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

/** What is worked out once per layer and input shape. */
interface Prepared {
  readonly view: LayerView
  readonly taps: Uint32Array
  readonly latency: (input: InputActivity) => LayerCycles
}

/**
 * Prepares the measurement of a graph on an accelerator. An attention is one layer on an accelerator that knows
 * attention, and the two products it contains elsewhere.
 * @throws InputError (E-PRF-004) when the accelerator can run no layer of the graph
 */
export function createProfiler(graph: OnnxGraph, options: ProfilerOptions): Profiler {
  const { accelerator } = options
  const found = findLayers(graph)
  const knowsAttention = accelerator.rejects(probe) === undefined
  const candidates = found.sites.filter((site) =>
    site.kind === 'attention' ? knowsAttention : !(knowsAttention && site.attention !== undefined),
  )
  // Whether an accelerator runs matrix products at all can be asked before any shape is known.
  const noProducts = accelerator.rejects(productProbe)
  const attentionOnly = knowsAttention && noProducts !== undefined
  const sites = candidates.filter((site) => site.kind === 'attention' || !attentionOnly)
  const skipped: SkippedNodes[] = [...found.skipped]
  if (attentionOnly && sites.length < candidates.length) {
    const nodes = candidates.filter((site) => site.kind !== 'attention').map((site) => site.name)
    skipped.push({ operator: 'Conv, Gemm, MatMul', nodes, reason: noProducts })
  }
  if (sites.length === 0) {
    throw new InputError({
      code: 'E-PRF-004',
      message: `the graph has no layer that ${accelerator.name} runs`,
      hint:
        skipped.length > 0
          ? `not measured: ${skipped.map((each) => each.operator).join(', ')}`
          : 'choose another accelerator',
    })
  }
  const inputs = new Set(graph.inputs.map((input) => input.name))
  const needs = sites.map((site) => {
    const values =
      site.kind === 'attention'
        ? [site.probabilities, site.output, ...(options.prediction ? predictionInputs(site) : [])]
        : [site.input, site.output, ...(site.weightsAreConstant ? [] : [site.weights])]
    return values.filter((value) => !inputs.has(value) && !graph.initializers.has(value))
  })
  const facts = new Array<LayerFacts | undefined>(sites.length).fill(undefined)
  const prepared = new Map<string, Prepared>()
  // Where weights are zero is forgotten once a layer is prepared: two pieces of memory serve all layers.
  const read = scratch()
  const arranged = scratch()

  const prepare = (
    site: Exclude<LayerSite, { kind: 'attention' }>,
    index: number,
    input: TensorValue,
    weights: TensorValue | ConstantTensor,
  ): Prepared => {
    const view = viewLayer(site, input.dims, weights.dims)
    const refusal = accelerator.rejects(view.layer)
    if (refusal !== undefined) {
      throw new InputError({
        code: 'E-PRF-005',
        message: refusal,
        hint: 'choose another accelerator, or leave --as-published away',
      })
    }
    const tensorMask = nonZero(
      weights,
      `weights of "${site.name}"`,
      0,
      read(sizeOf(weights.dims)).fill(0),
    )
    const mask = view.arrangeWeights(tensorMask.mask, arranged(weightElements(view.layer)))
    facts[index] ??= {
      name: site.name,
      operator: site.kind,
      shape: describe(view.layer),
      denseMacs: denseMacs(view.layer),
      weights: mask.length,
      ...(site.weightsAreConstant
        ? { weightZeros: tensorMask.zeros, weightPattern: weightPattern(view.layer, mask) }
        : {}),
    }
    return {
      view,
      taps: weightTaps(view.layer, mask),
      latency: accelerator.prepare(view.layer, { kind: 'mask', mask }),
    }
  }

  const measureProduct = (
    site: Exclude<LayerSite, { kind: 'attention' }>,
    index: number,
    value: (name: string) => TensorValue,
    sample: number,
  ): LayerMeasurement => {
    const input = value(site.input)
    const key = `${index}:${input.dims.join('x')}`
    let known = site.weightsAreConstant ? prepared.get(key) : undefined
    if (known === undefined) {
      const weights = site.weightsAreConstant
        ? options.readWeights(site.weights)
        : value(site.weights)
      known = prepare(site, index, input, weights)
      if (site.weightsAreConstant) prepared.set(key, known)
    }
    const activations = nonZero(input, `input of "${site.name}" in sample ${sample}`)
    const mask = known.view.arrangeInput(activations.mask)
    const { layer } = known.view
    const time = known.latency({ kind: 'mask', mask })
    const visits = tapVisits(layer, mask)
    const { weightZeros = 0 } = facts[index] ?? {}
    return {
      inputZeros: activations.zeros,
      outputZeros: nonZero(value(site.output), `output of "${site.name}" in sample ${sample}`)
        .zeros,
      sparsity: activations.zeros,
      validMacs: pairs(visits, known.taps),
      ...(weightZeros > 0
        ? { channelPrunedMacs: channelPrunedMacs(layer, visits, 1 - weightZeros) }
        : {}),
      denseMacs: denseMacs(layer),
      cycles: time.cycles,
      latencyS: time.latencyS,
    }
  }

  const measureAttention = (
    site: Extract<LayerSite, { kind: 'attention' }>,
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
      shape: describe(layer),
      denseMacs: denseMacs(layer),
      weights: 0,
    }
    const what = `probabilities of "${site.name}" in sample ${sample}`
    const judged = options.prediction
      ? predictedProbabilities(site, options.prediction, value)
      : probabilities
    const kept = nonZero(judged, what, options.threshold)
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
        if (graph.initializers.has(name)) return loadConstant(options.readWeights(name))
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

const probe: AttentionLayer = {
  kind: 'attention',
  name: 'attention',
  heads: 1,
  queries: 64,
  keys: 64,
  headWidth: 64,
}

const productProbe: SparseLayer = {
  kind: 'conv',
  name: 'product',
  operator: 'linear',
  inputChannels: 64,
  outputChannels: 64,
  groups: 1,
  height: 1,
  width: 1,
  kernel: { y: 1, x: 1 },
  stride: { y: 1, x: 1 },
  dilation: { y: 1, x: 1 },
  padding: { top: 0, bottom: 0, left: 0, right: 0 },
}

/** Memory that is used again: gives the first bytes of an array that grows with the largest wish. */
function scratch(): (size: number) => Mask {
  let bytes = new Uint8Array(0)
  return (size) => {
    if (bytes.length < size) bytes = new Uint8Array(size)
    return bytes.subarray(0, size)
  }
}

/** Mask of elements above `threshold` in magnitude, and the fraction of the others. `mask` must be all zero. */
function nonZero(
  tensor: TensorValue | ConstantTensor,
  what: string,
  threshold = 0,
  mask: Mask = new Uint8Array(sizeOf(tensor.dims)),
): { readonly mask: Mask; readonly zeros: number } {
  let ones = 0
  const take = (values: TensorValue['data'], start: number): void => {
    for (let i = 0; i < values.length; i++) {
      const value = values[i]
      if (!Number.isFinite(value)) {
        throw new InputError({
          code: 'E-PRF-001',
          message: `${what}: element ${start + i} is ${value}`,
          hint: 'the network or its input is broken: sparsity of such values means nothing',
        })
      }
      if (value > threshold || value < -threshold) {
        mask[start + i] = 1
        ones++
      }
    }
  }
  if ('data' in tensor) take(tensor.data, 0)
  else tensor.forEachPiece(take)
  return { mask, zeros: mask.length === 0 ? 0 : 1 - ones / mask.length }
}

function describe(layer: SparseLayer): string {
  if (layer.kind === 'attention') {
    return `${layer.heads} heads ${layer.queries}x${layer.keys} width ${layer.headWidth}`
  }
  const { inputChannels: c, outputChannels: m, kernel, stride, height, width, groups } = layer
  if (layer.operator !== 'conv')
    return `${c}->${m} rows ${height}${groups > 1 ? ` groups ${groups}` : ''}`
  const step = stride.y === 1 && stride.x === 1 ? '' : ` stride ${stride.y}`
  return `${c}x${height}x${width}->${m} kernel ${kernel.y}x${kernel.x}${step}${groups > 1 ? ` groups ${groups}` : ''}`
}
