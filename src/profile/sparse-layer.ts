/**
 * A layer that multiplies activations with weights. A fully connected layer is a 1×1 convolution over its rows
 * (tokens): height = rows, width = 1. A product of two activations (attention) is one too, with one group per head
 * and the second operand as its weights.
 *
 * Shapes, row-major: input C×H×W, weights M×(C/groups)×R×S, output M×OH×OW.
 */
export interface ConvLayer {
  readonly kind: 'conv'
  readonly name: string
  readonly operator: 'conv' | 'linear' | 'matmul'
  /** C and M, over all groups; both divisible by `groups`. */
  readonly inputChannels: number
  readonly outputChannels: number
  readonly groups: number
  readonly height: number
  readonly width: number
  /** R rows and S columns of the kernel. */
  readonly kernel: { readonly y: number; readonly x: number }
  readonly stride: { readonly y: number; readonly x: number }
  readonly dilation: { readonly y: number; readonly x: number }
  readonly padding: {
    readonly top: number
    readonly bottom: number
    readonly left: number
    readonly right: number
  }
}

/** Scores, softmax and weighted sum of one self- or cross-attention, without its projections. */
export interface AttentionLayer {
  readonly kind: 'attention'
  readonly name: string
  readonly heads: number
  readonly queries: number
  readonly keys: number
  /** Width of one head. */
  readonly headWidth: number
}

export type SparseLayer = ConvLayer | AttentionLayer

/** Rows and columns of a convolution's output. */
export function outputSize(layer: ConvLayer): { readonly height: number; readonly width: number } {
  const { kernel, stride, dilation, padding } = layer
  const span = (size: number, pad: number, k: number, d: number, s: number): number =>
    Math.floor((size + pad - d * (k - 1) - 1) / s) + 1
  return {
    height: span(layer.height, padding.top + padding.bottom, kernel.y, dilation.y, stride.y),
    width: span(layer.width, padding.left + padding.right, kernel.x, dilation.x, stride.x),
  }
}

/** Multiply-accumulates of the dense layer. Products with padding zeros count: hardware without zero gating does them. */
export function denseMacs(layer: SparseLayer): number {
  if (layer.kind === 'attention') {
    return 2 * layer.heads * layer.queries * layer.keys * layer.headWidth
  }
  const out = outputSize(layer)
  const perOutput = (layer.inputChannels / layer.groups) * layer.kernel.y * layer.kernel.x
  return layer.outputChannels * out.height * out.width * perOutput
}

/** Number of input activations of a layer (of the score matrix for attention). */
export function inputElements(layer: SparseLayer): number {
  return layer.kind === 'attention'
    ? layer.heads * layer.queries * layer.keys
    : layer.inputChannels * layer.height * layer.width
}

/** Number of weights of a layer; 0 for attention. */
export function weightElements(layer: SparseLayer): number {
  if (layer.kind === 'attention') return 0
  const perFilter = (layer.inputChannels / layer.groups) * layer.kernel.y * layer.kernel.x
  return layer.outputChannels * perFilter
}

/** A square, stride-1, "same"-padded convolution (or with given stride and padding): what most tables of layers list. */
export function convLayer(
  name: string,
  shape: {
    readonly inputChannels: number
    readonly outputChannels: number
    readonly size: number
    readonly kernel: number
    readonly stride?: number
    readonly padding?: number
    readonly groups?: number
  },
): ConvLayer {
  const { size, kernel, stride = 1, groups = 1 } = shape
  const before = shape.padding ?? Math.floor((kernel - 1) / 2)
  const after = shape.padding ?? kernel - 1 - before
  return {
    kind: 'conv',
    name,
    operator: 'conv',
    inputChannels: shape.inputChannels,
    outputChannels: shape.outputChannels,
    groups,
    height: size,
    width: size,
    kernel: { y: kernel, x: kernel },
    stride: { y: stride, x: stride },
    dilation: { y: 1, x: 1 },
    padding: { top: before, bottom: after, left: before, right: after },
  }
}

/** A fully connected layer applied to `rows` vectors. */
export function linearLayer(
  name: string,
  inputs: number,
  outputs: number,
  rows = 1,
  operator: 'linear' | 'matmul' = 'linear',
  groups = 1,
): ConvLayer {
  const one = { y: 1, x: 1 }
  return {
    kind: 'conv',
    name,
    operator,
    inputChannels: inputs,
    outputChannels: outputs,
    groups,
    height: rows,
    width: 1,
    kernel: one,
    stride: one,
    dilation: one,
    padding: { top: 0, bottom: 0, left: 0, right: 0 },
  }
}
