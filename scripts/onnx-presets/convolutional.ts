import type { ModelDraft } from '../../src/formats/onnx/index.js'
import { GraphBuilder } from './graph-builder.js'

interface ConvOptions {
  readonly kernel: number
  readonly stride?: number
  readonly groups?: number
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
  const { kernel, stride = 1, groups = 1 } = options
  const pad = (kernel - 1) / 2
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
