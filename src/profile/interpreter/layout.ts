import { sizeOf, type TensorValue } from '../runtime.js'
import { intOf, intsOf } from './attributes.js'
import { axisOf, need, type Operator } from './operator.js'

/** Operators that rearrange or select elements. */
export const layout: Readonly<Record<string, Operator>> = {
  Reshape: (node, inputs) => {
    const x = need(inputs, 0)
    const wanted = inputs[1] ? [...inputs[1].data] : [...(intsOf(node, 'shape') ?? [])]
    const keepZero = intOf(node, 'allowzero', 0) === 1
    const dims = wanted.map((size, i) => (size === 0 && !keepZero ? x.dims[i] : size))
    const open = dims.indexOf(-1)
    if (open >= 0) dims[open] = x.data.length / -sizeOf(dims)
    return { dims, data: x.data }
  },
  Flatten: (node, inputs) => {
    const x = need(inputs, 0)
    const axis = axisOf(intOf(node, 'axis', 1), x.dims.length)
    const head = sizeOf(x.dims.slice(0, axis))
    return { dims: [head, x.data.length / head], data: x.data }
  },
  Unsqueeze: (node, inputs) => {
    const x = need(inputs, 0)
    const axes = inputs[1] ? [...inputs[1].data] : (intsOf(node, 'axes') ?? [])
    const rank = x.dims.length + axes.length
    const added = new Set(axes.map((axis) => axisOf(axis, rank)))
    let next = 0
    const dims = Array.from({ length: rank }, (_, i) => (added.has(i) ? 1 : x.dims[next++]))
    return { dims, data: x.data }
  },
  Squeeze: (node, inputs) => {
    const x = need(inputs, 0)
    const axes = inputs[1] ? [...inputs[1].data] : intsOf(node, 'axes')
    const gone = axes && new Set(axes.map((axis) => axisOf(axis, x.dims.length)))
    const dims = x.dims.filter((size, i) => (gone ? !gone.has(i) : size !== 1))
    return { dims, data: x.data }
  },
  Transpose: (node, inputs) => {
    const x = need(inputs, 0)
    const rank = x.dims.length
    const order = intsOf(node, 'perm') ?? x.dims.map((_, i) => rank - 1 - i)
    const dims = order.map((axis) => x.dims[axis])
    const steps = order.map((axis) => sizeOf(x.dims.slice(axis + 1)))
    const data = x.data.slice()
    for (let i = 0; i < data.length; i++) {
      let rest = i
      let from = 0
      for (let axis = rank - 1; axis >= 0; axis--) {
        const at = rest % dims[axis]
        rest = (rest - at) / dims[axis]
        from += at * steps[axis]
      }
      data[i] = x.data[from]
    }
    return { dims, data }
  },
  Concat: (node, inputs) => {
    const parts = inputs.map((_, i) => need(inputs, i))
    const axis = axisOf(intOf(node, 'axis', 0), parts[0].dims.length)
    const total = parts.reduce((sum, part) => sum + part.dims[axis], 0)
    const dims = parts[0].dims.map((size, i) => (i === axis ? total : size))
    const outer = sizeOf(dims.slice(0, axis))
    const inner = sizeOf(dims.slice(axis + 1))
    const exact = parts.every((part) => part.data instanceof Float64Array)
    const data = exact ? new Float64Array(sizeOf(dims)) : new Float32Array(sizeOf(dims))
    let at = 0
    for (let o = 0; o < outer; o++) {
      for (const part of parts) {
        const length = part.dims[axis] * inner
        data.set(part.data.subarray(o * length, (o + 1) * length), at)
        at += length
      }
    }
    return { dims, data }
  },
  Gather: (node, inputs) => {
    const x = need(inputs, 0)
    const indices = need(inputs, 1)
    const axis = axisOf(intOf(node, 'axis', 0), x.dims.length)
    const outer = sizeOf(x.dims.slice(0, axis))
    const inner = sizeOf(x.dims.slice(axis + 1))
    const dims = [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)]
    const size = sizeOf(dims)
    const data = x.data instanceof Float64Array ? new Float64Array(size) : new Float32Array(size)
    let at = 0
    for (let o = 0; o < outer; o++) {
      for (const index of indices.data) {
        const from = (o * x.dims[axis] + axisOf(index, x.dims[axis])) * inner
        data.set(x.data.subarray(from, from + inner), at)
        at += inner
      }
    }
    return { dims, data }
  },
  ReduceMean: (node, inputs) => {
    const x = need(inputs, 0)
    const rank = x.dims.length
    const axes = inputs[1] ? [...inputs[1].data] : (intsOf(node, 'axes') ?? x.dims.map((_, i) => i))
    const gone = new Set(axes.map((axis) => axisOf(axis, rank)))
    const kept = x.dims.map((size, i) => (gone.has(i) ? 1 : size))
    const sums = new Float64Array(sizeOf(kept))
    const steps = kept.map((size, i) => (size === 1 ? 0 : sizeOf(kept.slice(i + 1))))
    for (let i = 0; i < x.data.length; i++) {
      let rest = i
      let to = 0
      for (let axis = rank - 1; axis >= 0; axis--) {
        const at = rest % x.dims[axis]
        rest = (rest - at) / x.dims[axis]
        to += at * steps[axis]
      }
      sums[to] += x.data[i]
    }
    const count = x.data.length / sums.length
    const dims = intOf(node, 'keepdims', 1) === 1 ? kept : x.dims.filter((_, i) => !gone.has(i))
    return { dims, data: Float32Array.from(sums, (sum) => sum / count) }
  },
  Shape: (_node, inputs) => {
    const { dims } = need(inputs, 0)
    return { dims: [dims.length], data: Float64Array.from(dims) }
  },
  Constant: (node) => constantOf(node),
}

function constantOf(node: Parameters<Operator>[0]): TensorValue {
  const value = node.attributes.get('value')
  if (value?.kind === 'tensor' && value.value.values !== undefined) {
    const { dims, values, elementType } = value.value
    return {
      dims,
      data: elementType === 'float' ? Float32Array.from(values) : Float64Array.from(values),
    }
  }
  const int = node.attributes.get('value_int')
  if (int?.kind === 'int') return { dims: [], data: Float64Array.of(int.value) }
  const float = node.attributes.get('value_float')
  if (float?.kind === 'float') return { dims: [], data: Float32Array.of(float.value) }
  const ints = intsOf(node, 'value_ints')
  if (ints) return { dims: [ints.length], data: Float64Array.from(ints) }
  const floats = node.attributes.get('value_floats')
  if (floats?.kind === 'floats')
    return { dims: [floats.value.length], data: Float32Array.from(floats.value) }
  throw new RangeError('this constant is too large or no tensor of numbers')
}
