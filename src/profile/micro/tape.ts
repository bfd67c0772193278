/** A differentiable value: its elements and, after `backward`, the gradient of the loss. */
export interface Var {
  readonly dims: readonly number[]
  readonly data: Float32Array
  readonly grad: Float32Array
}

/** A value of the given shape; its gradient starts at zero. */
export function variable(dims: readonly number[], data?: Float32Array): Var {
  const size = dims.reduce((product, dim) => product * dim, 1)
  return { dims, data: data ?? new Float32Array(size), grad: new Float32Array(size) }
}

/**
 * Records operations and runs their derivatives backwards (reverse-mode differentiation): just enough to train the micro
 * networks of the shipped traces, one sample at a time. Sums in fixed order, so training is reproducible.
 */
export class Tape {
  private readonly steps: (() => void)[] = []

  backward(): void {
    for (let i = this.steps.length - 1; i >= 0; i--) this.steps[i]()
    this.steps.length = 0
  }

  relu(x: Var): Var {
    const y = variable(
      x.dims,
      x.data.map((v) => (v > 0 ? v : 0)),
    )
    this.steps.push(() => {
      for (let i = 0; i < y.data.length; i++) if (y.data[i] > 0) x.grad[i] += y.grad[i]
    })
    return y
  }

  add(a: Var, b: Var): Var {
    const y = variable(
      a.dims,
      a.data.map((v, i) => v + b.data[i]),
    )
    this.steps.push(() => {
      for (let i = 0; i < y.grad.length; i++) {
        a.grad[i] += y.grad[i]
        b.grad[i] += y.grad[i]
      }
    })
    return y
  }

  /** Rows of a table. */
  embed(table: Var, indices: readonly number[]): Var {
    const width = table.dims[1]
    const y = variable([indices.length, width])
    indices.forEach((index, i) =>
      y.data.set(table.data.subarray(index * width, (index + 1) * width), i * width),
    )
    this.steps.push(() => {
      indices.forEach((index, i) => {
        for (let k = 0; k < width; k++) table.grad[index * width + k] += y.grad[i * width + k]
      })
    })
    return y
  }

  /** x (rows × inputs) · w (inputs × outputs) + bias. */
  linear(x: Var, w: Var, bias?: Var): Var {
    const [rows, inputs] = x.dims
    const outputs = w.dims[1]
    const y = variable([rows, outputs])
    for (let i = 0; i < rows; i++) {
      const to = i * outputs
      if (bias) y.data.set(bias.data, to)
      for (let k = 0; k < inputs; k++) {
        const a = x.data[i * inputs + k]
        if (a === 0) continue
        for (let j = 0; j < outputs; j++) y.data[to + j] += a * w.data[k * outputs + j]
      }
    }
    this.steps.push(() => {
      for (let i = 0; i < rows; i++) {
        const to = i * outputs
        if (bias) for (let j = 0; j < outputs; j++) bias.grad[j] += y.grad[to + j]
        for (let k = 0; k < inputs; k++) {
          const a = x.data[i * inputs + k]
          let sum = 0
          for (let j = 0; j < outputs; j++) {
            sum += y.grad[to + j] * w.data[k * outputs + j]
            w.grad[k * outputs + j] += a * y.grad[to + j]
          }
          x.grad[i * inputs + k] += sum
        }
      }
    })
    return y
  }

  /** 3×3 or 1×1 convolution, zero padding (k − 1) / 2, of one image: x is C×H×W, w is M×C×k×k. */
  conv(x: Var, w: Var, bias: Var, stride: number): Var {
    const [channels, height, width] = x.dims
    const [filters, , k] = w.dims
    const pad = (k - 1) / 2
    const oh = Math.floor((height - 1) / stride) + 1
    const ow = Math.floor((width - 1) / stride) + 1
    const y = variable([filters, oh, ow])
    // Visits every pair of a weight and the input row it meets.
    const each = (
      visit: (weight: number, y0: number, x0: number, first: number, end: number) => void,
    ): void => {
      for (let m = 0; m < filters; m++) {
        for (let c = 0; c < channels; c++) {
          for (let r = 0; r < k; r++) {
            for (let s = 0; s < k; s++) {
              const weight = ((m * channels + c) * k + r) * k + s
              const first = Math.max(0, Math.ceil((pad - s) / stride))
              const end = Math.min(ow, Math.floor((width - 1 + pad - s) / stride) + 1)
              for (let oy = 0; oy < oh; oy++) {
                const iy = oy * stride + r - pad
                if (iy < 0 || iy >= height) continue
                visit(weight, (m * oh + oy) * ow, (c * height + iy) * width + s - pad, first, end)
              }
            }
          }
        }
      }
    }
    for (let m = 0; m < filters; m++) y.data.fill(bias.data[m], m * oh * ow, (m + 1) * oh * ow)
    each((weight, to, from, first, end) => {
      const v = w.data[weight]
      if (v === 0) return
      for (let ox = first; ox < end; ox++) y.data[to + ox] += v * x.data[from + ox * stride]
    })
    this.steps.push(() => {
      for (let m = 0; m < filters; m++) {
        let sum = 0
        for (let i = m * oh * ow; i < (m + 1) * oh * ow; i++) sum += y.grad[i]
        bias.grad[m] += sum
      }
      each((weight, to, from, first, end) => {
        const v = w.data[weight]
        let sum = 0
        for (let ox = first; ox < end; ox++) {
          const g = y.grad[to + ox]
          sum += g * x.data[from + ox * stride]
          x.grad[from + ox * stride] += v * g
        }
        w.grad[weight] += sum
      })
    })
    return y
  }

