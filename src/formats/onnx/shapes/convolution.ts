import { fact, type RuleContext, type ShapeRule } from './rule.js'

/** Geometry of a sliding window over the spatial axes, every list one entry per spatial axis. */
export interface Window {
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  readonly padsBegin: readonly number[]
  readonly padsEnd: readonly number[]
}

/** Reads kernel, strides, dilations and pads of Conv and pooling nodes, resolving `auto_pad`. */
export function windowOf(
  context: RuleContext,
  spatial: readonly number[],
  kernel: readonly number[],
): Window {
  const rank = spatial.length
  const list = (name: string, fallback: number, length = rank): readonly number[] => {
    const values = context.ints(name) ?? Array.from({ length }, () => fallback)
    if (values.length !== length) {
      context.fail(`"${name}" has ${values.length} entries, expected ${length}`)
    }
    return values
  }
  if (kernel.length !== rank) {
    context.fail(`the kernel has ${kernel.length} axes, the input has ${rank} spatial axes`)
  }
  const strides = list('strides', 1)
  const dilations = list('dilations', 1)
  const autoPad = context.text('auto_pad', 'NOTSET')
  if (autoPad === 'NOTSET' || autoPad === '' || autoPad === 'VALID') {
    const pads = autoPad === 'VALID' ? kernel.flatMap(() => [0, 0]) : list('pads', 0, 2 * rank)
    return { kernel, strides, dilations, padsBegin: pads.slice(0, rank), padsEnd: pads.slice(rank) }
  }
  const total = spatial.map((size, i) => {
    const out = Math.ceil(size / strides[i])
    return Math.max(0, (out - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - size)
  })
  // SAME_UPPER puts the odd zero at the end, SAME_LOWER at the beginning.
  const small = total.map((pad) => Math.floor(pad / 2))
  const large = total.map((pad, i) => pad - small[i])
  const [padsBegin, padsEnd] = autoPad === 'SAME_LOWER' ? [large, small] : [small, large]
  return { kernel, strides, dilations, padsBegin, padsEnd }
}

/** Output sizes of a sliding window; `ceil` rounds up and drops windows that would start in the end padding. */
function slide(
  context: RuleContext,
  spatial: readonly number[],
  window: Window,
  ceil: boolean,
): number[] {
  return spatial.map((size, i) => {
    const reach = (window.kernel[i] - 1) * window.dilations[i] + 1
    const padded = size + window.padsBegin[i] + window.padsEnd[i]
    const steps = (padded - reach) / window.strides[i]
    let out = (ceil ? Math.ceil(steps) : Math.floor(steps)) + 1
    if (ceil && (out - 1) * window.strides[i] >= size + window.padsBegin[i]) out--
    if (!(out >= 1)) {
      context.fail(
        `a window of ${reach} does not fit an input of ${size} with padding ${window.padsBegin[i]}+${window.padsEnd[i]}`,
      )
    }
    return out
  })
}

const conv: ShapeRule = (context) => {
  const quantized = context.node.opType === 'QLinearConv'
  const x = context.input(0)
  const w = context.input(quantized ? 3 : 1)
  const type = quantized
    ? (context.inputs[7]?.type ?? x.type)
    : context.node.opType === 'ConvInteger'
      ? 'int32'
      : x.type
  if (x.shape.length < 3 || w.shape.length !== x.shape.length) {
    context.fail(
      `input [${x.shape.join(', ')}] and kernel [${w.shape.join(', ')}] do not fit together`,
    )
  }
  const group = context.int('group', 1)
  if (x.shape[1] !== w.shape[1] * group) {
    context.fail(
      `the input has ${x.shape[1]} channels, the kernel expects ${w.shape[1]} in each of ${group} groups`,
    )
  }
  if (w.shape[0] % group !== 0) {
    context.fail(`${w.shape[0]} output channels cannot be split into ${group} groups`)
  }
  const spatial = x.shape.slice(2)
  const window = windowOf(context, spatial, context.ints('kernel_shape') ?? w.shape.slice(2))
  return [fact([x.shape[0], w.shape[0], ...slide(context, spatial, window, false)], type)]
}

const convTranspose: ShapeRule = (context) => {
  const x = context.input(0)
  const w = context.input(1)
  const group = context.int('group', 1)
  const spatial = x.shape.slice(2)
  const kernel = context.ints('kernel_shape') ?? w.shape.slice(2)
  const strides = context.ints('strides') ?? spatial.map(() => 1)
  const dilations = context.ints('dilations') ?? spatial.map(() => 1)
  const extra = context.ints('output_padding') ?? spatial.map(() => 0)
  const pads = context.ints('pads') ?? spatial.flatMap(() => [0, 0])
  const same = context.text('auto_pad', 'NOTSET').startsWith('SAME')
  const out =
    context.ints('output_shape') ??
    spatial.map((size, i) =>
      same
        ? size * strides[i]
        : (size - 1) * strides[i] +
          extra[i] +
          (kernel[i] - 1) * dilations[i] +
          1 -
          pads[i] -
          pads[i + spatial.length],
    )
  return [fact([x.shape[0], w.shape[1] * group, ...out.slice(-spatial.length)], x.type)]
}

const pool: ShapeRule = (context) => {
  const x = context.input(0)
  const kernel = context.ints('kernel_shape') ?? context.fail('has no kernel_shape')
  const spatial = x.shape.slice(2)
  const window = windowOf(context, spatial, kernel)
  const shape = [
    x.shape[0],
    x.shape[1],
    ...slide(context, spatial, window, context.int('ceil_mode', 0) === 1),
  ]
  return [fact(shape, x.type), fact(shape, 'int64')]
}

const globalPool: ShapeRule = (context) => {
  const x = context.input(0)
  return [fact([x.shape[0], x.shape[1], ...x.shape.slice(2).map(() => 1)], x.type)]
}

/** Convolutions and pooling. */
export const convolutionRules: Readonly<Record<string, ShapeRule>> = {
  Conv: conv,
  ConvInteger: conv,
  QLinearConv: conv,
  ConvTranspose: convTranspose,
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalAveragePool: globalPool,
  GlobalMaxPool: globalPool,
  GlobalLpPool: globalPool,
  BatchNormalization: (context) => [
    fact(context.input(0).shape, context.input(0).type),
    ...[1, 2, 3, 4].map((i) => fact(context.input(i).shape, context.input(i).type)),
  ],
}
