import type { Layer } from './layer.js'
import { loopDims, type LoopDim, type Operand } from './loop-dims.js'

/** The tensors of a layer, as breakdowns name them; `input2` is the second input of a residual add. */
export const layerOperandNames = ['output', 'weight', 'input', 'input2'] as const
export type LayerOperandName = (typeof layerOperandNames)[number]

/**
 * A tensor dimension that two loops walk together, as a kernel slides over a feature map: position =
 * stride · `output` + dilation · `kernel`.
 */
export interface SlidingAxis {
  readonly output: LoopDim
  readonly kernel: LoopDim
  readonly stride: number
  readonly dilation: number
}

/** One tensor of a layer and how the loops index it. */
export interface LayerOperand {
  readonly name: LayerOperandName
  /** The memories that hold this class of data hold the operand. */
  readonly memory: Operand
  /** Loops that index the tensor alone. */
  readonly relevant: readonly LoopDim[]
  /** Dimensions indexed by two loops together. */
  readonly sliding: readonly SlidingAxis[]
  /** Loops that reuse the tensor. */
  readonly irrelevant: readonly LoopDim[]
  /** Bits of a finished element. */
  readonly bits: number
  /** Bits of an element that still accumulates; equals `bits` for inputs. */
  readonly partialBits: number
}

/**
 * The tensors of a layer: output first, then the inputs in the order of the computation.
 * @param zeroBitPoolingWeight give pooling the zero-bit kernel operand of the published model (specification App. B)
 */
export function layerOperands(layer: Layer, zeroBitPoolingWeight = false): LayerOperand[] {
  const { input, weight, output, partialOutput } = layer.precisionBits
  const result = operand('output', 'output', ['B', 'K', 'OY', 'OX', 'G'], [], output, partialOutput)
  if (layer.operator === 'add') {
    const axes: readonly LoopDim[] = ['B', 'K', 'C', 'OY', 'OX', 'G']
    return [
      operand('output', 'output', axes, [], output, partialOutput),
      operand('input', 'input', axes, [], input, input),
      operand('input2', 'weight', axes, [], input, input),
    ]
  }
  const read = slides(layer)
    ? operand('input', 'input', ['B', 'C', 'G'], slidingAxes(layer), input, input)
    : operand('input', 'input', ['B', 'C', 'OY', 'OX', 'G'], [], input, input)
  if (layer.operator === 'pool') {
    return zeroBitPoolingWeight
      ? [result, operand('weight', 'weight', ['FY', 'FX'], [], 0, 0), read]
      : [result, read]
  }
  // The second matrix of a batched product is another one for every batch entry.
  const axes: readonly LoopDim[] =
    layer.operator === 'batched-matmul' ? ['B', 'K', 'C', 'G'] : ['K', 'C', 'FY', 'FX', 'G']
  return [result, operand('weight', 'weight', axes, [], weight, weight), read]
}

function slides(layer: Layer): boolean {
  return layer.slidesInput ?? (layer.operator === 'conv' || layer.operator === 'pool')
}

function slidingAxes(layer: Layer): SlidingAxis[] {
  const { stride, dilation } = layer
  return [
    { output: 'OX', kernel: 'FX', stride: stride.x, dilation: dilation.x },
    { output: 'OY', kernel: 'FY', stride: stride.y, dilation: dilation.y },
  ]
}

function operand(
  name: LayerOperandName,
  memory: Operand,
  relevant: readonly LoopDim[],
  sliding: readonly SlidingAxis[],
  bits: number,
  partialBits: number,
): LayerOperand {
  const used = new Set([...relevant, ...sliding.flatMap((axis) => [axis.output, axis.kernel])])
  const irrelevant = loopDims.filter((dim) => !used.has(dim))
  return { name, memory, relevant, sliding, irrelevant, bits, partialBits }
}
