import { convLayer, linearLayer, type ConvLayer } from '../sparse-layer.js'

/** Builds layers one after the other, keeping channels and size. */
class LayerList {
  readonly layers: ConvLayer[] = []
  private channels: number
  private size: number

  constructor(channels: number, size: number) {
    this.channels = channels
    this.size = size
  }

  conv(
    filters: number,
    kernel: number,
    stride = 1,
    options: { groups?: number; padding?: number } = {},
  ): this {
    const layer = convLayer(`conv${this.layers.length}`, {
      inputChannels: this.channels,
      outputChannels: filters,
      size: this.size,
      kernel,
      stride,
      ...options,
    })
    this.layers.push(layer)
    const { padding } = layer
    this.size = Math.floor((this.size + padding.top + padding.bottom - kernel) / stride) + 1
    this.channels = filters
    return this
  }

  /** A convolution beside the main path: it reads the given map and changes neither channels nor size. */
  side(filters: number, kernel: number, channels: number, size: number, stride = 1): this {
    this.layers.push(
      convLayer(`conv${this.layers.length}`, {
        inputChannels: channels,
        outputChannels: filters,
        size,
        kernel,
        stride,
      }),
    )
    return this
  }

  pool(stride = 2): this {
    this.size = Math.ceil(this.size / stride)
    return this
  }

  linear(inputs: number, outputs: number): this {
    this.layers.push(linearLayer(`fc${this.layers.length}`, inputs, outputs))
    return this
  }
}

/** ResNet-50 (He et al. 2016): 53 convolutions and the classifier, 224×224. */
export function resnet50(): readonly ConvLayer[] {
  const list = new LayerList(3, 224).conv(64, 7, 2, { padding: 3 }).pool()
  let channels = 64
  let size = 56
  ;[3, 4, 6, 3].forEach((blocks, stage) => {
    const width = 64 * 2 ** stage
    for (let b = 0; b < blocks; b++) {
      const stride = b === 0 && stage > 0 ? 2 : 1
      list
        .conv(width, 1)
        .conv(width, 3, stride)
        .conv(4 * width, 1)
      if (b === 0) list.side(4 * width, 1, channels, size, stride)
      channels = 4 * width
      size /= stride
    }
  })
  return list.linear(2048, 1000).layers
}

/** VGG-16 (Simonyan and Zisserman 2015): 13 convolutions, 3 linear layers, 224×224. */
export function vgg16(): readonly ConvLayer[] {
  const list = new LayerList(3, 224)
  for (const [filters, count] of [
    [64, 2],
    [128, 2],
    [256, 3],
    [512, 3],
    [512, 3],
  ]) {
    for (let i = 0; i < count; i++) list.conv(filters, 3)
    list.pool()
  }
  return list.linear(25_088, 4096).linear(4096, 4096).linear(4096, 1000).layers
}

/** MobileNet-V1 (Howard et al. 2017): stem, 13 depthwise separable pairs, classifier, 224×224. */
export function mobilenetV1(): readonly ConvLayer[] {
  const list = new LayerList(3, 224).conv(32, 3, 2, { padding: 1 })
  let channels = 32
  for (const [filters, stride] of [
    [64, 1],
    [128, 2],
    [128, 1],
    [256, 2],
    [256, 1],
    [512, 2],
    ...Array.from({ length: 5 }, () => [512, 1]),
    [1024, 2],
    [1024, 1],
  ]) {
    list.conv(channels, 3, stride, { groups: channels, padding: 1 }).conv(filters, 1)
    channels = filters
  }
  return list.linear(1024, 1000).layers
}

/** SSD300 on ResNet-18 as in common training recipes: backbone to stage 3, extra stages, box and class predictors. */
export function ssd300Resnet18(): readonly ConvLayer[] {
  const list = new LayerList(3, 300).conv(64, 7, 2, { padding: 3 }).pool()
  let channels = 64
  let size = 75
  ;[64, 128, 256].forEach((width, stage) => {
    for (let b = 0; b < 2; b++) {
      const stride = b === 0 && stage === 1 ? 2 : 1
      list.conv(width, 3, stride, stride === 2 ? { padding: 1 } : {}).conv(width, 3)
      if (b === 0 && stage > 0) list.side(width, 1, channels, size, stride)
      size = Math.ceil(size / stride)
      channels = width
    }
  })
  const maps: [number, number][] = [[256, 38]]
  for (const [middle, out, stride, padding] of [
    [256, 512, 2, 1],
    [256, 512, 2, 1],
    [128, 256, 2, 1],
    [128, 256, 1, 0],
    [128, 256, 1, 0],
  ]) {
    list.conv(middle, 1).conv(out, 3, stride, { padding })
    const last = list.layers[list.layers.length - 1]
    maps.push([out, Math.floor((last.height + 2 * padding - 3) / stride) + 1])
  }
  const boxes = [4, 6, 6, 6, 4, 4]
  maps.forEach(([width, extent], i) => {
    list.side(4 * boxes[i], 3, width, extent).side(81 * boxes[i], 3, width, extent)
  })
  return list.layers
}

/** Encoder or decoder stacks of attention layers, all of one width. */
export interface AttentionNetwork {
  readonly layers: number
  readonly heads: number
  readonly headWidth: number
  readonly tokens: number
  /** Only earlier tokens are seen. */
  readonly causal: boolean
}

/** BERT-base on 384 tokens, GPT-2 (small) and BART-base (6 + 6 self, 6 cross attentions) on 128. */
export const attentionNetworks = {
  bert: { layers: 12, heads: 12, headWidth: 64, tokens: 384, causal: false },
  gpt2: { layers: 12, heads: 12, headWidth: 64, tokens: 128, causal: true },
  bart: { layers: 18, heads: 12, headWidth: 64, tokens: 128, causal: false },
} as const satisfies Record<string, AttentionNetwork>
