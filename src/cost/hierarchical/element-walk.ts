import { loopDims } from '../../model/index.js'
import { roundHalfEven, slidingExtent } from './extent.js'
import { batchMemory, mostLoops } from './batch-memory.js'
import type { PreparedNest } from './prepared-nest.js'

const { stationary } = batchMemory

/** What a loop means to a tensor: nothing, one more element per iteration, or an end of sliding axis 0 or 1. */
const IRRELEVANT = 0
const RELEVANT = 1
const FIRST_SLIDING = 2

/**
 * Elements multiplied up in the order of the loops, extents rounded on the way: where an array is used in fractions,
 * the last digit of a product depends on that order, and the published program rounds it (specification §16).
 */
export class ElementWalk {
  private readonly nest: PreparedNest
  /** [p·8 + dim] */
  private readonly meaning: Uint8Array
  /** Spatial loops below memory m of p: meaning and size, from `start[p·stride + m]` to the next entry. */
  private readonly start: Int32Array
  private readonly spatialMeaning: Uint8Array
  private readonly spatialSize: Float64Array
  private readonly dimOfKind = new Int32Array(256).fill(-1)
  /** Iterations of output and kernel loop and the extent so far, per sliding axis. */
  private readonly a = new Float64Array(2)
  private readonly b = new Float64Array(2)
  private readonly extent = new Float64Array(2)

  constructor(nest: PreparedNest) {
    this.nest = nest
    const { operands } = nest.problem
    const { stride, tensors } = nest.tables
    this.meaning = new Uint8Array(operands.length * loopDims.length)
    tensors.forEach(({ relevant, sliding }, p) => {
      const first = p * loopDims.length
      for (const d of relevant) this.meaning[first + d] = RELEVANT
      sliding.forEach(({ output, kernel }, axis) => {
        this.meaning[first + output] = FIRST_SLIDING + 2 * axis
        this.meaning[first + kernel] = FIRST_SLIDING + 2 * axis + 1
      })
    })
    this.start = new Int32Array(operands.length * stride + 1)
    const meanings: number[] = []
    const sizes: number[] = []
    operands.forEach(({ memories, mean }, p) => {
      for (let m = 0; m < stride; m++) {
        this.start[p * stride + m] = sizes.length
        if (m >= memories.length) continue
        for (const { dim, size } of mean.loops[m]) {
          meanings.push(this.meaning[p * loopDims.length + loopDims.indexOf(dim)])
          sizes.push(size)
        }
      }
    })
    this.start[operands.length * stride] = sizes.length
    this.spatialMeaning = Uint8Array.from(meanings)
    this.spatialSize = Float64Array.from(sizes)
  }

  /** Writes the elements of operand p below each of its boundaries, with average use of the array, from index 1 on. */
  elements(p: number, lane: number, out: Float64Array): void {
    const { order, loops, tables, lanes } = this.nest
    const { start, meaning, dimOfKind } = this
    this.a.fill(1)
    this.b.fill(1)
    this.extent.fill(1)
    let total = 1
    let i = 0
    for (let m = 0; m < tables.levels[p]; m++) {
      const row = p * tables.stride + m
      let level = 1
      for (; i < stationary[(row + 1) * lanes + lane]; i++) {
        const kind = order[lane * mostLoops + i]
        if (dimOfKind[kind] < 0) dimOfKind[kind] = loopDims.indexOf(loops[kind].dim)
        level *= this.growth(p, meaning[p * loopDims.length + dimOfKind[kind]], loops[kind].size)
      }
      for (let j = start[row]; j < start[row + 1]; j++) {
        level *= this.growth(p, this.spatialMeaning[j], this.spatialSize[j])
      }
      total *= level
      out[m + 1] = tables.rounds ? roundHalfEven(total) : total
    }
  }

  /** Factor by which one more loop multiplies the elements. */
  private growth(p: number, meaning: number, size: number): number {
    if (meaning === IRRELEVANT) return 1
    if (meaning === RELEVANT) return size
    const { a, b, extent } = this
    const { tensors, extentRounding } = this.nest.tables
    const axis = (meaning - FIRST_SLIDING) >> 1
    if (((meaning - FIRST_SLIDING) & 1) === 0) a[axis] *= size
    else b[axis] *= size
    const { stride, dilation } = tensors[p].sliding[axis]
    const before = extent[axis]
    extent[axis] = slidingExtent(stride, a[axis], dilation, b[axis], extentRounding)
    return extent[axis] / before
  }
}
