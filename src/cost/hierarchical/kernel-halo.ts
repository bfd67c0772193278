import { loopDims, type LoopDim, type SlidingAxis } from '../../model/index.js'
import { newShareOf } from './halo.js'
import { batchMemory, mostLoops } from './batch-memory.js'
import type { PreparedNest } from './prepared-nest.js'

const { stationary } = batchMemory

/** How the tiles of inputs slide, on the kernel's buffers: the numbers of `tileSlides`. */
export class KernelHalo {
  /** Results of `look`: transfers per whole one, and the new share of the others. */
  run = 1
  newShare = 1
  private readonly nest: PreparedNest
  /** [(p·stride + m)·8 + dim]: iterations over the array between boundaries m and m + 1. */
  private readonly unrolled: Float64Array

  /** @param use of the array: on average, or at most */
  constructor(nest: PreparedNest, use: 'mean' | 'whole') {
    this.nest = nest
    const { operandCount, stride } = nest.tables
    this.unrolled = new Float64Array(operandCount * stride * loopDims.length).fill(1)
    nest.problem.operands.forEach(({ [use]: { loops } }, p) => {
      loops.slice(0, stride).forEach((level, m) => {
        for (const { dim, size } of level) {
          this.unrolled[(p * stride + m) * loopDims.length + loopDims.indexOf(dim)] *= size
        }
      })
    })
  }

  /** Finds out how the tile below boundary b ≥ 1 of input p moves in the mapping that the kernel has prepared. */
  look(p: number, b: number, lane: number): void {
    const { problem, loops, order, loopCount } = this.nest
    const first = lane * mostLoops
    const from = this.cut(p, b, lane)
    this.run = 1
    this.newShare = 1
    if (from >= loopCount) return
    const { dim } = loops[order[first + from]]
    const { sliding } = problem.operands[p].operand
    const axis = sliding.find((each) => each.output === dim || each.kernel === dim)
    if (axis === undefined) return
    let level = b
    while (this.cut(p, level + 1, lane) <= from) level++
    const apart = this.unrolledOf(p, dim, b, level + 1)
    for (let i = from; i < loopCount && loops[order[first + i]].dim === dim; i++) {
      const start = level
      while (this.cut(p, level + 1, lane) <= i) level++
      if (level > start && this.unrolledOf(p, dim, start + 1, level + 1) > 1) break
      this.run *= loops[order[first + i]].size
    }
    this.newShare = this.newShareOf(axis, dim, p, b, apart, lane)
  }

  /** Loops of a mapping below boundary b of operand p. */
  private cut(p: number, b: number, lane: number): number {
    const { tables, lanes } = this.nest
    return stationary[(p * tables.stride + b) * lanes + lane]
  }

  private newShareOf(
    axis: SlidingAxis,
    dim: LoopDim,
    p: number,
    b: number,
    apart: number,
    lane: number,
  ): number {
    const { problem, loops, order } = this.nest
    let output = this.unrolledOf(p, axis.output, 0, b)
    let kernel = this.unrolledOf(p, axis.kernel, 0, b)
    for (let i = 0; i < this.cut(p, b, lane); i++) {
      const loop = loops[order[lane * mostLoops + i]]
      if (loop.dim === axis.output) output *= loop.size
      else if (loop.dim === axis.kernel) kernel *= loop.size
    }
    return newShareOf(axis, dim, output, kernel, apart, problem.conventions.extentRounding)
  }

  /** Iterations of a loop over the array below memory levels `from` … `to` − 1. */
  private unrolledOf(p: number, dim: LoopDim, from: number, to: number): number {
    const d = loopDims.indexOf(dim)
    let product = 1
    for (let m = from; m < to; m++) {
      product *= this.unrolled[(p * this.nest.tables.stride + m) * loopDims.length + d]
    }
    return product
  }
}
