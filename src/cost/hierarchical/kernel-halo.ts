import { loopDims, type LoopDim, type SlidingAxis } from '../../model/index.js'
import { newShareOf } from './halo.js'
import type { KernelTables } from './kernel-tables.js'
import type { HierarchicalProblem } from './problem.js'

/** The loops of a mapping as the kernel holds them; see there. */
export interface PreparedLoops {
  readonly problem: HierarchicalProblem
  readonly tables: KernelTables
  readonly loops: readonly { readonly dim: LoopDim; readonly size: number }[]
  readonly order: Uint8Array
  readonly stationary: Int32Array
  readonly loopCount: number
}

/** How the tiles of inputs slide, on the kernel's buffers: the numbers of `tileSlides`. */
export class KernelHalo {
  /** Results of `look`: transfers per whole one, and the new share of the others. */
  run = 1
  newShare = 1
  private readonly nest: PreparedLoops
  /** [(p·stride + m)·8 + dim]: iterations over the array between boundaries m and m + 1. */
  private readonly lanes: Float64Array

  /** @param use of the array: on average, or at most */
  constructor(nest: PreparedLoops, use: 'mean' | 'whole') {
    this.nest = nest
    const { operandCount, stride } = nest.tables
    this.lanes = new Float64Array(operandCount * stride * loopDims.length).fill(1)
    nest.problem.operands.forEach(({ [use]: { loops } }, p) => {
      loops.slice(0, stride).forEach((level, m) => {
        for (const { dim, size } of level) {
          this.lanes[(p * stride + m) * loopDims.length + loopDims.indexOf(dim)] *= size
        }
      })
    })
  }

  /** Finds out how the tile below boundary b ≥ 1 of input p moves in the mapping that the kernel has prepared. */
  look(p: number, b: number): void {
    const { problem, tables, loops, order, stationary, loopCount } = this.nest
    const row = p * tables.stride
    const from = stationary[row + b]
    this.run = 1
    this.newShare = 1
    if (from >= loopCount) return
    const { dim } = loops[order[from]]
    const { sliding } = problem.operands[p].operand
    const axis = sliding.find((each) => each.output === dim || each.kernel === dim)
    if (axis === undefined) return
    let level = b
    while (stationary[row + level + 1] <= from) level++
    const apart = this.lanesOf(p, dim, b, level + 1)
    for (let i = from; i < loopCount && loops[order[i]].dim === dim; i++) {
      const start = level
      while (stationary[row + level + 1] <= i) level++
      if (level > start && this.lanesOf(p, dim, start + 1, level + 1) > 1) break
      this.run *= loops[order[i]].size
    }
    this.newShare = this.newShareOf(axis, dim, p, b, apart)
  }

  private newShareOf(axis: SlidingAxis, dim: LoopDim, p: number, b: number, apart: number): number {
    const { problem, tables, loops, order, stationary } = this.nest
    let output = this.lanesOf(p, axis.output, 0, b)
    let kernel = this.lanesOf(p, axis.kernel, 0, b)
    for (let i = 0; i < stationary[p * tables.stride + b]; i++) {
      const loop = loops[order[i]]
      if (loop.dim === axis.output) output *= loop.size
      else if (loop.dim === axis.kernel) kernel *= loop.size
    }
    return newShareOf(axis, dim, output, kernel, apart, problem.conventions.extentRounding)
  }

  /** Iterations of a loop over the array below memory levels `from` … `to` − 1. */
  private lanesOf(p: number, dim: LoopDim, from: number, to: number): number {
    const d = loopDims.indexOf(dim)
    let product = 1
    for (let m = from; m < to; m++) {
      product *= this.lanes[(p * this.nest.tables.stride + m) * loopDims.length + d]
    }
    return product
  }
}
