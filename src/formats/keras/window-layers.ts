import { activated } from './activations.js'
import type { Value } from './graph-builder.js'
import type { LayerCall, LayerRule } from './rule.js'

/** Strides, dilation and zeros of a window; a ZeroPadding2D before it is done by it. */
function windowOf(
  { config, inputs }: LayerCall,
  kernel: readonly [number, number],
  strides: readonly [number, number],
  dilations: readonly [number, number] = [1, 1],
): Record<string, string | readonly number[]> {
  const same = config.word('padding', ['same', 'valid'], 'valid') === 'same'
  const { padding } = inputs[0]
  const common = { kernel_shape: kernel, strides, dilations }
  if (padding !== undefined && !same) return { ...common, pads: [...padding.begin, ...padding.end] }
  return { ...common, auto_pad: same ? 'SAME_UPPER' : 'VALID' }
}

/** What a window reads: a "valid" one does the padding before it itself. */
function windowInput(call: LayerCall): Value {
  const same = call.config.word('padding', ['same', 'valid'], 'valid') === 'same'
  return same ? call.input() : call.inputs[0]
}

function channelsOf(call: LayerCall): number {
  const shape = call.builder.shape(call.inputs[0])
  if (shape.length !== 4) {
    call.config.reject(
      'E-KERAS-004',
      `reads a tensor with ${shape.length} axes, expected batch, rows, columns and channels`,
    )
  }
  return shape[1]
}

function biasOf({ config, builder, name }: LayerCall, channels: number): string[] {
  return config.flag('use_bias', true) ? [builder.constant(`${name}/bias`, [channels])] : []
}

const conv: LayerRule = (call) => {
  const { config, builder, name } = call
  const channels = channelsOf(call)
  const groups = config.size('groups', 1)
  const filters = config.size('filters')
  if (channels % groups !== 0 || filters % groups !== 0) {
    config.reject(
      'E-KERAS-005',
      `has ${groups} groups, which do not divide ${channels} input channels and ${filters} filters`,
    )
  }
  const kernel = config.pair('kernel_size')
  const weights = builder.constant(`${name}/kernel`, [filters, channels / groups, ...kernel])
  const out = builder.add(name, 'Conv', [windowInput(call), weights, ...biasOf(call, filters)], {
    ...windowOf(call, kernel, config.pair('strides', [1, 1]), config.pair('dilation_rate', [1, 1])),
    group: groups,
  })
  return activated(call, out)
}

const transposed: LayerRule = (call) => {
  const { config, builder, name } = call
  const filters = config.size('filters')
  const kernel = config.pair('kernel_size')
  const input = call.input()
  const weights = builder.constant(`${name}/kernel`, [channelsOf(call), filters, ...kernel])
  const same = config.word('padding', ['same', 'valid'], 'valid') === 'same'
  const out = builder.add(name, 'ConvTranspose', [input, weights, ...biasOf(call, filters)], {
    kernel_shape: kernel,
    strides: config.pair('strides', [1, 1]),
    dilations: config.pair('dilation_rate', [1, 1]),
    auto_pad: same ? 'SAME_UPPER' : 'VALID',
  })
  return activated(call, out)
}

function depthwisePart(call: LayerCall, name: string, bias: boolean): Value {
  const { config, builder } = call
  const channels = channelsOf(call)
  const filters = channels * config.size('depth_multiplier', 1)
  const kernel = config.pair('kernel_size')
  const weights = builder.constant(`${name}/kernel`, [filters, 1, ...kernel])
  const biases = bias ? biasOf({ ...call, name }, filters) : []
  return builder.add(name, 'Conv', [windowInput(call), weights, ...biases], {
    ...windowOf(call, kernel, config.pair('strides', [1, 1]), config.pair('dilation_rate', [1, 1])),
    group: channels,
  })
}

const depthwise: LayerRule = (call) => activated(call, depthwisePart(call, call.name, true))

const separable: LayerRule = (call) => {
  const { config, builder, name } = call
  const middle = depthwisePart(call, `${name}/depthwise`, false)
  const filters = config.size('filters')
  const weights = builder.constant(`${name}/kernel`, [filters, builder.shape(middle)[1], 1, 1])
  return activated(call, builder.add(name, 'Conv', [middle, weights, ...biasOf(call, filters)]))
}

const pool =
  (opType: string): LayerRule =>
  (call) => {
    channelsOf(call)
    const { config, builder, name } = call
    const size = config.pair('pool_size', [2, 2])
    const strides = config.pair('strides', size)
    const { dilations: _dilations, ...window } = windowOf(call, size, strides)
    return builder.add(name, opType, [windowInput(call)], window)
  }

const globalPool =
  (opType: string): LayerRule =>
  (call) => {
    channelsOf(call)
    const { config, builder, name } = call
    const pooled = builder.add(name, opType, [call.input()])
    return config.flag('keepdims', false)
      ? pooled
      : builder.add(`${name}/flat`, 'Flatten', [pooled])
  }

/** Layers that slide a window over pictures. */
export const windowRules: Readonly<Record<string, LayerRule>> = {
  Conv2D: conv,
  Convolution2D: conv,
  Conv2DTranspose: transposed,
  DepthwiseConv2D: depthwise,
  SeparableConv2D: separable,
  MaxPooling2D: pool('MaxPool'),
  AveragePooling2D: pool('AveragePool'),
  GlobalMaxPooling2D: globalPool('GlobalMaxPool'),
  GlobalAveragePooling2D: globalPool('GlobalAveragePool'),
  ZeroPadding2D: (call) => {
    channelsOf(call)
    const { begin, end } = call.config.margins('padding')
    return { name: call.input().name, padding: { begin, end } }
  },
}
