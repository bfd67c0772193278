import { loopDims, type LoopDim } from '../../model/index.js'
import { chargesFirstRead } from './conventions.js'
import { roundHalfEven, slidingExtent } from './extent.js'
import { newShareOf } from './halo.js'
import { kernelTables, type KernelTables } from './kernel-tables.js'
import { boundaryEnergyPj } from './link-cost.js'
import type { HierarchicalProblem, SpatialCounts } from './problem.js'
import { tensorIndex, type TensorIndex } from './tensor-index.js'

/** Iterations of the temporal loops at or below a boundary, per dimension in the order of `loopDims`. */
export type TileIterations = ArrayLike<number>

/**
 * The energy of a mapping as a sum of terms, one per operand and memory boundary, each of which depends only on how many
 * iterations of every dimension lie below that boundary, not on their order. Boundary b of operand p lies between its
 * memory levels b − 1 and b; b = 0 between the array and level 0, where nothing lies below. A mapping costs
 * `fixedEnergyPj` plus, for every operand, its terms of b = 1 … levels − 1.
 *
 * For a mapping whose cuts are stationary (the loop right above each cut is relevant to the operand) the sum equals
 * `evaluateMapping` up to rounding; other cuts cost no more there than here. (Where conventions let the units keep their
 * inputs, the term of b = 0 depends on the loops below it too.)
 */
export class BoundaryTerms {
  readonly problem: HierarchicalProblem
  /** MAC energy, and the terms of every operand at the array (b = 0). */
  readonly fixedEnergyPj: number
  private readonly tables: KernelTables
  private readonly temporal: Float64Array
  private readonly totalCycles: number
  private readonly tensors: readonly TensorIndex[]
  /** [p][m][dim]: iterations spread over the array below one instance of memory level m. */
  private readonly spatial: readonly (readonly Float64Array[])[]

  /** @param tables of the problem, which do not depend on its temporal loops */
  constructor(problem: HierarchicalProblem, tables: KernelTables = kernelTables(problem)) {
    this.problem = problem
    this.tables = tables
    this.temporal = Float64Array.from(loopDims, (dim) => problem.temporal[dim])
    this.totalCycles = this.temporal.reduce((product, each) => product * each, 1)
    this.tensors = problem.operands.map(({ operand }) => tensorIndex(operand))
    this.spatial = problem.operands.map(({ mean }) => spatialBelow(mean))
    const one = loopDims.map(() => 1)
    this.fixedEnergyPj = problem.operands.reduce(
      (sum, _, p) => sum + this.energyPj(p, 0, one),
      problem.macEnergyPj,
    )
  }

  /** The same of the problem with other temporal loops. */
  withTemporal(temporal: HierarchicalProblem['temporal']): BoundaryTerms {
    return new BoundaryTerms({ ...this.problem, temporal }, this.tables)
  }

  /** Energy of both ends of boundary b of operand p when `tile` iterations lie below it. */
  energyPj(p: number, b: number, tile: TileIterations): number {
    let cycles = 1
    for (let d = 0; d < loopDims.length; d++) cycles *= tile[d]
    const visits = this.accumulationsAbove(p, tile)
    const partial = p === 0 && (visits > 1 || this.tables.reducedAbove[b] === 1) ? 1 : 0
    return boundaryEnergyPj(
      this.tables,
      p,
      b,
      b === 0 ? 1 : this.elements(p, b - 1, tile),
      this.totalCycles / cycles,
      partial,
      chargesFirstRead(this.problem.conventions, b) ? 1 : (visits - 1) / visits,
    )
  }

  /**
   * Energy of both ends of boundary b of input p if every transfer brought only what is new when the tile moves on by
   * `dim`, a loop of a sliding axis. Where n such moves follow one another, the first transfer is whole: the boundary
   * costs this, plus 1/n of the difference to `energyPj`.
   * @param apart iterations of `dim` over the array below memory levels b … top, where level `top` holds that loop
   */
  slidPj(p: number, b: number, tile: TileIterations, dim: LoopDim, apart: number): number {
    const { operand } = this.problem.operands[p]
    const axis = operand.sliding.find((each) => each.output === dim || each.kernel === dim)
    if (axis === undefined) return this.energyPj(p, b, tile)
    const spatial = this.spatial[p][b - 1]
    const output = loopDims.indexOf(axis.output)
    const kernel = loopDims.indexOf(axis.kernel)
    const share = newShareOf(
      axis,
      dim,
      tile[output] * spatial[output],
      tile[kernel] * spatial[kernel],
      apart,
      this.problem.conventions.extentRounding,
    )
    let cycles = 1
    for (let d = 0; d < loopDims.length; d++) cycles *= tile[d]
    const elements = this.elements(p, b - 1, tile) * share
    return boundaryEnergyPj(this.tables, p, b, elements, this.totalCycles / cycles, 0, 0)
  }

  /** Elements of operand p in one instance of memory level m when `tile` iterations lie at or below it. */
  elements(p: number, m: number, tile: TileIterations): number {
    const { relevant, sliding } = this.tensors[p]
    const { extentRounding, elementRounding } = this.problem.conventions
    const spatial = this.spatial[p][m]
    let product = 1
    for (let i = 0; i < relevant.length; i++) product *= tile[relevant[i]] * spatial[relevant[i]]
    for (let i = 0; i < sliding.length; i++) {
      const { output, kernel, stride, dilation } = sliding[i]
      const a = tile[output] * spatial[output]
      product *= slidingExtent(stride, a, dilation, tile[kernel] * spatial[kernel], extentRounding)
    }
    return elementRounding === 'mean' ? product : roundHalfEven(product)
  }

  /**
   * Bits of operand p in one instance of memory level m. Outputs take partial precision while iterations that
   * accumulate remain above; `accumulates` says so for iterations at the level itself, too, when it is filled
   * conservatively.
   */
  heldBits(p: number, m: number, tile: TileIterations, accumulates = false): number {
    const { operand } = this.problem.operands[p]
    const above =
      p === 0 &&
      (accumulates || this.accumulationsAbove(p, tile) > 1 || this.tables.reducedAbove[m + 1] === 1)
    return this.elements(p, m, tile) * (above ? operand.partialBits : operand.bits)
  }

  /** Temporal iterations above a tile that do not change what it holds. */
  accumulationsAbove(p: number, tile: TileIterations): number {
    const { irrelevant } = this.tensors[p]
    let product = 1
    for (let i = 0; i < irrelevant.length; i++) {
      product *= this.temporal[irrelevant[i]] / tile[irrelevant[i]]
    }
    return product
  }
}

/** Per memory level the iterations that are spread over the array below one of its instances. */
function spatialBelow(counts: SpatialCounts): Float64Array[] {
  const product = new Float64Array(loopDims.length).fill(1)
  return counts.loops.slice(0, -1).map((loops) => {
    for (const { dim, size } of loops) product[loopDims.indexOf(dim)] *= size
    return product.slice()
  })
}
