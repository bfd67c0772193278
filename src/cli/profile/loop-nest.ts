import type { Layer } from '../../model/index.js'
import { outputSize, type ConvLayer } from '../../profile/index.js'

/** A measured layer as the loop nest that `map` schedules: 8-bit operands and 16-bit partial sums on hierarchies. */
export function loopNest(layer: ConvLayer): Layer {
  const { name, groups, kernel, stride, dilation, padding } = layer
  const [C, K] = [layer.inputChannels / groups, layer.outputChannels / groups]
  const common = {
    name,
    stride,
    dilation,
    padding,
    precisionBits: { input: 8, weight: 8, output: 8, partialOutput: 16 },
    inputs: [],
  }
  if (layer.operator === 'conv') {
    const { height, width } = outputSize(layer)
    const dims = { B: 1, K, C, OY: height, OX: width, FY: kernel.y, FX: kernel.x, G: groups }
    return { ...common, operator: 'conv', dims }
  }
  const rows = { OY: 1, OX: layer.height, FY: 1, FX: 1, G: 1, K, C }
  return layer.operator === 'linear'
    ? { ...common, operator: 'gemm', dims: { B: 1, ...rows } }
    : { ...common, operator: 'batched-matmul', dims: { B: groups, ...rows } }
}
