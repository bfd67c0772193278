import {
  cyclesAt,
  type InputActivity,
  type LatencyModel,
  type WeightActivity,
} from './latency-model.js'
import { countOnes } from './mask.js'
import {
  denseMacs,
  inputElements,
  weightElements,
  type ConvLayer,
  type SparseLayer,
} from './sparse-layer.js'
import { validMacs, weightTaps } from './valid-macs.js'

/** Time of a dense layer on some accelerator, found by whoever maps it: how long each resource is busy. */
export interface DenseTime {
  readonly clockMhz: number
  /** Busy cycles of the operational array. */
  readonly computeCycles: number
  /** Busy cycles of each memory interface, per operand that crosses it. Interfaces of one memory work at once. */
  readonly transfers: readonly {
    readonly memory: string
    readonly inputCycles: number
    readonly weightCycles: number
    readonly outputCycles: number
  }[]
  /** `full`: array and memories work at once, the busiest bounds the layer; `none`: one after the other. */
  readonly overlap: 'full' | 'none'
  /** Cycles of the layer; at least what the above add up to. Stalls beyond it are kept. */
  readonly totalCycles: number
}

/** Gives the dense time of a layer; undefined when the accelerator cannot run it. */
export type DenseTimes = (layer: SparseLayer) => DenseTime | undefined

/**
 * Any dense accelerator with an ideal density correction: multiplications with a zero operand take no time, zeros are
 * not moved. Compute shrinks with the exact share of valid MACs, transfers with the density of their operand, outputs
 * stay dense, stalls shrink with whatever bounds the layer. This is a lower bound of what sparsity can give on that mapping: no real
 * hardware skips every zero for nothing.
 */
export function densityCorrected(name: string, clockMhz: number, times: DenseTimes): LatencyModel {
  return {
    name: `${name}+ideal-density-1`,
    clockMhz,
    rejects: (layer) =>
      times(layer) === undefined
        ? `no mapping of "${layer.name}" onto ${name} is known`
        : undefined,
    prepare(layer, weights) {
      const dense = times(layer)
      if (dense === undefined) throw new RangeError(`${layer.name} cannot run on ${name}`)
      const taps =
        layer.kind === 'conv' && weights.kind === 'mask'
          ? weightTaps(layer, weights.mask)
          : undefined
      const weightDensity = densityOfWeights(layer, weights)
      const denseBusy = busyCycles(dense, 1, 1, 1)
      const stalls = Math.max(0, dense.totalCycles - denseBusy)
      return (input) => {
        const inputDensity = densityOfInput(layer, input)
        const valid =
          layer.kind === 'conv' && taps !== undefined && input.kind === 'mask'
            ? validMacs(layer, input.mask, taps) / denseMacs(layer)
            : inputDensity * weightDensity
        const busy = busyCycles(dense, valid, inputDensity, weightDensity)
        const share = busy / Math.max(denseBusy, Number.MIN_VALUE)
        const cycles = Math.ceil(busy + stalls * share)
        return cyclesAt(clockMhz, cycles, {
          compute: dense.computeCycles * valid,
          dense: dense.totalCycles,
        })
      }
    },
  }
}

/** Cycles that array and memories need at these shares of the dense work: the busiest of them, or their sum. */
export function busyCycles(dense: DenseTime, valid: number, input: number, weight: number): number {
  const memories = new Map<string, number>()
  for (const each of dense.transfers) {
    const cycles = each.inputCycles * input + each.weightCycles * weight + each.outputCycles
    memories.set(each.memory, Math.max(memories.get(each.memory) ?? 0, cycles))
  }
  const stages = [dense.computeCycles * valid, ...memories.values()]
  return dense.overlap === 'full' ? Math.max(...stages) : stages.reduce((a, b) => a + b, 0)
}

function densityOfWeights(layer: SparseLayer, weights: WeightActivity): number {
  if (weights.kind === 'density') return weights.density
  const elements = weightElements(layer)
  return elements === 0 ? 1 : countOnes(weights.mask) / elements
}

function densityOfInput(layer: ConvLayer | SparseLayer, input: InputActivity): number {
  switch (input.kind) {
    case 'density':
      return input.density
    case 'mask':
      return countOnes(input.mask) / inputElements(layer)
    case 'scores':
      return input.scores.allowed === 0 ? 0 : input.scores.allowedSurvivors / input.scores.allowed
  }
}
