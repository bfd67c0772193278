import { cyclesAt, type LatencyModel } from './latency-model.js'
import {
  denseMacs,
  inputElements,
  outputSize,
  weightElements,
  type SparseLayer,
} from './sparse-layer.js'

/** A machine known only by its two limits. */
export interface Roofline {
  readonly macsPerCycle: number
  readonly dramBytesPerCycle: number
  readonly operandBytes: number
  readonly clockMhz: number
}

/** 192 multipliers at 200 MHz with 25.6 GB/s: Eyeriss-V2's resources without its sparsity. */
export const denseRoofline: Roofline = Object.freeze({
  macsPerCycle: 192,
  dramBytesPerCycle: 128,
  operandBytes: 1,
  clockMhz: 200,
})

/** Dense lower bound (Williams et al. 2009): the larger of computing and moving every operand once. Zeros change nothing. */
export function roofline(machine: Roofline = denseRoofline): LatencyModel {
  return {
    name: 'dense-roofline-1',
    clockMhz: machine.clockMhz,
    rejects: () => undefined,
    prepare(layer) {
      const compute = denseMacs(layer) / machine.macsPerCycle
      const dram = (movedElements(layer) * machine.operandBytes) / machine.dramBytesPerCycle
      const result = cyclesAt(machine.clockMhz, Math.ceil(Math.max(compute, dram)), {
        compute,
        dram,
      })
      return () => result
    },
  }
}

function movedElements(layer: SparseLayer): number {
  if (layer.kind === 'attention') {
    return layer.heads * layer.headWidth * (2 * layer.queries + 2 * layer.keys)
  }
  const out = outputSize(layer)
  return (
    inputElements(layer) + weightElements(layer) + layer.outputChannels * out.height * out.width
  )
}
