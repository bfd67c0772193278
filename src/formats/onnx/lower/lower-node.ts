// Longer than 300 lines: one rule per operator in one record; each is a few lines and stands alone.
import type { Layer } from '../../../model/index.js'
import { windowOf } from '../shapes/convolution.js'
import type { RuleContext } from '../shapes/rule.js'
import { elementCount, type TensorFact } from '../shapes/tensor-fact.js'
import { layerOf, type ImportPrecision, type LayerParts } from './layer-of.js'

/** A node seen by a lowering rule: the shape rule's view, the outputs, and which inputs are constants of the model. */
export interface LoweringContext extends RuleContext {
  readonly output: TensorFact
  isConstant(i: number): boolean
}

/** One loop nest; a node may have several in sequence (attention), told apart by `suffix`. */
export interface LoweredLayer {
  readonly suffix: string
  readonly layer: Layer
}

type LoweringRule = (context: LoweringContext) => readonly LayerParts[]

/** The last two spatial sizes as (y, x); one-dimensional data have one row. */
function plane(context: LoweringContext, spatial: readonly number[]): { y: number; x: number } {
  if (spatial.length > 2)
    context.fail(
      `a window over ${spatial.length} spatial axes is no loop nest of Heddle, which has two`,
    )
  return spatial.length === 1 ? { y: 1, x: spatial[0] } : { y: spatial[0], x: spatial[1] }
}

/** Like {@link plane} for a list of settings whose missing row entry is `missing`. */
function pair(values: readonly number[], missing: number): { y: number; x: number } {
  return values.length === 1 ? { y: missing, x: values[0] } : { y: values[0], x: values[1] }
}

/**
 * Stride, dilation and padding of a sliding window. Padding that no window reaches (where the stride does not divide)
 * is left out, so that stored input, padding and output fit together exactly.
 */
function windowParts(
  context: LoweringContext,
  spatial: readonly number[],
  kernel: readonly number[],
): Required<Pick<LayerParts, 'stride' | 'dilation' | 'padding'>> {
  const window = windowOf(context, spatial, kernel)
  const out = context.output.shape.slice(2)
  const end = spatial.map((size, i) => {
    const reached = window.strides[i] * (out[i] - 1) + window.dilations[i] * (kernel[i] - 1) + 1
    return Math.max(0, reached - window.padsBegin[i] - size)
  })
  const before = pair(window.padsBegin, 0)
  const after = pair(end, 0)
  return {
    stride: pair(window.strides, 1),
    dilation: pair(window.dilations, 1),
    padding: { top: before.y, bottom: after.y, left: before.x, right: after.x },
  }
}

const conv: LoweringRule = (context) => {
  const x = context.input(0)
  const w = context.input(context.node.opType === 'QLinearConv' ? 3 : 1)
  const group = context.int('group', 1)
  const kernel = context.ints('kernel_shape') ?? w.shape.slice(2)
  const out = plane(context, context.output.shape.slice(2))
  const f = pair(kernel, 1)
  return [
    {
      operator: 'conv',
      dims: {
        B: x.shape[0],
        G: group,
        K: w.shape[0] / group,
        C: w.shape[1],
        OY: out.y,
        OX: out.x,
        FY: f.y,
        FX: f.x,
      },
      ...windowParts(context, x.shape.slice(2), kernel),
    },
  ]
}

/**
 * A transposed convolution with stride s is s·s ordinary convolutions with kernels of ⌈F/s⌉, one per output phase
 * (the sub-pixel form): no multiplication with an inserted zero is counted.
 */
