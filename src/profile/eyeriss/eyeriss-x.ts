import { cyclesAt, type LatencyModel } from '../latency-model.js'
import { countOnes } from '../mask.js'
import { outputSize, weightElements, type ConvLayer } from '../sparse-layer.js'
import { expectedCycles } from './expected-cycles.js'
import { eyerissV2, type EyerissMachine } from './machine.js'
import { maskedCycles } from './masked-cycles.js'
import { prepareWeights } from './prepared-weights.js'
import { chooseTiling, type EyerissTiling } from './tiling.js'

/**
 * Eyeriss V2 with what the published model leaves out: real stride, padding and dilation, any channel count, load
 * imbalance and idle elements, pruned filters not mapped, compressed traffic to DRAM. Array and DRAM work side by side
 * (double buffering), so the time of a layer is the larger of the two.
 *
 * With masks the count is exact for the model; with densities it is an expectation. If either operand is known by
 * density only, the expectation is used.
 */
export function eyerissX(machine: EyerissMachine = eyerissV2): LatencyModel {
  return {
    name: 'eyeriss-x-1',
    clockMhz: machine.clockMhz,
    rejects: (layer) =>
      layer.kind === 'attention'
        ? 'Eyeriss-V2 computes convolutions and matrix products, no softmax'
        : undefined,
    prepare(layer, weights) {
      if (layer.kind !== 'conv') throw new TypeError(`${layer.name} is not a convolution`)
      const elements = weightElements(layer)
      const prepared =
        weights.kind === 'mask' ? prepareWeights(machine, layer, weights.mask) : undefined
      const filters = prepared?.filters ?? layer.outputChannels / layer.groups
      const tiling = prepared?.tiling ?? chooseTiling(machine, layer, filters)
      const nonZeros =
        prepared?.nonZeros ?? elements * (weights.kind === 'density' ? weights.density : 1)
      const size = layer.inputChannels * layer.height * layer.width
      // Filters that are not mapped hold no weights: the others are denser than the layer.
      const mappedWeights = (elements * filters * layer.groups) / layer.outputChannels
      return (input) => {
        if (input.kind === 'scores') throw new TypeError(`${layer.name} takes activations`)
        const ones = input.kind === 'mask' ? countOnes(input.mask) : size * input.density
        const array =
          input.kind === 'mask' && prepared !== undefined
            ? maskedCycles(machine, layer, prepared, input.mask)
            : expectedCycles(machine, layer, tiling, filters, ones / size, nonZeros / mappedWeights)
        const dram = dramCycles(machine, layer, tiling, filters, ones, nonZeros)
        const cycles = Math.ceil(Math.max(array.cycles, dram))
        const all = machine.clusters * machine.rows * machine.columns
        return cyclesAt(machine.clockMhz, cycles, {
          array: array.cycles,
          dram,
          busy: array.work / all,
        })
      }
    },
  }
}

/**
 * Cycles of DRAM traffic: compressed weights and inputs, 8-bit outputs. When the input does not fit the buffers, either
 * the input is read again for every pass over filters, or the weights for every pass over rows: the cheaper of the two.
 */
function dramCycles(
  machine: EyerissMachine,
  layer: ConvLayer,
  tiling: EyerissTiling,
  filters: number,
  inputNonZeros: number,
  weightNonZeros: number,
): number {
  const out = outputSize(layer)
  const compressed = (elements: number, nonZeros: number): number =>
    Math.min(elements, (nonZeros * machine.compressedBits) / 8)
  const input = compressed(layer.inputChannels * layer.height * layer.width, inputNonZeros)
  const weights = compressed(weightElements(layer), weightNonZeros)
  const output = layer.outputChannels * out.height * out.width
  const filterPasses = Math.ceil(filters / (tiling.filters * tiling.parallel.filters))
  const rowPasses = Math.ceil(out.height / tiling.parallel.rows)
  const operands =
    input <= machine.activationBufferBytes
      ? input + weights
      : Math.min(input * filterPasses + weights, input + weights * rowPasses)
  return (operands + output) / machine.dramBytesPerCycle
}
