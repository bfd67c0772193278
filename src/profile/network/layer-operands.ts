import { InputError } from '../../base/index.js'
import { intOf, matrixOf } from '../interpreter/index.js'
import type { Mask } from '../mask.js'
import { sizeOf } from '../runtime.js'
import { linearLayer, type ConvLayer } from '../sparse-layer.js'
import { windowGeometry } from '../window-attributes.js'
import type { LayerSite } from './find-layers.js'

type ProductSite = Exclude<LayerSite, { kind: 'attention' }>

/** How a product's two tensors become a {@link ConvLayer} and its masks. */
export interface LayerView {
  readonly layer: ConvLayer
  /** Input mask in the layer's order (channels × rows), from the tensor's mask. */
  arrangeInput(mask: Mask): Mask
  /**
   * Weight mask in the layer's order (filters × channels), from the tensor's mask: that mask itself, or written into
   * `space` (as long as the weights of the layer, from {@link weightElements}).
   */
  arrangeWeights(mask: Mask, space: Mask): Mask
}

/**
 * The layer that a node is for inputs of these shapes.
 * @throws InputError (E-PRF-002) for a batch above 1 or an unusual rank
 */
export function viewLayer(
  site: ProductSite,
  inputDims: readonly number[],
  weightDims: readonly number[],
): LayerView {
  switch (site.kind) {
    case 'conv':
      return viewConv(site, inputDims, weightDims)
    case 'linear':
      return viewLinear(site, inputDims, weightDims)
    case 'matmul':
      return viewProduct(site, inputDims, weightDims)
  }
}

const asIs = (mask: Mask): Mask => mask

function viewConv(
  site: ProductSite,
  inputDims: readonly number[],
  weightDims: readonly number[],
): LayerView {
  const [batch, channels, height, width = 1] = inputDims
  const [filters, , R, S = 1] = weightDims
  if (inputDims.length < 3 || inputDims.length > 4) {
    reject(site, `a convolution over ${inputDims.length - 2} dimensions is not measured`)
  }
  if (batch !== 1) reject(site, `its batch is ${batch}; samples are profiled one at a time`)
  const { stride, dilation, padding } = windowGeometry(site.node, [height, width], [R, S])
  const layer: ConvLayer = {
    kind: 'conv',
    name: site.name,
    operator: 'conv',
    inputChannels: channels,
    outputChannels: filters,
    groups: intOf(site.node, 'group', 1),
    height,
    width,
    kernel: { y: R, x: S },
    stride: { y: stride[0], x: stride[1] },
    dilation: { y: dilation[0], x: dilation[1] },
    padding: { top: padding[0], left: padding[1], bottom: padding[2], right: padding[3] },
  }
  return { layer, arrangeInput: asIs, arrangeWeights: asIs }
}

function viewLinear(
  site: ProductSite,
  inputDims: readonly number[],
  weightDims: readonly number[],
): LayerView {
  if (weightDims.length !== 2) reject(site, `its weights have ${weightDims.length} dimensions`)
  const isGemm = site.node.opType === 'Gemm'
  const transA = isGemm && intOf(site.node, 'transA', 0) === 1
  const transB = isGemm && intOf(site.node, 'transB', 0) === 1
  const [outputs, inputs] = transB ? weightDims : [weightDims[1], weightDims[0]]
  const rows = sizeOf(inputDims) / inputs
  return {
    layer: linearLayer(site.name, inputs, outputs, rows),
    arrangeInput: (mask) => (transA || rows === 1 ? mask : transpose(mask, rows, inputs)),
    arrangeWeights: (mask, space) => (transB ? mask : transpose(mask, inputs, outputs, space)),
  }
}

/** A batch of activation products as one grouped layer: a group per matrix. */
function viewProduct(
  site: ProductSite,
  inputDims: readonly number[],
  weightDims: readonly number[],
): LayerView {
  if (inputDims.length < 2 || weightDims.length < 2) {
    reject(site, 'a product with a vector is not measured')
  }
  const [rows, depth] = inputDims.slice(-2)
  const columns = weightDims[weightDims.length - 1]
  const rank = Math.max(inputDims.length, weightDims.length) - 2
  const lead = (dims: readonly number[]): number[] => {
    const own = dims.slice(0, -2)
    return [...new Array<number>(rank - own.length).fill(1), ...own]
  }
  const left = lead(inputDims)
  const right = lead(weightDims)
  const all = left.map((size, i) => Math.max(size, right[i]))
  const groups = sizeOf(all)
  const gather = (
    mask: Mask,
    own: readonly number[],
    height: number,
    width: number,
    space: Mask = new Uint8Array(groups * height * width),
  ): Mask => {
    const size = height * width
    for (let g = 0; g < groups; g++) {
      const from = matrixOf(g, all, own) * size
      const to = space.subarray(g * size, (g + 1) * size)
      transpose(mask.subarray(from, from + size), height, width, to)
    }
    return space
  }
  return {
    layer: linearLayer(site.name, groups * depth, groups * columns, rows, 'matmul', groups),
    arrangeInput: (mask) => gather(mask, left, rows, depth),
    arrangeWeights: (mask, space) => gather(mask, right, depth, columns, space),
  }
}

function transpose(
  mask: Mask,
  rows: number,
  columns: number,
  turned: Mask = new Uint8Array(rows * columns),
): Mask {
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) turned[c * rows + r] = mask[r * columns + c]
  }
  return turned
}

function reject(site: LayerSite, why: string): never {
  throw new InputError({
    code: 'E-PRF-002',
    message: `${site.node.opType} "${site.name}" cannot be profiled: ${why}`,
  })
}
