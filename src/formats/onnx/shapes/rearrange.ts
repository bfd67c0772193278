import { broadcastShapes, foldElementwise } from './broadcast.js'
import { axesOf, withValue } from './known-values.js'
import { axisIndex, fact, type ShapeRule } from './rule.js'
import { elementCount } from './tensor-fact.js'

const reshape: ShapeRule = (context) => {
  const x = context.input(0)
  // Opset 1 gave the shape as an attribute.
  const wanted = context.ints('shape') ?? context.constant(1, 'shape')
  const allowZero = context.int('allowzero', 0) === 1
  const shape = wanted.map((size, i) =>
    size === 0 && !allowZero
      ? (x.shape[i] ?? context.fail(`the new shape keeps axis ${i}, which the input does not have`))
      : size,
  )
  const free = shape.indexOf(-1)
  if (free >= 0) {
    const rest = shape.reduce((product, size, i) => (i === free ? product : product * size), 1)
    shape[free] = elementCount(x.shape) / rest
  }
  if (
    elementCount(shape) !== elementCount(x.shape) ||
    shape.some((size) => !Number.isInteger(size) || size < 0)
  ) {
    context.fail(`[${x.shape.join(', ')}] cannot be reshaped to [${wanted.join(', ')}]`)
  }
  return [withValue(shape, x, x.value)]
}

const flatten: ShapeRule = (context) => {
  const x = context.input(0)
  const axis = context.int('axis', 1)
  const split = axis < 0 ? axis + x.shape.length : axis
  return [
    withValue(
      [elementCount(x.shape.slice(0, split)), elementCount(x.shape.slice(split))],
      x,
      x.value,
    ),
  ]
}

const squeeze: ShapeRule = (context) => {
  const x = context.input(0)
  const axes = axesOf(context, 1)?.map((axis) => axisIndex(context, axis, x.shape.length))
  const shape = x.shape.filter((size, i) => (axes ? !axes.includes(i) : size !== 1))
  return [withValue(shape, x, x.value)]
}

const unsqueeze: ShapeRule = (context) => {
  const x = context.input(0)
  const axes = axesOf(context, 1) ?? context.fail('has no axes')
  const rank = x.shape.length + axes.length
  const positions = new Set(axes.map((axis) => axisIndex(context, axis, rank)))
  const rest = [...x.shape]
  const shape = Array.from({ length: rank }, (_, i) =>
    positions.has(i) ? 1 : (rest.shift() as number),
  )
  return [withValue(shape, x, x.value)]
}

const transpose: ShapeRule = (context) => {
  const x = context.input(0)
  const order = context.ints('perm') ?? x.shape.map((_, i) => x.shape.length - 1 - i)
  if (order.length !== x.shape.length)
    context.fail(`perm has ${order.length} entries for ${x.shape.length} axes`)
  const shape = order.map((axis) => x.shape[axis])
  if (x.value === undefined) return [fact(shape, x.type)]
  const steps = x.shape.map((_, i) => elementCount(x.shape.slice(i + 1)))
  const value = Array.from({ length: x.value.length }, (_, flat) => {
    let rest = flat
    let from = 0
    for (let i = shape.length - 1; i >= 0; i--) {
      from += (rest % shape[i]) * steps[order[i]]
      rest = Math.floor(rest / shape[i])
    }
    return (x.value as readonly number[])[from]
  })
  return [withValue(shape, x, value)]
}

const expand: ShapeRule = (context) => {
  const x = context.input(0)
  const shape = broadcastShapes(context, [x.shape, context.constant(1, 'shape')])
  return [
    withValue(
      shape,
      x,
      foldElementwise([x], shape, ([value]) => value),
    ),
  ]
}

const tile: ShapeRule = (context) => {
  const x = context.input(0)
  const repeats = context.constant(1, 'repeats')
  return [
    fact(
      x.shape.map((size, i) => size * repeats[i]),
      x.type,
    ),
  ]
}

const depthToSpace: ShapeRule = (context) => {
  const x = context.input(0)
  const block = context.int('blocksize', 1)
  const [n, c, h, w] = x.shape
  return context.node.opType === 'DepthToSpace'
    ? [fact([n, c / (block * block), h * block, w * block], x.type)]
    : [fact([n, c * block * block, h / block, w / block], x.type)]
}

/** Operators that look at the same elements in another arrangement, or repeat them. */
export const rearrangeRules: Readonly<Record<string, ShapeRule>> = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Expand: expand,
  Tile: tile,
  DepthToSpace: depthToSpace,
  SpaceToDepth: depthToSpace,
}
