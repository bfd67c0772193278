import { InputError } from '../../base/index.js'
import type { LayerFacts, LayerMeasurement } from '../../model/index.js'
import { channelPrunedMacs } from '../channel-pruned.js'
import type { InputActivity, LatencyModel, LayerCycles } from '../latency-model.js'
import { sizeOf, type ConstantReader, type ConstantTensor, type TensorValue } from '../runtime.js'
import { denseMacs, weightElements } from '../sparse-layer.js'
import { pairs, tapVisits, weightTaps } from '../valid-macs.js'
import { describeLayer } from './describe-layer.js'
import type { LayerSite } from './find-layers.js'
import { viewLayer, type LayerView } from './layer-operands.js'
import { nonZero, scratch } from './non-zero.js'
import { weightPattern } from './weight-pattern.js'

type ProductSite = Exclude<LayerSite, { kind: 'attention' }>

/** What is worked out once per layer and input shape. */
interface Prepared {
  readonly view: LayerView
  readonly taps: Uint32Array
  readonly latency: (input: InputActivity) => LayerCycles
}

/**
 * Measures convolutions and matrix products: zeros of their operands, exact valid multiply-accumulates, time.
 * @param facts by layer; filled in when a layer is first seen
 */
export function productMeter(
  accelerator: LatencyModel,
  readWeights: ConstantReader,
  facts: (LayerFacts | undefined)[],
): (
  site: ProductSite,
  index: number,
  value: (name: string) => TensorValue,
  sample: number,
) => LayerMeasurement {
  const prepared = new Map<string, Prepared>()
  // Where weights are zero is forgotten once a layer is prepared: two pieces of memory serve all layers.
  const read = scratch()
  const arranged = scratch()

  const prepare = (
    site: ProductSite,
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
      shape: describeLayer(view.layer),
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

  return (
    site: ProductSite,
    index: number,
    value: (name: string) => TensorValue,
    sample: number,
  ): LayerMeasurement => {
    const input = value(site.input)
    const key = `${index}:${input.dims.join('x')}`
    let known = site.weightsAreConstant ? prepared.get(key) : undefined
    if (known === undefined) {
      const weights = site.weightsAreConstant ? readWeights(site.weights) : value(site.weights)
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
}
