import type { ModelDraft } from '../../src/formats/onnx/index.js'
import { GraphBuilder } from './graph-builder.js'

interface ConvOptions {
  readonly kernel: number
  readonly stride?: number
  readonly groups?: number
  /** Default: as much as keeps the size. */
  readonly pad?: number
}

/** Convolution with folded batch normalisation (a bias), "same" padding for odd kernels. */
function conv(
  g: GraphBuilder,
  scope: string,
  x: string,
  from: number,
  to: number,
  options: ConvOptions,
): string {
  const { kernel, stride = 1, groups = 1, pad = (kernel - 1) / 2 } = options
  const weight = g.weight(`${scope}.weight`, [to, from / groups, kernel, kernel])
  const bias = g.weight(`${scope}.bias`, [to])
  return g.add(
    'Conv',
    [x, weight, bias],
    {
      kernel_shape: { ints: [kernel, kernel] },
      strides: { ints: [stride, stride] },
      pads: { ints: [pad, pad, pad, pad] },
      dilations: { ints: [1, 1] },
      group: { int: groups },
    },
    `/${scope}`,
  )
}

/** ResNet-50 v1.5 (He et al. 2016, stride in the 3×3 convolution), 224×224, opset 13, symbolic batch. */
export function resnet50(): ModelDraft {
  const g = new GraphBuilder()
  const relu = (x: string, scope: string): string => g.add('Relu', [x], {}, `/${scope}`)
  let x = relu(conv(g, 'conv1', 'input', 3, 64, { kernel: 7, stride: 2 }), 'relu')
  x = g.add(
    'MaxPool',
    [x],
    {
      kernel_shape: { ints: [3, 3] },
      strides: { ints: [2, 2] },
      pads: { ints: [1, 1, 1, 1] },
    },
    '/maxpool',
  )
  let channels = 64
  ;[3, 4, 6, 3].forEach((blocks, stage) => {
    const width = 64 << stage
    for (let block = 0; block < blocks; block++) {
      const scope = `layer${stage + 1}.${block}`
      const stride = block === 0 && stage > 0 ? 2 : 1
      const shortcut =
        block === 0
          ? conv(g, `${scope}.downsample`, x, channels, 4 * width, { kernel: 1, stride })
          : x
      let y = relu(conv(g, `${scope}.conv1`, x, channels, width, { kernel: 1 }), scope)
      y = relu(conv(g, `${scope}.conv2`, y, width, width, { kernel: 3, stride }), scope)
      y = conv(g, `${scope}.conv3`, y, width, 4 * width, { kernel: 1 })
      x = relu(g.add('Add', [y, shortcut], {}, `/${scope}`), scope)
      channels = 4 * width
    }
  })
  x = g.add('GlobalAveragePool', [x], {}, '/avgpool')
  x = g.add('Flatten', [x], { axis: { int: 1 } })
  const out = g.add(
    'Gemm',
    [x, g.weight('fc.weight', [1000, 2048]), g.weight('fc.bias', [1000])],
    { transB: { int: 1 } },
    '/fc',
  )
  return g.finish(
    'resnet50',
    13,
    [{ name: 'input', elementType: 'float', dims: ['batch', 3, 224, 224] }],
    [out],
  )
}

