import { halfToNumber, numberToHalf } from '../../base/index.js'
import { onnxElementTypes } from '../../model/index.js'
import { sizeOf, type TensorValue } from '../runtime.js'
import { floatOf, intOf } from './attributes.js'
import { need, type Operator } from './operator.js'

const map =
  (f: (x: number) => number): Operator =>
  (_node, inputs) => {
    const x = need(inputs, 0)
    return { dims: x.dims, data: x.data.map(f) }
  }

const fold =
  (f: (a: number, b: number) => number): Operator =>
  (_node, inputs) =>
    inputs
      .slice(1)
      .reduce<TensorValue>((sum, _, i) => broadcast(sum, need(inputs, i + 1), f), need(inputs, 0))

/** Operators that work element by element, with broadcasting where they have two inputs. */
export const elementwise: Readonly<Record<string, Operator>> = {
  Relu: map((x) => (x > 0 ? x : 0)),
  Sigmoid: map((x) => 1 / (1 + Math.exp(-x))),
  Tanh: map(Math.tanh),
  Exp: map(Math.exp),
  Log: map(Math.log),
  Sqrt: map(Math.sqrt),
  Neg: map((x) => -x),
  Abs: map(Math.abs),
  Reciprocal: map((x) => 1 / x),
  Erf: map(erf),
  Identity: map((x) => x),
  Dropout: map((x) => x),
  Cast: (node, inputs) => {
    const x = need(inputs, 0)
    const type = onnxElementTypes[intOf(node, 'to', 1)]
    if (type === 'float') return { dims: x.dims, data: Float32Array.from(x.data) }
    if (type === 'float16') {
      const rounded = Float32Array.from(x.data, (v) => halfToNumber(numberToHalf(v)))
      return { dims: x.dims, data: rounded }
    }
    if (type === 'double') return { dims: x.dims, data: Float64Array.from(x.data) }
    const whole = type === 'bool' ? isTrue : wholeNumber
    return { dims: x.dims, data: Float64Array.from(x.data, whole) }
  },
  HardSwish: map((x) => (x * Math.min(6, Math.max(0, x + 3))) / 6),
  Gelu: map((x) => 0.5 * x * (1 + erf(x / Math.SQRT2))),
  LeakyRelu: (node, inputs) => {
    const alpha = floatOf(node, 'alpha', 0.01)
    return map((x) => (x >= 0 ? x : alpha * x))(node, inputs, 0)
  },
  HardSigmoid: (node, inputs) => {
    const alpha = floatOf(node, 'alpha', 0.2)
    const beta = floatOf(node, 'beta', 0.5)
    return map((x) => Math.min(1, Math.max(0, alpha * x + beta)))(node, inputs, 0)
  },
  Clip: (node, inputs) => {
    const low = inputs[1]?.data[0] ?? floatOf(node, 'min', -Infinity)
    const high = inputs[2]?.data[0] ?? floatOf(node, 'max', Infinity)
    return map((x) => Math.min(high, Math.max(low, x)))(node, inputs, 0)
  },
  Add: fold((a, b) => a + b),
  Sub: fold((a, b) => a - b),
  Mul: fold((a, b) => a * b),
  Div: fold((a, b) => a / b),
  Pow: fold((a, b) => a ** b),
  Max: fold(Math.max),
  Min: fold(Math.min),
  Sum: fold((a, b) => a + b),
  Where: (_node, inputs) => {
    const [condition, ifTrue, ifFalse] = [0, 1, 2].map((i) => need(inputs, i))
    const chosen = broadcast(condition, ifTrue, (c, x) => (c !== 0 ? x : 0))
    const other = broadcast(condition, ifFalse, (c, x) => (c !== 0 ? 0 : x))
    return broadcast(chosen, other, (a, b) => a + b)
  },
  BatchNormalization: (node, inputs) => {
    const [x, scale, shift, mean, variance] = [0, 1, 2, 3, 4].map((i) => need(inputs, i))
    const epsilon = floatOf(node, 'epsilon', 1e-5)
    const plane = sizeOf(x.dims.slice(2))
    const channels = x.dims[1]
    const data = new Float32Array(x.data.length)
    for (let i = 0; i < data.length; i++) {
      const c = Math.floor(i / plane) % channels
      const normal = (x.data[i] - mean.data[c]) / Math.sqrt(variance.data[c] + epsilon)
      data[i] = normal * scale.data[c] + shift.data[c]
    }
    return { dims: x.dims, data }
  },
  Softmax: (node, inputs, opset) => {
    const x = need(inputs, 0)
    const rank = x.dims.length
    const axis = intOf(node, 'axis', opset >= 13 ? -1 : 1)
    const at = axis < 0 ? axis + rank : axis
    // Before operator set 13 the input was flattened to two dimensions at the axis.
    const length = opset >= 13 ? x.dims[at] : sizeOf(x.dims.slice(at))
    const inner = opset >= 13 ? sizeOf(x.dims.slice(at + 1)) : 1
    const data = new Float32Array(x.data.length)
    for (let start = 0; start < data.length; start += length * inner) {
      for (let k = 0; k < inner; k++) {
        let top = -Infinity
        for (let i = 0; i < length; i++) top = Math.max(top, x.data[start + i * inner + k])
        let sum = 0
        for (let i = 0; i < length; i++) {
          const e = Math.exp(x.data[start + i * inner + k] - top)
          data[start + i * inner + k] = e
          sum += e
        }
        for (let i = 0; i < length; i++) data[start + i * inner + k] /= sum
      }
    }
    return { dims: x.dims, data }
  },
  LayerNormalization: (node, inputs) => {
    const x = need(inputs, 0)
    const scale = need(inputs, 1)
    const shift = inputs[2]
    const axis = intOf(node, 'axis', -1)
    const length = sizeOf(x.dims.slice(axis < 0 ? axis + x.dims.length : axis))
    const epsilon = floatOf(node, 'epsilon', 1e-5)
    const data = new Float32Array(x.data.length)
    for (let start = 0; start < data.length; start += length) {
      let sum = 0
      for (let i = 0; i < length; i++) sum += x.data[start + i]
      const mean = sum / length
      let squares = 0
      for (let i = 0; i < length; i++) squares += (x.data[start + i] - mean) ** 2
      const root = Math.sqrt(squares / length + epsilon)
      for (let i = 0; i < length; i++) {
        const normal = (x.data[start + i] - mean) / root
        data[start + i] = normal * scale.data[i] + (shift?.data[i] ?? 0)
      }
    }
    return { dims: x.dims, data }
  },
}

