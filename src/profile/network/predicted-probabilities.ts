import { InputError } from '../../base/index.js'
import { nodeLabel } from '../../model/index.js'
import { applyOperator } from '../interpreter/index.js'
import type { TensorValue } from '../runtime.js'
import { quantise } from '../sanger/index.js'
import type { LayerSite } from './find-layers.js'

/** How attention masks are predicted before the scores are computed. */
export interface MaskPrediction {
  /** Bits of a quantised query or key; 4 in the published design. */
  readonly bits: number
  /** Version of the standard operators, which decides what a softmax's axis means. */
  readonly opset: number
}

type AttentionSite = Extract<LayerSite, { kind: 'attention' }>

/** Values of the graph that {@link predictedProbabilities} reads. */
export function predictionInputs({ scorePath }: AttentionSite): string[] {
  const computed = new Set(scorePath.flatMap((node) => node.outputs))
  return scorePath
    .flatMap((node) => node.inputs)
    .filter((value) => value !== '' && !computed.has(value))
}

/**
 * Probabilities that low-precision queries and keys give: both operands of the score product are quantised with the
 * largest magnitude of the sample, and the graph's own scaling, masks and softmax follow.
 * @throws InputError (E-PRF-010) for a step that cannot be repeated
 */
export function predictedProbabilities(
  site: AttentionSite,
  { bits, opset }: MaskPrediction,
  value: (name: string) => TensorValue,
): TensorValue {
  const computed = new Map<string, TensorValue>()
  const [product] = site.scorePath
  let last: TensorValue | undefined
  for (const node of site.scorePath) {
    const inputs = node.inputs.map((name) => {
      if (name === '') return undefined
      const read = computed.get(name) ?? value(name)
      return node === product ? quantise(read, bits) : read
    })
    try {
      last = applyOperator(node, inputs, opset)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      throw new InputError({
        code: 'E-PRF-010',
        message: `the mask of "${site.name}" cannot be predicted: ${node.opType} "${nodeLabel(node)}": ${error.message}`,
        hint: 'use --mask exact',
      })
    }
    computed.set(node.outputs[0], last)
  }
  if (last === undefined) throw new RangeError(`"${site.name}" has no path to its scores`)
  return last
}