const convTranspose: LoweringRule = (context) => {
  const x = context.input(0)
  const w = context.input(1)
  const group = context.int('group', 1)
  const kernel = pair(context.ints('kernel_shape') ?? w.shape.slice(2), 1)
  const stride = pair(context.ints('strides') ?? kernelOnes(w), 1)
  const out = plane(context, context.output.shape.slice(2))
  const dims = {
    B: x.shape[0],
    G: group,
    K: w.shape[1] * stride.y * stride.x,
    C: w.shape[0] / group,
    OY: Math.ceil(out.y / stride.y),
    OX: Math.ceil(out.x / stride.x),
    FY: Math.ceil(kernel.y / stride.y),
    FX: Math.ceil(kernel.x / stride.x),
  }
  // The window reads F − 1 rows beyond the input where the output is as large as the input: that is padding.
  const rows = dims.OY + dims.FY - 1 - plane(context, x.shape.slice(2)).y
  const columns = dims.OX + dims.FX - 1 - plane(context, x.shape.slice(2)).x
  const before = (extra: number): number => Math.max(0, Math.floor(extra / 2))
  const after = (extra: number): number => Math.max(0, Math.ceil(extra / 2))
  return [
    {
      operator: 'conv',
      dims,
      padding: {
        top: before(rows),
        bottom: after(rows),
        left: before(columns),
        right: after(columns),
      },
    },
  ]
}

function kernelOnes(w: TensorFact): number[] {
  return w.shape.slice(2).map(() => 1)
}

const pool: LoweringRule = (context) => {
  const x = context.input(0)
  const spatial = x.shape.slice(2)
  const global = context.node.opType.startsWith('Global')
  const kernel = global ? spatial : (context.ints('kernel_shape') ?? spatial)
  const f = plane(context, kernel)
  const out = plane(context, context.output.shape.slice(2))
  return [
    {
      operator: 'pool',
      dims: { B: x.shape[0], G: x.shape[1], OY: out.y, OX: out.x, FY: f.y, FX: f.x },
      ...(global ? {} : windowParts(context, spatial, kernel)),
    },
  ]
}

/** A product of activations [.., M, C] with constant weights [C, N]: weights are shared by all rows and batches. */
function weighted(
  outer: readonly number[],
  rows: number,
  inner: number,
  columns: number,
): LayerParts {
  return { operator: 'gemm', dims: { B: elementCount(outer), OX: rows, C: inner, K: columns } }
}

/** A product of two activations, one matrix pair per batch entry. */
function batched(
  outer: readonly number[],
  rows: number,
  inner: number,
  columns: number,
): LayerParts {
  return {
    operator: 'batched-matmul',
    dims: { B: elementCount(outer), OX: rows, C: inner, K: columns },
  }
}

const matmul: LoweringRule = (context) => {
  const a = context.input(0).shape
  const right = context.node.opType === 'QLinearMatMul' ? 3 : 1
  const b = context.input(right).shape
  const rows = a.length > 1 ? a[a.length - 2] : 1
  const inner = a[a.length - 1]
  const columns = b.length > 1 ? b[b.length - 1] : 1
  const outer = context.output.shape.slice(0, Math.max(0, context.output.shape.length - 2))
  if (context.isConstant(right) && elementCount(b.slice(0, -2)) === 1)
    return [weighted(outer, rows, inner, columns)]
  return [batched(outer, rows, inner, columns)]
}

const gemm: LoweringRule = (context) => {
  const a = context.input(0).shape
  const [rows, inner] = context.int('transA', 0) ? [a[1], a[0]] : a
  const columns = context.output.shape[1]
  return [
    context.isConstant(1) ? weighted([], rows, inner, columns) : batched([], rows, inner, columns),
  ]
}

/** Two-operand Einstein summation as a matrix product: batch, row, column and summed axes. */
const einsum: LoweringRule = (context) => {
  const [left, right = ''] = context.text('equation', '').replaceAll(' ', '').split('->')
  const terms = left.split(',')
  if (terms.length !== 2) context.fail('Einsum of other than two operands is no matrix product')
  const sizes = new Map<string, number>()
  terms.forEach((term, i) =>
    Array.from(term).forEach((letter, axis) => sizes.set(letter, context.input(i).shape[axis])),
  )
  const product = (letters: readonly string[]): number =>
    letters.reduce((size, letter) => size * (sizes.get(letter) ?? 1), 1)
  const all = [...sizes.keys()]
  const inBoth = all.filter((letter) => terms[0].includes(letter) && terms[1].includes(letter))
  const batch = inBoth.filter((letter) => right.includes(letter))
  const inner = inBoth.filter((letter) => !right.includes(letter))
  const rows = all.filter((letter) => !terms[1].includes(letter))
  const columns = all.filter((letter) => !terms[0].includes(letter))
  const sides = [product(rows), product(inner), product(columns)] as const
  const plain = context.isConstant(1) && batch.length === 0
  return [plain ? weighted([], ...sides) : batched([product(batch)], ...sides)]
}