const isTrue = (v: number): number => (v === 0 ? 0 : 1)

/** Towards zero; integers know no negative zero. */
const wholeNumber = (v: number): number => Math.trunc(v) + 0

function broadcast(
  a: TensorValue,
  b: TensorValue,
  f: (a: number, b: number) => number,
): TensorValue {
  const rank = Math.max(a.dims.length, b.dims.length)
  const left = [...new Array<number>(rank - a.dims.length).fill(1), ...a.dims]
  const right = [...new Array<number>(rank - b.dims.length).fill(1), ...b.dims]
  const dims = left.map((size, i) => (size === 1 ? right[i] : size))
  if (dims.some((size, i) => right[i] !== 1 && right[i] !== size)) {
    throw new RangeError(
      `shapes [${a.dims.join(', ')}] and [${b.dims.join(', ')}] do not broadcast`,
    )
  }
  const exact = a.data instanceof Float64Array && b.data instanceof Float64Array
  const size = sizeOf(dims)
  const data = exact ? new Float64Array(size) : new Float32Array(size)
  const stepsOf = (shape: readonly number[]): number[] =>
    shape.map((each, i) => (each === 1 ? 0 : sizeOf(shape.slice(i + 1))))
  const leftSteps = stepsOf(left)
  const rightSteps = stepsOf(right)
  for (let i = 0; i < size; i++) {
    let rest = i
    let x = 0
    let y = 0
    for (let axis = rank - 1; axis >= 0; axis--) {
      const at = rest % dims[axis]
      rest = (rest - at) / dims[axis]
      x += at * leftSteps[axis]
      y += at * rightSteps[axis]
    }
    data[i] = f(a.data[x], b.data[y])
  }
  return { dims, data }
}

/** Error function (Abramowitz and Stegun 7.1.26, absolute error below 1.5e-7: as exact as 32-bit floats). */
function erf(x: number): number {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const series =
    ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) * t
  const y = 1 - series * Math.exp(-x * x)
  return x < 0 ? -y : y
}