  /** Mean over rows and columns of a C×H×W map: 1 × C. */
  averagePool(x: Var): Var {
    const [channels, height, width] = x.dims
    const plane = height * width
    const y = variable([1, channels])
    for (let c = 0; c < channels; c++) {
      let sum = 0
      for (let i = c * plane; i < (c + 1) * plane; i++) sum += x.data[i]
      y.data[c] = sum / plane
    }
    this.steps.push(() => {
      for (let i = 0; i < x.grad.length; i++) x.grad[i] += y.grad[Math.floor(i / plane)] / plane
    })
    return y
  }

  /** Multi-head attention of rows × width matrices: softmax(q·kᵀ / √(width / heads))·v per head. */
  attention(q: Var, k: Var, v: Var, heads: number): Var {
    const [rows, width] = q.dims
    const head = width / heads
    const scale = 1 / Math.sqrt(head)
    const p = new Float32Array(heads * rows * rows)
    const y = variable([rows, width])
    for (let h = 0; h < heads; h++) {
      for (let i = 0; i < rows; i++) {
        const at = (h * rows + i) * rows
        let top = -Infinity
        for (let j = 0; j < rows; j++) {
          let score = 0
          for (let d = h * head; d < (h + 1) * head; d++) {
            score += q.data[i * width + d] * k.data[j * width + d]
          }
          p[at + j] = score * scale
          top = Math.max(top, p[at + j])
        }
        let sum = 0
        for (let j = 0; j < rows; j++) sum += p[at + j] = Math.exp(p[at + j] - top)
        for (let j = 0; j < rows; j++) {
          p[at + j] /= sum
          for (let d = h * head; d < (h + 1) * head; d++) {
            y.data[i * width + d] += p[at + j] * v.data[j * width + d]
          }
        }
      }
    }
    this.steps.push(() => {
      const dp = new Float32Array(rows)
      for (let h = 0; h < heads; h++) {
        for (let i = 0; i < rows; i++) {
          const at = (h * rows + i) * rows
          let mean = 0
          for (let j = 0; j < rows; j++) {
            let sum = 0
            for (let d = h * head; d < (h + 1) * head; d++) {
              sum += y.grad[i * width + d] * v.data[j * width + d]
              v.grad[j * width + d] += p[at + j] * y.grad[i * width + d]
            }
            dp[j] = sum
            mean += sum * p[at + j]
          }
          for (let j = 0; j < rows; j++) {
            const ds = p[at + j] * (dp[j] - mean) * scale
            for (let d = h * head; d < (h + 1) * head; d++) {
              q.grad[i * width + d] += ds * k.data[j * width + d]
              k.grad[j * width + d] += ds * q.data[i * width + d]
            }
          }
        }
      }
    })
    return y
  }

  /** Mean cross entropy of rows of logits; starts the backward pass. Returns the loss and how many rows are right. */
  crossEntropy(logits: Var, labels: readonly number[]): { loss: number; right: number } {
    const [rows, classes] = logits.dims
    let loss = 0
    let right = 0
    for (let i = 0; i < rows; i++) {
      const row = logits.data.subarray(i * classes, (i + 1) * classes)
      const top = Math.max(...row)
      let sum = 0
      for (const value of row) sum += Math.exp(value - top)
      loss += Math.log(sum) + top - row[labels[i]]
      if (row.indexOf(top) === labels[i]) right++
      for (let j = 0; j < classes; j++) {
        const share = Math.exp(row[j] - top) / sum
        logits.grad[i * classes + j] += (share - (j === labels[i] ? 1 : 0)) / rows
      }
    }
    return { loss: loss / rows, right }
  }
}