/** MobileNetV2 1.0 (Sandler et al. 2018), 224×224, opset 11 with Clip, symbolic batch. */
export function mobilenetV2(): ModelDraft {
  const g = new GraphBuilder()
  const zero = g.scalar(0)
  const six = g.scalar(6)
  const relu6 = (x: string, scope: string): string => g.add('Clip', [x, zero, six], {}, `/${scope}`)
  let x = relu6(conv(g, 'features.0', 'input', 3, 32, { kernel: 3, stride: 2 }), 'features.0')
  let channels = 32
  let index = 1
  // expansion, output channels, repetitions, stride of the first
  const settings = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
  ]
  for (const [expansion, out, repeats, firstStride] of settings) {
    for (let i = 0; i < repeats; i++) {
      const scope = `features.${index++}`
      const hidden = channels * expansion
      const stride = i === 0 ? firstStride : 1
      let y = x
      if (expansion > 1)
        y = relu6(conv(g, `${scope}.expand`, y, channels, hidden, { kernel: 1 }), scope)
      y = relu6(
        conv(g, `${scope}.depthwise`, y, hidden, hidden, { kernel: 3, stride, groups: hidden }),
        scope,
      )
      y = conv(g, `${scope}.project`, y, hidden, out, { kernel: 1 })
      x = stride === 1 && channels === out ? g.add('Add', [x, y], {}, `/${scope}`) : y
      channels = out
    }
  }
  x = relu6(conv(g, 'features.18', x, channels, 1280, { kernel: 1 }), 'features.18')
  x = g.add('GlobalAveragePool', [x])
  // The exporter's way to flatten with a symbolic batch: Shape, Gather, Unsqueeze, Concat, Reshape.
  const batch = g.add(
    'Unsqueeze',
    [g.add('Gather', [g.add('Shape', [x]), g.integers([0], true)], { axis: { int: 0 } })],
    { axes: { ints: [0] } },
  )
  x = g.add('Reshape', [x, g.add('Concat', [batch, g.integers([-1])], { axis: { int: 0 } })])
  const out = g.add(
    'Gemm',
    [x, g.weight('classifier.weight', [1000, 1280]), g.weight('classifier.bias', [1000])],
    { transB: { int: 1 } },
    '/classifier',
  )
  return g.finish(
    'mobilenetv2',
    11,
    [{ name: 'input', elementType: 'float', dims: ['batch', 3, 224, 224] }],
    [out],
  )
}

/** ResNet-34 (He et al. 2016) without its classifier: 224×224 to 512 features; opset 13, symbolic batch. */
export function resnet34Features(): ModelDraft {
  const g = new GraphBuilder()
  const relu = (x: string, scope: string): string => g.add('Relu', [x], {}, `/${scope}`)
  let x = relu(conv(g, 'conv1', 'input', 3, 64, { kernel: 7, stride: 2 }), 'relu')
  x = g.add('MaxPool', [x], {
    kernel_shape: { ints: [3, 3] },
    strides: { ints: [2, 2] },
    pads: { ints: [1, 1, 1, 1] },
  })
  let channels = 64
  ;[3, 4, 6, 3].forEach((blocks, stage) => {
    const width = 64 << stage
    for (let block = 0; block < blocks; block++) {
      const scope = `layer${stage + 1}.${block}`
      const stride = block === 0 && stage > 0 ? 2 : 1
      const shortcut =
        channels === width
          ? x
          : conv(g, `${scope}.downsample`, x, channels, width, { kernel: 1, stride })
      let y = relu(conv(g, `${scope}.conv1`, x, channels, width, { kernel: 3, stride }), scope)
      y = conv(g, `${scope}.conv2`, y, width, width, { kernel: 3 })
      x = relu(g.add('Add', [y, shortcut], {}, `/${scope}`), scope)
      channels = width
    }
  })
  const out = g.add('GlobalAveragePool', [x])
  return g.finish(
    'resnet34-features',
    13,
    [{ name: 'input', elementType: 'float', dims: ['batch', 3, 224, 224] }],
    [out],
  )
}

/** Keyword spotting res8-narrow (Tang and Lin 2018): 101 frames of 40 coefficients, 19 feature maps; opset 13. */
export function keywordRes8(): ModelDraft {
  const g = new GraphBuilder()
  const relu = (x: string): string => g.add('Relu', [x])
  let x = relu(conv(g, 'conv0', 'input', 1, 19, { kernel: 3 }))
  x = g.add('AveragePool', [x], { kernel_shape: { ints: [4, 3] }, strides: { ints: [4, 3] } })
  for (let block = 0; block < 3; block++) {
    const y = relu(conv(g, `conv${2 * block + 1}`, x, 19, 19, { kernel: 3 }))
    x = g.add('Add', [relu(conv(g, `conv${2 * block + 2}`, y, 19, 19, { kernel: 3 })), x])
  }
  x = g.add('Flatten', [g.add('GlobalAveragePool', [x])], { axis: { int: 1 } })
  const out = g.add(
    'Gemm',
    [x, g.weight('output.weight', [12, 19]), g.weight('output.bias', [12])],
    { transB: { int: 1 } },
  )
  return g.finish(
    'keyword-res8',
    13,
    [{ name: 'input', elementType: 'float', dims: ['batch', 1, 101, 40] }],
    [out],
  )
}

