import { batchMemory } from './batch-memory.js'
import { BUSY_CYCLES } from './boundary-rows.js'
import { KernelHalo } from './kernel-halo.js'
import { portLinks } from './kernel-ports.js'
import type { PreparedNest } from './prepared-nest.js'

const { offsets } = batchMemory

/** Cycles of mappings whose busiest port decides, on the kernel's buffers: the numbers of `portThroughputs`. */
export class KernelThroughput {
  private readonly nest: PreparedNest
  /** Per port its links: boundary p·stride + b and column of the row. */
  private readonly ports: readonly (readonly { readonly row: number; readonly column: number }[])[]
  private readonly halo: KernelHalo | undefined
  private readonly temporalCycles: number

  constructor(nest: PreparedNest) {
    const { problem, tables } = nest
    this.nest = nest
    this.ports = portLinks(problem, tables.stride).map((links) =>
      links.map(({ row, link }) => ({ row, column: BUSY_CYCLES + link })),
    )
    this.halo =
      problem.conventions.inputHalo === 'slides' ? new KernelHalo(nest, 'whole') : undefined
    this.temporalCycles = Object.values(problem.temporal).reduce((product, each) => product * each)
  }

  /** Nothing but the rows of the batch is read. */
  reset(): void {}

  /** Writes the cycles of a batch; loading and off-loading are part of what the ports do. */
  evaluate(loadedCycles: Float64Array, totalCycles: Float64Array): void {
    for (let lane = 0; lane < this.nest.count; lane++) {
      loadedCycles[lane] = this.cycles(lane)
      totalCycles[lane] = loadedCycles[lane]
    }
  }

  private cycles(lane: number): number {
    const { rows, lanes } = this.nest
    let most = this.temporalCycles
    for (const links of this.ports) {
      let sum = 0
      for (const { row, column } of links) {
        sum += rows.values[offsets[row * lanes + lane] + column] * this.movedShare(row, lane)
      }
      // Sums of fractions that make a whole number must not count as more.
      const cycles = Math.ceil(sum * (1 - 1e-12))
      if (cycles > most) most = cycles
    }
    return most
  }

  /** Elements that pass a boundary on average, over those that a tile has. */
  private movedShare(row: number, lane: number): number {
    const { stride } = this.nest.tables
    if (this.halo === undefined || row < stride || row % stride === 0) return 1
    this.halo.look(Math.floor(row / stride), row % stride, lane)
    const { run, newShare } = this.halo
    return newShare + (1 - newShare) / run
  }
}
