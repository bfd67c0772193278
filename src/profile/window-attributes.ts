import type { OnnxNode } from '../model/index.js'
import { intsOf, stringOf } from './interpreter/attributes.js'

/** Stride, dilation and padding of a convolution or pooling over `kernel`, with `auto_pad` resolved for this input. */
export interface WindowGeometry {
  readonly stride: readonly [number, number]
  readonly dilation: readonly [number, number]
  /** top, left, bottom, right */
  readonly padding: readonly [number, number, number, number]
}

/** Reads the window attributes of a two-dimensional node; a one-dimensional one has width 1. */
export function windowGeometry(
  node: OnnxNode,
  input: readonly [number, number],
  kernel: readonly [number, number],
): WindowGeometry {
  const two = (name: string, fill: number): [number, number] => {
    const values = intsOf(node, name)
    return [values?.[0] ?? fill, values?.[1] ?? fill]
  }
  const stride = two('strides', 1)
  const dilation = two('dilations', 1)
  const mode = stringOf(node, 'auto_pad', 'NOTSET')
  if (mode === 'SAME_UPPER' || mode === 'SAME_LOWER') {
    const sides = [0, 1].map((axis): [number, number] => {
      const outputs = Math.ceil(input[axis] / stride[axis])
      const span = (outputs - 1) * stride[axis] + dilation[axis] * (kernel[axis] - 1) + 1
      const total = Math.max(0, span - input[axis])
      const small = Math.floor(total / 2)
      return mode === 'SAME_UPPER' ? [small, total - small] : [total - small, small]
    })
    return {
      stride,
      dilation,
      padding: [sides[0][0], sides[1][0], sides[0][1], sides[1][1]],
    }
  }
  const pads = mode === 'VALID' ? undefined : intsOf(node, 'pads')
  if (pads?.length === 2) return { stride, dilation, padding: [pads[0], 0, pads[1], 0] }
  return {
    stride,
    dilation,
    padding: [pads?.[0] ?? 0, pads?.[1] ?? 0, pads?.[2] ?? 0, pads?.[3] ?? 0],
  }
}