/** SqueezeNet 1.1 (Iandola et al. 2016): eight fire modules, each of which joins two expansions; opset 13, symbolic batch. */
export function squeezeNet(): ModelDraft {
  const g = new GraphBuilder()
  const relu = (x: string, scope: string): string => g.add('Relu', [x], {}, `/${scope}`)
  const pool = (x: string): string =>
    g.add('MaxPool', [x], {
      kernel_shape: { ints: [3, 3] },
      strides: { ints: [2, 2] },
      ceil_mode: { int: 1 },
    })
  let x = pool(relu(conv(g, 'conv1', 'input', 3, 64, { kernel: 3, stride: 2, pad: 0 }), 'conv1'))
  let channels = 64
  // squeezed channels, channels of each of the two expansions, whether pooling follows
  const modules = [
    [16, 64, 0],
    [16, 64, 1],
    [32, 128, 0],
    [32, 128, 1],
    [48, 192, 0],
    [48, 192, 0],
    [64, 256, 0],
    [64, 256, 0],
  ]
  modules.forEach(([squeezed, expanded, pools], i) => {
    const scope = `fire${i + 2}`
    const s = relu(conv(g, `${scope}.squeeze`, x, channels, squeezed, { kernel: 1 }), scope)
    const parts = [1, 3].map((kernel) =>
      relu(conv(g, `${scope}.expand${kernel}x${kernel}`, s, squeezed, expanded, { kernel }), scope),
    )
    x = g.add('Concat', parts, { axis: { int: 1 } }, `/${scope}`)
    channels = 2 * expanded
    if (pools === 1) x = pool(x)
  })
  x = relu(conv(g, 'classifier', x, channels, 1000, { kernel: 1 }), 'classifier')
  const out = g.add('Flatten', [g.add('GlobalAveragePool', [x])], { axis: { int: 1 } })
  return g.finish(
    'squeezenet',
    13,
    [{ name: 'input', elementType: 'float', dims: ['batch', 3, 224, 224] }],
    [out],
  )
}

/** Sizes of a U-Net. */
interface UNetSizes {
  readonly height: number
  readonly width: number
  readonly inputChannels: number
  readonly outputChannels: number
  /** Channels of the first level; they double from level to level. */
  readonly base: number
  readonly levels: number
}

/** U-Net (Ronneberger et al. 2015) with padded convolutions and transposed convolutions; opset 13, symbolic batch. */
export function uNet(name: string, sizes: UNetSizes): ModelDraft {
  const g = new GraphBuilder()
  const { height, width, inputChannels, outputChannels, base, levels } = sizes
  const double = (x: string, scope: string, from: number, to: number): string => {
    const y = g.add('Relu', [conv(g, `${scope}.0`, x, from, to, { kernel: 3 })], {}, `/${scope}`)
    return g.add('Relu', [conv(g, `${scope}.1`, y, to, to, { kernel: 3 })], {}, `/${scope}`)
  }
  const skips: string[] = []
  let x = 'input'
  let channels = inputChannels
  for (let level = 0; level < levels; level++) {
    x = double(x, `down${level}`, channels, base << level)
    channels = base << level
    skips.push(x)
    x = g.add('MaxPool', [x], { kernel_shape: { ints: [2, 2] }, strides: { ints: [2, 2] } })
  }
  x = double(x, 'bottom', channels, base << levels)
  channels = base << levels
  for (let level = levels - 1; level >= 0; level--) {
    const to = base << level
    const weight = g.weight(`up${level}.weight`, [channels, to, 2, 2])
    x = g.add(
      'ConvTranspose',
      [x, weight],
      { strides: { ints: [2, 2] }, kernel_shape: { ints: [2, 2] } },
      `/up${level}`,
    )
    x = g.add('Concat', [x, skips[level]], { axis: { int: 1 } }, `/up${level}`)
    x = double(x, `up${level}`, 2 * to, to)
    channels = to
  }
  const out = conv(g, 'head', x, channels, outputChannels, { kernel: 1 })
  return g.finish(
    name,
    13,
    [{ name: 'input', elementType: 'float', dims: ['batch', inputChannels, height, width] }],
    [out],
  )
}
