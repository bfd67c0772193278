import type { HierarchicalConventions } from './conventions.js'
import { KernelHalo } from './kernel-halo.js'
import type { PreparedNest } from './kernel-latency.js'
import type { KernelTables } from './kernel-tables.js'

/** Cycles of a mapping whose busiest port decides, on the kernel's buffers: the numbers of `portThroughputs`. */
export class KernelThroughput {
  private readonly tables: KernelTables
  private readonly chargesFirstRead: boolean
  private readonly drainsFree: boolean
  private readonly halo: KernelHalo | undefined
  /** [(p·stride + m)·4 + link]: cycles of the port that the link takes in the whole layer. */
  private readonly busy: Float64Array

  constructor(tables: KernelTables, conventions: HierarchicalConventions) {
    this.tables = tables
    this.chargesFirstRead = conventions.firstPartialSumRead === 'charged'
    this.drainsFree = conventions.outputDrain === 'free'
    this.halo = conventions.inputHalo === 'slides' ? new KernelHalo(tables, 'whole') : undefined
    this.busy = new Float64Array(tables.operandCount * tables.stride * 4)
  }

  cycles(nest: PreparedNest): number {
    this.findBusyCycles(nest)
    const { portStart, portLinks } = this.tables
    let most = nest.cyclesBelow[nest.loopCount]
    for (let port = 0; port + 1 < portStart.length; port++) {
      let sum = 0
      for (let j = portStart[port]; j < portStart[port + 1]; j++) sum += this.busy[portLinks[j]]
      const cycles = Math.ceil(sum * (1 - 1e-12))
      if (cycles > most) most = cycles
    }
    return most
  }

  private findBusyCycles(nest: PreparedNest): void {
    const { stationary, cyclesAbove, accumulations, wholeElements, partial, arrayCut } = nest
    const { operandCount, stride, levels, bits, fanOutWhole, portBits } = this.tables
    const { busy } = this
    for (let p = 0; p < operandCount; p++) {
      const top = levels[p] - 1
      for (let m = 0; m <= top; m++) {
        const row = p * stride + m
        const k = row * 4
        const lowFrom = m === 0 ? arrayCut[p] : stationary[row - 1]
        const highFrom = stationary[row]
        const low = wholeElements[row] * fanOutWhole[row] * cyclesAbove[lowFrom]
        const high = m === top ? 0 : wholeElements[row + 1] * cyclesAbove[highFrom]
        if (p !== 0) {
          const width = bits[p * 2]
          busy[k] = (low * width * this.movedShare(nest, p, m)) / portBits[k]
          busy[k + 3] =
            m === top ? 0 : (high * width * this.movedShare(nest, p, m + 1)) / portBits[k + 3]
          continue
        }
        const lowBits = low * bits[partial[m]]
        const highBits = high * bits[partial[m + 1]]
        const lowBack = partial[m] === 1 ? this.readBack(accumulations[lowFrom]) : 0
        const highBack = partial[m + 1] === 1 ? this.readBack(accumulations[highFrom]) : 0
        busy[k] = (lowBits * lowBack) / portBits[k]
        busy[k + 1] = lowBits / portBits[k + 1]
        busy[k + 2] = this.drainsFree ? 0 : highBits / portBits[k + 2]
        busy[k + 3] = (highBits * highBack) / portBits[k + 3]
      }
    }
  }

  private readBack(visits: number): number {
    return this.chargesFirstRead ? 1 : (visits - 1) / visits
  }

  /** Elements that pass boundary b of input p on average, over those that a tile has. */
  private movedShare(nest: PreparedNest, p: number, b: number): number {
    if (this.halo === undefined || b === 0) return 1
    this.halo.look(nest, p, b)
    const { run, newShare } = this.halo
    return newShare + (1 - newShare) / run
  }
}
