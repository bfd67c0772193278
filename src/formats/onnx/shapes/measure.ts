import { axesOf, withValue } from './known-values.js'
import { axisIndex, fact, type ShapeRule } from './rule.js'
import { elementCount, MAX_FOLDED_ELEMENTS } from './tensor-fact.js'

const shapeOf: ShapeRule = (context) => {
  const sizes = context.input(0).shape
  const range = (raw: number): number => (raw < 0 ? raw + sizes.length : raw)
  const value = sizes.slice(range(context.int('start', 0)), range(context.int('end', sizes.length)))
  return [{ shape: [value.length], type: 'int64', value }]
}

const constantOfShape: ShapeRule = (context) => {
  const shape = context.constant(0, 'shape')
  const given = context.attribute('value')
  const tensor = given?.kind === 'tensor' ? given.value : undefined
  const type = tensor?.elementType ?? 'float'
  const fill = tensor?.values?.[0] ?? (tensor === undefined ? 0 : undefined)
  const count = elementCount(shape)
  if (fill === undefined || count > MAX_FOLDED_ELEMENTS) return [fact(shape, type)]
  return [{ shape, type, value: Array.from({ length: count }, () => fill) }]
}

const range: ShapeRule = (context) => {
  const [start] = context.constant(0, 'start')
  const [limit] = context.constant(1, 'limit')
  const [delta] = context.constant(2, 'delta')
  const count = Math.max(0, Math.ceil((limit - start) / delta))
  return [
    withValue(
      [count],
      context.input(0),
      Array.from({ length: Math.min(count, MAX_FOLDED_ELEMENTS + 1) }, (_, i) => start + i * delta),
    ),
  ]
}

const reduce: ShapeRule = (context) => {
  const x = context.input(0)
  const given = axesOf(context, 1)
  const keep = context.int('keepdims', 1) === 1
  if ((given === undefined || given.length === 0) && context.int('noop_with_empty_axes', 0) === 1)
    return [x]
  const axes = new Set(
    (given?.length ? given : x.shape.map((_, i) => i)).map((axis) =>
      axisIndex(context, axis, x.shape.length),
    ),
  )
  const shape = x.shape.flatMap((size, i) => (axes.has(i) ? (keep ? [1] : []) : [size]))
  const product =
    context.node.opType === 'ReduceProd' && x.value !== undefined && axes.size === x.shape.length
  return [withValue(shape, x, product ? [x.value.reduce((a, b) => a * b, 1)] : undefined)]
}

const argReduce: ShapeRule = (context) => {
  const x = context.input(0)
  const axis = axisIndex(context, context.int('axis', 0), x.shape.length)
  const keep = context.int('keepdims', 1) === 1
  return [
    fact(
      x.shape.flatMap((size, i) => (i === axis ? (keep ? [1] : []) : [size])),
      'int64',
    ),
  ]
}

const topK: ShapeRule = (context) => {
  const x = context.input(0)
  const axis = axisIndex(context, context.int('axis', -1), x.shape.length)
  const k =
    context.attribute('k')?.kind === 'int' ? context.int('k', 1) : context.constant(1, 'k')[0]
  const shape = x.shape.map((size, i) => (i === axis ? k : size))
  return [fact(shape, x.type), fact(shape, 'int64')]
}

const oneHot: ShapeRule = (context) => {
  const indices = context.input(0).shape
  const [depth] = context.constant(1, 'depth')
  const axis = axisIndex(context, context.int('axis', -1), indices.length + 1)
  return [fact([...indices.slice(0, axis), depth, ...indices.slice(axis)], context.input(2).type)]
}

/** Operators that measure tensors, reduce them, or make new ones. */
export const measureRules: Readonly<Record<string, ShapeRule>> = {
  Shape: shapeOf,
  Size: (context) => [{ shape: [], type: 'int64', value: [elementCount(context.input(0).shape)] }],
  ConstantOfShape: constantOfShape,
  Range: range,
  ArgMax: argReduce,
  ArgMin: argReduce,
  TopK: topK,
  OneHot: oneHot,
  ...Object.fromEntries(
    'ReduceMean ReduceSum ReduceMax ReduceMin ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare'
      .split(' ')
      .map((name) => [name, reduce]),
  ),
}
