import { BUSY_CYCLES, type BoundaryRows } from './boundary-rows.js'
import { KernelHalo, type PreparedLoops } from './kernel-halo.js'
import { portLinks } from './kernel-ports.js'

/** What the kernel has prepared when it asks for cycles. */
interface PreparedRows extends PreparedLoops {
  readonly rows: BoundaryRows
  readonly offsets: Int32Array
}

/** Cycles of a mapping whose busiest port decides, on the kernel's buffers: the numbers of `portThroughputs`. */
export class KernelThroughput {
  private readonly nest: PreparedRows
  /** Per port its links: boundary p·stride + b and column of the row. */
  private readonly ports: readonly (readonly { readonly row: number; readonly column: number }[])[]
  private readonly halo: KernelHalo | undefined
  private readonly temporalCycles: number

  constructor(nest: PreparedRows) {
    const { problem, tables } = nest
    this.nest = nest
    this.ports = portLinks(problem, tables.stride).map((links) =>
      links.map(({ row, link }) => ({ row, column: BUSY_CYCLES + link })),
    )
    this.halo =
      problem.conventions.inputHalo === 'slides' ? new KernelHalo(nest, 'whole') : undefined
    this.temporalCycles = Object.values(problem.temporal).reduce((product, each) => product * each)
  }

  cycles(): number {
    const { offsets, rows } = this.nest
    let most = this.temporalCycles
    for (const links of this.ports) {
      let sum = 0
      for (const { row, column } of links) {
        sum += rows.values[offsets[row] + column] * this.movedShare(row)
      }
      // Sums of fractions that make a whole number must not count as more.
      const cycles = Math.ceil(sum * (1 - 1e-12))
      if (cycles > most) most = cycles
    }
    return most
  }

  /** Elements that pass a boundary on average, over those that a tile has. */
  private movedShare(row: number): number {
    const { stride } = this.nest.tables
    if (this.halo === undefined || row < stride || row % stride === 0) return 1
    this.halo.look(Math.floor(row / stride), row % stride)
    const { run, newShare } = this.halo
    return newShare + (1 - newShare) / run
  }
}
