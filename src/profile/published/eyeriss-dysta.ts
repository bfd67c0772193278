import { InfeasibleError } from '../../base/index.js'
import { hashMask } from '../hash-mask.js'
import {
  cyclesAt,
  type InputActivity,
  type LatencyModel,
  type WeightActivity,
} from '../latency-model.js'
import type { Mask } from '../mask.js'
import type { ConvLayer, SparseLayer } from '../sparse-layer.js'
import { validMacs, weightTaps } from '../valid-macs.js'
import { eyerissMapping, type EyerissMapping, type EyerissShape } from './eyeriss-mapping.js'

const PROCESSING_ELEMENTS = 192
const CLOCK_MHZ = 200

/** Everything that the published model derives from one layer (specification §A.4). */
export interface EyerissEvaluation {
  readonly mapping: EyerissMapping
  /** V: pairs of non-zero operands of the stride-1, "same"-padded convolution. */
  readonly validMacs: number
  /** K: activation address reads. */
  readonly activationReads: number
  /** Q: weight address reads. */
  readonly weightReads: number
  /** Z: row windows that are not empty. */
  readonly nonEmptyWindows: number
  readonly cycles: number
}

/**
 * The cycle model behind the published Eyeriss-V2 traces: floor((4V + K + Q) / 192). Stride, real padding, load
 * imbalance and memory traffic do not exist in it, and its sums are exact integers (the program adds V in 32-bit floats).
 * @throws InfeasibleError where the published program aborts
 */
export function evaluateEyeriss(
  shape: EyerissShape,
  input: Mask,
  taps: Uint32Array,
): EyerissEvaluation {
  const mapping = eyerissMapping(shape)
  const { M1, F1, C1, S1, M2, F2, C2, S2, E, F0 } = mapping
  const valid = validMacs(sameLayer(shape), input, taps)
  const activationReads = M1 * F1 * C1 * S1 * M2 * F2 * C2 * S2 * E * F0
  const nonEmptyWindows = countWindows(shape, mapping, input)
  const weightReads = 2 * M1 * S1 * M2 * S2 * nonEmptyWindows
  const cycles = Math.floor((4 * valid + activationReads + weightReads) / PROCESSING_ELEMENTS)
  return { mapping, validMacs: valid, activationReads, weightReads, nonEmptyWindows, cycles }
}

/** The convolution that the published model evaluates instead of the real one: stride 1, output as wide as the input. */
export function sameLayer(shape: EyerissShape): ConvLayer {
  const { kernelHeight: R, kernelWidth: S } = shape
  const top = Math.floor((R - 1) / 2)
  const left = Math.floor((S - 1) / 2)
  return {
    kind: 'conv',
    name: shape.name,
    operator: 'conv',
    inputChannels: shape.channels,
    outputChannels: shape.filters,
    groups: shape.groups,
    height: shape.height,
    width: shape.width,
    kernel: { y: R, x: S },
    stride: { y: 1, x: 1 },
    dilation: { y: 1, x: 1 },
    padding: { top, bottom: R - 1 - top, left, right: S - 1 - left },
  }
}

/**
 * Z: the map, padded to F2·F1·F0 columns and by as much at the bottom, is read as that many "rows" of its height; a
 * window is a run of R such rows that does not cross a block of F0. The published program means kernel windows, but two
 * of its axis permutations are lost; this is what it counts.
 */
function countWindows(shape: EyerissShape, mapping: EyerissMapping, input: Mask): number {
  const { height, width, channels } = shape
  const { F0, R } = mapping
  const rows = mapping.F2 * mapping.F1 * F0
  const extra = rows - width
  const rowLength = height + extra
  const paddedWidth = width + extra
  const occupied = new Uint8Array(rows)
  let windows = 0
  for (let c = 0; c < channels; c++) {
    occupied.fill(0)
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        if (input[(c * height + y) * width + x] === 0) continue
        occupied[Math.floor((y * paddedWidth + x) / rowLength)] = 1
      }
    }
    for (let block = 0; block < rows; block += F0) {
      // From the block's end backwards: how far the next occupied row is.
      let next = Infinity
      for (let y = block + F0 - 1; y >= block; y--) {
        if (occupied[y] === 1) next = y
        if (next - y < R) windows++
      }
    }
  }
  return windows
}

/** The published model as a latency model; densities alone are turned into hash masks. */
export const eyerissDysta: LatencyModel = {
  name: 'eyeriss-dysta-1',
  clockMhz: CLOCK_MHZ,
  rejects(layer) {
    if (layer.kind === 'attention') return 'the published Eyeriss-V2 model has no attention layers'
    try {
      eyerissMapping(shapeOf(layer))
      return undefined
    } catch (error) {
      if (error instanceof InfeasibleError) return error.diagnostics[0].message
      throw error
    }
  },
  prepare(layer, weights) {
    const conv = expectConv(layer)
    const shape = shapeOf(conv)
    const taps = weightTaps(conv, weightMask(conv, weights))
    return (input) => {
      const mask = inputMask(conv, input)
      // A linear layer of several rows is that many single-row layers; the published model knows one row.
      const repeats = conv.operator === 'conv' ? 1 : conv.height
      const total = { mac: 0, activationReads: 0, weightReads: 0 }
      let cycles = 0
      for (let row = 0; row < repeats; row++) {
        const part = repeats === 1 ? mask : rowOf(conv, mask, row)
        const e = evaluateEyeriss(shape, part, taps)
        total.mac += 4 * e.validMacs
        total.activationReads += e.activationReads
        total.weightReads += e.weightReads
        cycles += e.cycles
      }
      return cyclesAt(CLOCK_MHZ, cycles, total)
    }
  },
}

function shapeOf(layer: ConvLayer): EyerissShape {
  const linear = layer.operator !== 'conv'
  return {
    name: layer.name,
    channels: layer.inputChannels,
    height: linear ? 1 : layer.height,
    width: linear ? 1 : layer.width,
    filters: layer.outputChannels,
    groups: layer.groups,
    kernelHeight: layer.kernel.y,
    kernelWidth: layer.kernel.x,
  }
}

function expectConv(layer: SparseLayer): ConvLayer {
  if (layer.kind !== 'conv') throw new TypeError(`${layer.name} is not a convolution`)
  return layer
}

function rowOf(layer: ConvLayer, mask: Mask, row: number): Mask {
  const part = new Uint8Array(layer.inputChannels)
  for (let c = 0; c < part.length; c++) part[c] = mask[c * layer.height + row]
  return part
}

function weightMask(layer: ConvLayer, weights: WeightActivity): Mask {
  if (weights.kind === 'mask') return weights.mask
  const dims = [
    layer.outputChannels,
    layer.inputChannels / layer.groups,
    layer.kernel.y,
    layer.kernel.x,
  ]
  return hashMask(dims, 'random', 1 - weights.density, 1)
}

function inputMask(layer: ConvLayer, input: InputActivity): Mask {
  if (input.kind === 'mask') return input.mask
  if (input.kind === 'scores') throw new TypeError(`${layer.name} takes activations, not scores`)
  const dims = [1, layer.inputChannels, layer.height, layer.width]
  return hashMask(dims, 'random', 1 - input.density, 2)
}
