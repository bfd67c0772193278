import type { Stack } from '../stack.js'

/** How one axis (x or y) of a layer's loops reaches into its input. */
export interface AxisReach {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
}

/** Sizes of one tile along one axis, all in columns (or rows) of the feature map concerned. */
export interface AxisSizes {
  /** New output of each node. */
  readonly out: readonly number[]
  /** Newly read part of each source. */
  readonly source: readonly number[]
  /** Per node and operand: all input columns used. */
  readonly input: readonly (readonly number[])[]
  /** Per node and operand: of these, shared with the tile before. */
  readonly overlap: readonly (readonly number[])[]
  /** Per node: columns of its output that the next tile needs again. */
  readonly keep: readonly number[]
}

/** Number of distinct values of s·a + d·b, a < A, b < B (spec §3.2). */
export function reachedValues(s: number, A: number, d: number, B: number): number {
  const g = greatestCommonDivisor(s, d)
  return Math.trunc(A * B - Math.max(0, B - s / g) * (A - d / g))
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

export function reachOf(stack: Stack, axis: 'x' | 'y'): AxisReach[] {
  return stack.nodes.map(({ layer }) => ({
    kernel: axis === 'x' ? layer.dims.FX : layer.dims.FY,
    stride: layer.stride[axis],
    dilation: layer.dilation[axis],
  }))
}

/**
 * Works back from the output of a stack to the sizes of one tile in the steady state (spec §10). Feature maps grow
 * towards the input and know no border.
 * @param tile size at the output
 * @param reuse whether columns shared with the tile before come from a cache
 * @param keep whether columns are kept for the next tile
 */
export function axisSizes(
  stack: Stack,
  reach: readonly AxisReach[],
  tile: number,
  reuse: boolean,
  keep: boolean,
): AxisSizes {
  const count = stack.nodes.length
  const out = new Array<number>(count).fill(0)
  const source = new Array<number>(stack.sources.length).fill(0)
  const input = stack.nodes.map((node) => node.reads.map(() => 0))
  const overlap = stack.nodes.map((node) => node.reads.map(() => 0))
  // Per node: what each reader asks for, by reader and operand.
  const requests = stack.nodes.map(() => new Map<string, { overlap: number; lag: number }>())
  out[count - 1] = tile
  const pending: { node: number; lag: number }[] = [{ node: count - 1, lag: 0 }]
  for (let entry = pending.pop(); entry !== undefined; entry = pending.pop()) {
    const { node, lag } = entry
    const { kernel, stride, dilation } = reach[node]
    stack.nodes[node].reads.forEach(({ from: read }, operand) => {
      const needed = reachedValues(stride, out[node], dilation, kernel)
      const shared = Math.max(0, needed - out[node] * stride)
      const behind =
        stride * lag - Math.floor((needed - out[node] * stride + stride - 1) / 2) + shared
      input[node][operand] = needed
      overlap[node][operand] = shared
      const fresh = reuse ? needed - shared : needed
      if (read < 0) {
        source[~read] = Math.max(source[~read], fresh)
        return
      }
      out[read] = Math.max(out[read], fresh)
      requests[read].set(`${node}/${operand}`, { overlap: keep ? shared : 0, lag: behind })
      const lags = [...requests[read].values()].map((request) => request.lag)
      pending.push({ node: read, lag: Math.max(...lags) })
    })
  }
  return {
    out,
    source,
    input,
    overlap,
    keep: requests.map((each) => {
      if (each.size === 0) return 0
      const list = [...each.values()]
      return (
        Math.max(...list.map((request) => request.lag)) -
        Math.min(...list.map((request) => request.lag - request.overlap))
      )
    }),
  }
}
