import { sizeOf, type TensorValue } from '../runtime.js'
import { windowGeometry } from '../window-attributes.js'
import { floatOf, intOf, intsOf } from './attributes.js'
import { float32, need, type Operator } from './operator.js'

/** Convolutions, matrix products and pooling; sums are accumulated in double precision. */
export const products: Readonly<Record<string, Operator>> = {
  Conv: (node, inputs) => {
    const x = asImage(need(inputs, 0))
    const w = asImage(need(inputs, 1))
    const bias = inputs[2]
    const [batch, channels, height, width] = x.dims
    const [filters, perGroup, R, S] = w.dims
    const groups = intOf(node, 'group', 1)
    const { stride, dilation, padding } = windowGeometry(node, [height, width], [R, S])
    const oh =
      Math.floor((height + padding[0] + padding[2] - dilation[0] * (R - 1) - 1) / stride[0]) + 1
    const ow =
      Math.floor((width + padding[1] + padding[3] - dilation[1] * (S - 1) - 1) / stride[1]) + 1
    const out = new Float32Array(batch * filters * oh * ow)
    const sums = new Float64Array(oh * ow)
    for (let n = 0; n < batch; n++) {
      for (let m = 0; m < filters; m++) {
        const firstChannel = Math.floor(m / (filters / groups)) * perGroup
        sums.fill(bias?.data[m] ?? 0)
        for (let c = 0; c < perGroup; c++) {
          const plane = (n * channels + firstChannel + c) * height * width
          for (let r = 0; r < R; r++) {
            for (let s = 0; s < S; s++) {
              const weight = w.data[((m * perGroup + c) * R + r) * S + s]
              if (weight === 0) continue
              for (let oy = 0; oy < oh; oy++) {
                const y = oy * stride[0] - padding[0] + r * dilation[0]
                if (y < 0 || y >= height) continue
                const row = plane + y * width
                for (let ox = 0; ox < ow; ox++) {
                  const at = ox * stride[1] - padding[1] + s * dilation[1]
                  if (at >= 0 && at < width) sums[oy * ow + ox] += weight * x.data[row + at]
                }
              }
            }
          }
        }
        out.set(sums, (n * filters + m) * oh * ow)
      }
    }
    const dims = need(inputs, 0).dims.length === 3 ? [batch, filters, oh] : [batch, filters, oh, ow]
    return float32(dims, out)
  },
  Gemm: (node, inputs) => {
    const a = need(inputs, 0)
    const b = need(inputs, 1)
    const c = inputs[2]
    const transA = intOf(node, 'transA', 0) === 1
    const transB = intOf(node, 'transB', 0) === 1
    const alpha = floatOf(node, 'alpha', 1)
    const beta = floatOf(node, 'beta', 1)
    const [rows, depth] = transA ? [a.dims[1], a.dims[0]] : [a.dims[0], a.dims[1]]
    const columns = transB ? b.dims[0] : b.dims[1]
    const out = new Float32Array(rows * columns)
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) {
        let sum = 0
        for (let k = 0; k < depth; k++) {
          const left = a.data[transA ? k * rows + i : i * depth + k]
          sum += left * b.data[transB ? j * depth + k : k * columns + j]
        }
        out[i * columns + j] = alpha * sum + beta * addend(c, i, j, rows, columns)
      }
    }
    return float32([rows, columns], out)
  },
  MatMul: (_node, inputs) => {
    const a = need(inputs, 0)
    const b = need(inputs, 1)
    const left = a.dims.length === 1 ? [1, ...a.dims] : a.dims
    const right = b.dims.length === 1 ? [...b.dims, 1] : b.dims
    const [rows, depth] = left.slice(-2)
    const columns = right[right.length - 1]
    const rank = Math.max(left.length, right.length) - 2
    const lead = (dims: readonly number[]): number[] => {
      const own = dims.slice(0, -2)
      return [...new Array<number>(rank - own.length).fill(1), ...own]
    }
    const leftLead = lead(left)
    const rightLead = lead(right)
    const outLead = leftLead.map((size, i) => Math.max(size, rightLead[i]))
    const batches = sizeOf(outLead)
    const out = new Float32Array(batches * rows * columns)
    for (let batch = 0; batch < batches; batch++) {
      const x = matrixOf(batch, outLead, leftLead) * rows * depth
      const y = matrixOf(batch, outLead, rightLead) * depth * columns
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          let sum = 0
          for (let k = 0; k < depth; k++)
            sum += a.data[x + i * depth + k] * b.data[y + k * columns + j]
          out[(batch * rows + i) * columns + j] = sum
        }
      }
    }
    const dims = [
      ...outLead,
      ...(a.dims.length === 1 ? [] : [rows]),
      ...(b.dims.length === 1 ? [] : [columns]),
    ]
    return float32(dims, out)
  },
  MaxPool: (node, inputs) => pool(node, need(inputs, 0), 'max'),
  AveragePool: (node, inputs) => pool(node, need(inputs, 0), 'average'),
  GlobalAveragePool: (_node, inputs) => {
    const x = need(inputs, 0)
    const plane = sizeOf(x.dims.slice(2))
    const out = new Float32Array(x.dims[0] * x.dims[1])
    for (let i = 0; i < out.length; i++) {
      let sum = 0
      for (let k = 0; k < plane; k++) sum += x.data[i * plane + k]
      out[i] = sum / plane
    }
    return float32([x.dims[0], x.dims[1], ...x.dims.slice(2).map(() => 1)], out)
  },
}

