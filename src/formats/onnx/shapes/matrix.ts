import { broadcastShapes } from './broadcast.js'
import { axisIndex, fact, type RuleContext, type ShapeRule } from './rule.js'
import type { TensorFact } from './tensor-fact.js'

/** NumPy matrix product of the shapes, with broadcasting of the outer axes. */
function matmulShape(context: RuleContext, a: TensorFact, b: TensorFact): number[] {
  if (a.shape.length === 0 || b.shape.length === 0)
    context.fail('a matrix product needs at least one axis on each side')
  const left = a.shape.length === 1 ? [1, ...a.shape] : a.shape
  const right = b.shape.length === 1 ? [...b.shape, 1] : b.shape
  const inner = left[left.length - 1]
  if (inner !== right[right.length - 2]) {
    context.fail(
      `[${a.shape.join(', ')}] × [${b.shape.join(', ')}]: the inner sizes ${inner} and ${right[right.length - 2]} differ`,
    )
  }
  const outer = broadcastShapes(context, [left.slice(0, -2), right.slice(0, -2)])
  return [
    ...outer,
    ...(a.shape.length === 1 ? [] : [left[left.length - 2]]),
    ...(b.shape.length === 1 ? [] : [right[right.length - 1]]),
  ]
}

const matmul: ShapeRule = (context) => [
  fact(matmulShape(context, context.input(0), context.input(1)), context.input(0).type),
]

const gemm: ShapeRule = (context) => {
  const a = context.input(0)
  const b = context.input(1)
  if (a.shape.length !== 2 || b.shape.length !== 2) context.fail('Gemm multiplies two matrices')
  const [m, kA] = context.int('transA', 0) ? [a.shape[1], a.shape[0]] : a.shape
  const [kB, n] = context.int('transB', 0) ? [b.shape[1], b.shape[0]] : b.shape
  if (kA !== kB)
    context.fail(
      `[${a.shape.join(', ')}] and [${b.shape.join(', ')}]: the inner sizes ${kA} and ${kB} differ`,
    )
  return [fact([m, n], a.type)]
}

/** Einstein summation over named axes; the ellipsis is not supported. */
const einsum: ShapeRule = (context) => {
  const equation = context.text('equation', '').replaceAll(' ', '')
  if (equation.includes('...')) context.fail('Einsum with an ellipsis is not supported')
  const [left, right] = equation.split('->')
  const terms = left.split(',')
  const sizes = new Map<string, number>()
  terms.forEach((term, i) => {
    const shape = context.input(i).shape
    if (term.length !== shape.length)
      context.fail(`term "${term}" of Einsum does not fit shape [${shape.join(', ')}]`)
    Array.from(term).forEach((letter, axis) => sizes.set(letter, shape[axis]))
  })
  const counts = Array.from(left.replaceAll(',', ''))
  const output =
    right ??
    [...new Set(counts)]
      .filter((letter) => counts.filter((each) => each === letter).length === 1)
      .sort()
      .join('')
  return [
    fact(
      Array.from(output).map(
        (letter) => sizes.get(letter) ?? context.fail(`Einsum output axis "${letter}" is unknown`),
      ),
      context.input(0).type,
    ),
  ]
}

/** Attention of opset 23 and of the com.microsoft domain: the output has the query's rows and the values' width. */
const attention: ShapeRule = (context) => {
  const q = context.input(0)
  const v = context.inputs[2] ?? q
  if (context.node.opType === 'MultiHeadAttention' || q.shape.length === 3) {
    const heads = context.int('kv_num_heads', 1)
    const queryHeads = context.int('q_num_heads', heads)
    const width = (v.shape[v.shape.length - 1] / heads) * queryHeads
    return [fact([...q.shape.slice(0, -1), width], q.type)]
  }
  return [fact([...q.shape.slice(0, -1), v.shape[v.shape.length - 1]], q.type)]
}

const layerNormalization: ShapeRule = (context) => {
  const x = context.input(0)
  const axis = axisIndex(context, context.int('axis', -1), x.shape.length)
  const reduced = x.shape.map((size, i) => (i < axis ? size : 1))
  return [fact(x.shape, x.type), fact(reduced, x.type), fact(reduced, x.type)]
}

function recurrent(gates: number): ShapeRule {
  return (context) => {
    const [length, batch] = context.input(0).shape
    const directions = context.text('direction', 'forward') === 'bidirectional' ? 2 : 1
    const hidden = context.int('hidden_size', context.input(1).shape[1] / gates)
    const type = context.input(0).type
    const state = fact([directions, batch, hidden], type)
    return [fact([length, directions, batch, hidden], type), state, state]
  }
}

/** Matrix products, attention, normalisation over axes, recurrent cells. */
export const matrixRules: Readonly<Record<string, ShapeRule>> = {
  MatMul: matmul,
  FusedMatMul: matmul,
  MatMulInteger: (context) => [
    fact(matmulShape(context, context.input(0), context.input(1)), 'int32'),
  ],
  QLinearMatMul: (context) => [
    fact(
      matmulShape(context, context.input(0), context.input(3)),
      context.inputs[7]?.type ?? context.input(0).type,
    ),
  ],
  Gemm: gemm,
  Einsum: einsum,
  Attention: attention,
  MultiHeadAttention: attention,
  LayerNormalization: layerNormalization,
  SkipLayerNormalization: layerNormalization,
  SkipSimplifiedLayerNormalization: layerNormalization,
  RNN: recurrent(1),
  GRU: recurrent(3),
  LSTM: recurrent(4),
}