/** Scaled dot-product attention: scores Q·Kᵀ, then the weighted sum of the values. */
const attention: LoweringRule = (context) => {
  const q = context.input(0).shape
  const k = context.input(1).shape
  const v = context.input(2).shape
  const split = q.length === 4
  const heads = split ? q[1] : context.int('q_num_heads', context.int('num_heads', 1))
  const kvHeads = split ? k[1] : context.int('kv_num_heads', heads)
  const rows = q[q.length - 2]
  const length = k[k.length - 2]
  const width = split ? q[3] : q[2] / heads
  const valueWidth = split ? v[3] : v[2] / kvHeads
  return [
    batched([q[0], heads], rows, width, length),
    batched([q[0], heads], rows, length, valueWidth),
  ]
}

function recurrent(gates: number): LoweringRule {
  return (context) => {
    const [length, batch, width] = context.input(0).shape
    const hidden = context.input(1).shape[1] / gates
    const directions = context.input(1).shape[0]
    return [
      {
        operator: 'gemm',
        dims: { B: batch, OX: length, G: directions, K: gates * hidden, C: width + hidden },
      },
    ]
  }
}

/** A sum, product, … of two activations of one shape; matrices are rows of channels, data of other ranks one row. */
const binary: LoweringRule = (context) => {
  const shape = context.output.shape
  const full = [0, 1].every(
    (i) => !context.isConstant(i) && elementCount(context.input(i).shape) === elementCount(shape),
  )
  if (!full || context.inputs.length !== 2) return []
  return [
    {
      operator: 'add',
      dims: dimsOf(shape),
    },
  ]
}

function dimsOf(shape: readonly number[]): LayerParts['dims'] {
  switch (shape.length) {
    case 4:
      return { B: shape[0], G: shape[1], OY: shape[2], OX: shape[3] }
    case 3:
      return { B: shape[0], OX: shape[1], G: shape[2] }
    case 2:
      return { OX: shape[0], G: shape[1] }
    default:
      return { OX: elementCount(shape) }
  }
}

const rules: Readonly<Record<string, LoweringRule>> = {
  Conv: conv,
  ConvInteger: conv,
  QLinearConv: conv,
  ConvTranspose: convTranspose,
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalAveragePool: pool,
  GlobalMaxPool: pool,
  GlobalLpPool: pool,
  MatMul: matmul,
  FusedMatMul: matmul,
  MatMulInteger: matmul,
  QLinearMatMul: matmul,
  Gemm: gemm,
  Einsum: einsum,
  Attention: attention,
  MultiHeadAttention: attention,
  RNN: recurrent(1),
  GRU: recurrent(3),
  LSTM: recurrent(4),
  Add: binary,
  Sub: binary,
  Mul: binary,
  Div: binary,
  Max: binary,
  Min: binary,
}

const suffixes = ['', '/values'] as const

/**
 * The loop nests of a node in the order in which they run; empty for a node that is none (elementwise, movement).
 * @throws ShapeError when the node is a loop nest with more dimensions than Heddle's layers have
 */
export function lowerNode(
  context: LoweringContext,
  precision: ImportPrecision,
): readonly LoweredLayer[] {
  const rule = (rules as Readonly<Record<string, LoweringRule | undefined>>)[context.node.opType]
  if (rule === undefined) return []
  return rule(context).map((parts, i) => ({
    suffix: suffixes[i],
    layer: layerOf(parts, precision),
  }))
}