/** Index of the matrix that a broadcast operand contributes to a batch of the output. */
export function matrixOf(
  batch: number,
  outLead: readonly number[],
  ownLead: readonly number[],
): number {
  let rest = batch
  let index = 0
  let step = 1
  for (let axis = outLead.length - 1; axis >= 0; axis--) {
    const at = rest % outLead[axis]
    rest = (rest - at) / outLead[axis]
    if (ownLead[axis] !== 1) index += at * step
    step *= ownLead[axis]
  }
  return index
}

/** A one-dimensional feature map as an image of width 1. */
function asImage(x: TensorValue): TensorValue {
  return x.dims.length === 3 ? { dims: [...x.dims, 1], data: x.data } : x
}

function addend(
  c: TensorValue | undefined,
  i: number,
  j: number,
  rows: number,
  columns: number,
): number {
  if (c === undefined) return 0
  const [h, w] = c.dims.length >= 2 ? c.dims.slice(-2) : [1, c.dims[0] ?? 1]
  return c.data[(h === rows ? i : 0) * w + (w === columns ? j : 0)]
}

function pool(node: Parameters<Operator>[0], x: TensorValue, kind: 'max' | 'average'): TensorValue {
  const [batch, channels, height, width] = x.dims
  const shape = intsOf(node, 'kernel_shape') ?? [1, 1]
  const [R, S] = [shape[0], shape[1] ?? 1]
  const { stride, dilation, padding } = windowGeometry(node, [height, width], [R, S])
  const round = intOf(node, 'ceil_mode', 0) === 1 ? Math.ceil : Math.floor
  const oh = round((height + padding[0] + padding[2] - dilation[0] * (R - 1) - 1) / stride[0]) + 1
  const ow = round((width + padding[1] + padding[3] - dilation[1] * (S - 1) - 1) / stride[1]) + 1
  const countPadding = intOf(node, 'count_include_pad', 0) === 1
  const out = new Float32Array(batch * channels * oh * ow)
  for (let plane = 0; plane < batch * channels; plane++) {
    for (let oy = 0; oy < oh; oy++) {
      for (let ox = 0; ox < ow; ox++) {
        let best = -Infinity
        let sum = 0
        let count = 0
        for (let r = 0; r < R; r++) {
          const y = oy * stride[0] - padding[0] + r * dilation[0]
          if (y < 0 || y >= height) continue
          for (let s = 0; s < S; s++) {
            const at = ox * stride[1] - padding[1] + s * dilation[1]
            if (at < 0 || at >= width) continue
            const value = x.data[(plane * height + y) * width + at]
            best = Math.max(best, value)
            sum += value
            count++
          }
        }
        const average = sum / (countPadding ? R * S : count)
        out[(plane * oh + oy) * ow + ox] = kind === 'max' ? best : average
      }
    }
  }
  return float32([batch, channels, oh, ow], out)
}
