import { loopDims } from '../../model/index.js'
import { windowOverlap } from './halo.js'
import { loopKind, type KernelTables } from './kernel-tables.js'

/** The loops of a mapping as the kernel holds them; see there. */
interface PreparedLoops {
  readonly loopCount: number
  readonly dims: Uint8Array
  readonly sizes: Float64Array
  readonly stationary: Int32Array
}

/** How the tiles of inputs slide, on the kernel's buffers: the numbers of `tileSlides`. */
export class KernelHalo {
  /** Results of `look`: transfers per whole one, and the new share of the others. */
  run = 1
  newShare = 1
  private readonly tables: KernelTables

  private readonly spatial: Float64Array

  /** @param use of the array: on average, or at most */
  constructor(tables: KernelTables, use: 'mean' | 'whole') {
    this.tables = tables
    this.spatial = use === 'mean' ? tables.spatialMean : tables.spatialWhole
  }

  /** Finds out how the tile below boundary b ≥ 1 of input p moves in the mapping that the kernel has prepared. */
  look({ loopCount, dims, sizes, stationary }: PreparedLoops, p: number, b: number): void {
    const { stride, kind, axisStride, axisDilation } = this.tables
    const row = p * stride
    const from = stationary[row + b - 1]
    this.run = 1
    this.newShare = 1
    if (from >= loopCount) return
    const dim = dims[from]
    const own = kind[p * loopDims.length + dim]
    if (own < loopKind.slidingFrom) return
    const axis = (own - loopKind.slidingFrom) >> 1
    const alongKernel = (own - loopKind.slidingFrom) & 1
    const output = loopKind.slidingFrom + 2 * axis
    let a = this.lanes(p, output, 0, b)
    let k = this.lanes(p, output + 1, 0, b)
    for (let i = 0; i < from; i++) {
      const each = kind[p * loopDims.length + dims[i]]
      if (each === output) a *= sizes[i]
      else if (each === output + 1) k *= sizes[i]
    }
    let level = b
    while (stationary[row + level] <= from) level++
    const apart = this.lanes(p, own, b, level + 1)
    for (let i = from; i < loopCount && dims[i] === dim; i++) {
      const start = level
      while (stationary[row + level] <= i) level++
      if (level > start && this.lanes(p, own, start + 1, level + 1) > 1) break
      this.run *= sizes[i]
    }
    const s = axisStride[p * 2 + axis]
    const d = axisDilation[p * 2 + axis]
    const extent = a * k - Math.max(0, k - s) * Math.max(0, a - d)
    const shared =
      alongKernel === 1 ? windowOverlap(d, k, s, a, apart) : windowOverlap(s, a, d, k, apart)
    this.newShare = 1 - shared / extent
  }

  /** Iterations of loops of one kind over the array below memory levels `from` … `to` − 1. */
  private lanes(p: number, kind: number, from: number, to: number): number {
    const { stride, spatialStart, spatialKind } = this.tables
    const end = spatialStart[p * stride + to]
    let product = 1
    for (let j = spatialStart[p * stride + from]; j < end; j++) {
      if (spatialKind[j] === kind) product *= this.spatial[j]
    }
    return product
  }
}
