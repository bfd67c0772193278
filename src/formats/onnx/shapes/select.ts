import { withValue } from './known-values.js'
import { axisIndex, fact, type ShapeRule } from './rule.js'
import { type TensorFact } from './tensor-fact.js'

const concat: ShapeRule = (context) => {
  const parts = context.inputs.filter((part): part is TensorFact => part !== undefined)
  if (parts.length === 0) context.fail('has no inputs')
  const axis = axisIndex(context, context.int('axis', 1), parts[0].shape.length)
  for (const part of parts) {
    if (
      part.shape.length !== parts[0].shape.length ||
      part.shape.some((size, i) => i !== axis && size !== parts[0].shape[i])
    ) {
      context.fail(
        `[${parts[0].shape.join(', ')}] and [${part.shape.join(', ')}] cannot be joined along axis ${axis}`,
      )
    }
  }
  const shape = parts[0].shape.map((size, i) =>
    i === axis ? parts.reduce((sum, part) => sum + part.shape[i], 0) : size,
  )
  const known = parts.every((part) => part.value !== undefined) && shape.length === 1
  return [withValue(shape, parts[0], known ? parts.flatMap((part) => part.value ?? []) : undefined)]
}

const split: ShapeRule = (context) => {
  const x = context.input(0)
  const axis = axisIndex(context, context.int('axis', 0), x.shape.length)
  const outputs = context.node.outputs.length
  const even = Math.ceil(x.shape[axis] / outputs)
  const sizes =
    context.ints('split') ??
    (context.inputs[1] === undefined
      ? Array.from({ length: outputs }, (_, i) => Math.min(even, x.shape[axis] - i * even))
      : context.constant(1, 'split'))
  let from = 0
  return sizes.map((size) => {
    const shape = x.shape.map((own, i) => (i === axis ? size : own))
    const value =
      x.value !== undefined && x.shape.length === 1 ? x.value.slice(from, from + size) : undefined
    from += size
    return withValue(shape, x, value)
  })
}

const slice: ShapeRule = (context) => {
  const x = context.input(0)
  const starts = context.ints('starts') ?? context.constant(1, 'starts')
  const ends = context.ints('ends') ?? context.constant(2, 'ends')
  const axes =
    context.ints('axes') ??
    (context.inputs[3] ? context.constant(3, 'axes') : starts.map((_, i) => i))
  const steps = context.inputs[4] ? context.constant(4, 'steps') : starts.map(() => 1)
  const shape = [...x.shape]
  let value = x.shape.length === 1 ? x.value : undefined
  axes.forEach((each, i) => {
    const axis = axisIndex(context, each, x.shape.length)
    const size = x.shape[axis]
    const step = steps[i]
    const clamp = (raw: number, low: number, high: number): number =>
      Math.min(high, Math.max(low, raw < 0 ? raw + size : raw))
    const start = step > 0 ? clamp(starts[i], 0, size) : clamp(starts[i], 0, size - 1)
    const end = step > 0 ? clamp(ends[i], 0, size) : clamp(ends[i], -1, size - 1)
    shape[axis] = Math.max(0, Math.ceil((end - start) / step))
    if (value !== undefined)
      value = Array.from(
        { length: shape[axis] },
        (_, k) => (x.value as readonly number[])[start + k * step],
      )
  })
  return [withValue(shape, x, value)]
}

const gather: ShapeRule = (context) => {
  const x = context.input(0)
  const indices = context.input(1)
  const axis = axisIndex(context, context.int('axis', 0), x.shape.length)
  const shape = [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)]
  const value =
    x.value !== undefined && indices.value !== undefined && x.shape.length === 1
      ? indices.value.map(
          (index) => (x.value as readonly number[])[index < 0 ? index + x.shape[0] : index],
        )
      : undefined
  return [withValue(shape, x, value)]
}

const gatherNd: ShapeRule = (context) => {
  const x = context.input(0)
  const indices = context.input(1).shape
  const batch = context.int('batch_dims', 0)
  return [
    fact([...indices.slice(0, -1), ...x.shape.slice(batch + indices[indices.length - 1])], x.type),
  ]
}

const pad: ShapeRule = (context) => {
  const x = context.input(0)
  const pads = context.ints('pads') ?? context.constant(1, 'pads')
  const axes = context.inputs[3]
    ? context.constant(3, 'axes').map((axis) => axisIndex(context, axis, x.shape.length))
    : x.shape.map((_, i) => i)
  const shape = [...x.shape]
  axes.forEach((axis, i) => {
    shape[axis] += pads[i] + pads[i + axes.length]
  })
  return [fact(shape, x.type)]
}

const resize: ShapeRule = (context) => {
  const x = context.input(0)
  const upsample = context.node.opType === 'Upsample'
  // Resize-10 and Upsample-9 take (X, scales); Resize-11 and later (X, roi, scales, sizes).
  const short = upsample || context.opset < 11
  const sizes = short ? undefined : context.inputs[3]
  const axes = (context.ints('axes') ?? x.shape.map((_, i) => i)).map((axis) =>
    axisIndex(context, axis, x.shape.length),
  )
  const shape = [...x.shape]
  if (sizes !== undefined && sizes.shape[0] > 0) {
    context.constant(3, 'sizes').forEach((size, i) => {
      shape[axes[i]] = size
    })
    return [fact(shape, x.type)]
  }
  const scales =
    context.attribute('scales')?.kind === 'floats'
      ? (context.attribute('scales') as { readonly value: readonly number[] }).value
      : context.constant(short ? 1 : 2, 'scales')
  scales.forEach((scale, i) => {
    shape[axes[i]] = Math.floor(x.shape[axes[i]] * scale)
  })
  return [fact(shape, x.type)]
}

/** Operators that join, cut, pick or pad tensors. */
export const selectRules: Readonly<Record<string, ShapeRule>> = {
  Concat: concat,
  Split: split,
  Slice: slice,
  Gather: gather,
  GatherElements: (context) => [fact(context.input(1).shape, context.input(0).type)],
  GatherND: gatherNd,
  Pad: pad,
  Resize: resize,
  Upsample: resize,
}
