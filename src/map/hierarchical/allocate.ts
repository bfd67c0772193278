import {
  ceilFactor,
  type HierarchicalProblem,
  type MappingKernel,
} from '../../cost/hierarchical/index.js'
import { loopDims, type LayerOperand } from '../../model/index.js'

/** Why an ordering cannot be placed: the memory and by how many bits the smallest choice is too large. */
export interface Misfit {
  readonly memory: string
  readonly neededBits: number
  readonly sizeBits: number
}

interface Slice {
  /** Loops in this level, and the size of the tensor with them. */
  readonly loops: number
  readonly bits: number
}

/**
 * Places the loops of an ordering into the memories from the innermost memory outwards (specification §8.4): each
 * memory takes, jointly for its operands, the loops that leave the fewest bits to move above it. Writes the cuts into
 * the kernel that holds the ordering.
 */
export class BottomUpAllocator {
  /** Set when `allocate` returned false. */
  misfit: Misfit | undefined
  private readonly problem: HierarchicalProblem
  private readonly kernel: MappingKernel
  private readonly noise: number
  private readonly dimCount = loopDims.length
  /** [p·8 + dim]: iterations already placed, spatial ones included. */
  private readonly placed: Float64Array
  private readonly position: Int32Array
  private readonly level: Int32Array
  private readonly sizes = new Float64Array(loopDims.length)
  private readonly holders: readonly (readonly number[])[]
  private readonly slices: Slice[][] = []
  private readonly chosen: number[] = []
  private readonly best: number[] = []
  private bestCost = 0

  constructor(problem: HierarchicalProblem, kernel: MappingKernel) {
    this.problem = problem
    this.kernel = kernel
    this.noise = ceilFactor(problem.conventions)
    const { operands, accelerator } = problem
    this.placed = new Float64Array(operands.length * this.dimCount)
    this.position = new Int32Array(operands.length)
    this.level = new Int32Array(operands.length)
    this.holders = accelerator.memories.map((memory) =>
      memory.operands.flatMap((each) => {
        const p = operands.findIndex(({ operand }) => operand.memory === each)
        return p < 0 ? [] : [p]
      }),
    )
  }

  /** Whether the ordering in the kernel could be placed; its cuts are then in the kernel. */
  allocate(): boolean {
    const { problem, placed, position, level } = this
    placed.fill(1)
    position.fill(0)
    level.fill(0)
    this.misfit = undefined
    problem.operands.forEach((_, p) => this.placeSpatial(p, 0))
    for (let index = 0; index < this.holders.length; index++) {
      if (this.holders[index].length > 0 && !this.fill(index)) return false
    }
    return true
  }

  private fill(index: number): boolean {
    const { holders, slices, chosen, best, position, level } = this
    const here = holders[index]
    const { name, sizeBits } = this.problem.accelerator.memories[index]
    for (let h = 0; h < here.length; h++) {
      slices[h] = this.candidates(here[h], sizeBits)
      if (slices[h].length === 0) return false
      chosen[h] = 0
    }
    this.bestCost = Number.POSITIVE_INFINITY
    this.choose(here, 0, 0, 0, sizeBits)
    if (this.bestCost === Number.POSITIVE_INFINITY) {
      const neededBits = here.reduce((sum, _, h) => sum + slices[h][0].bits, 0)
      this.misfit = { memory: name, neededBits, sizeBits }
      return false
    }
    for (let h = 0; h < here.length; h++) {
      const p = here[h]
      const { loops } = slices[h][best[h]]
      this.placeTemporal(p, position[p], loops)
      position[p] += loops
      this.kernel.cuts[p * this.kernel.tables.stride + level[p]] = position[p]
      level[p]++
      if (level[p] < this.problem.operands[p].memories.length) this.placeSpatial(p, level[p])
    }
    return true
  }

  /** Every combination of slices, the first operand varying slowest; the last of equal cost wins. */
  private choose(
    here: readonly number[],
    h: number,
    bits: number,
    cost: number,
    sizeBits: number,
  ): void {
    if (bits > sizeBits) return
    if (h === here.length) {
      if (cost > this.bestCost) return
      this.bestCost = cost
      for (let i = 0; i < h; i++) this.best[i] = this.chosen[i]
      return
    }
    const p = here[h]
    const isTop = this.level[p] === this.problem.operands[p].memories.length - 1
    const own = this.slices[h]
    for (let s = 0; s < own.length; s++) {
      this.chosen[h] = s
      const moved = isTop ? 0 : this.kernelProduct(this.position[p] + own[s].loops) * own[s].bits
      this.choose(here, h + 1, bits + own[s].bits, cost + moved, sizeBits)
    }
  }

  private kernelProduct(from: number): number {
    let product = 1
    for (let i = from; i < this.kernel.loopCount; i++) product *= this.kernel.sizes[i]
    return product
  }

  /** Numbers of further loops with which operand p still fits alone; empty when not even none does. */
  private candidates(p: number, sizeBits: number): Slice[] {
    const { kernel, problem, position, level, sizes, placed, dimCount } = this
    const { operand, memories } = problem.operands[p]
    const bits = this.accumulates(p) ? operand.partialBits : operand.bits
    const result: Slice[] = []
    for (let d = 0; d < dimCount; d++) sizes[d] = placed[p * dimCount + d]
    for (let loops = 0; position[p] + loops <= kernel.loopCount; loops++) {
      if (loops > 0) {
        const i = position[p] + loops - 1
        sizes[kernel.dims[i]] *= kernel.sizes[i]
      }
      const needed = this.tensorElements(operand) * bits
      if (needed > sizeBits) {
        if (loops === 0) {
          this.misfit = { memory: memories[level[p]].name, neededBits: needed, sizeBits }
        }
        break
      }
      result.push({ loops, bits: needed })
    }
    if (level[p] < memories.length - 1) return result
    const rest = kernel.loopCount - position[p]
    if (result.length === rest + 1) return result.slice(-1)
    // The outermost memory has to hold the whole tensor.
    for (let d = 0; d < dimCount; d++) sizes[d] = placed[p * dimCount + d]
    for (let i = position[p]; i < kernel.loopCount; i++) sizes[kernel.dims[i]] *= kernel.sizes[i]
    const neededBits = this.tensorElements(operand) * bits
    this.misfit = { memory: memories[level[p]].name, neededBits, sizeBits }
    return []
  }

  /** Outputs need the width of partial sums while a loop that accumulates is not yet placed. */
  private accumulates(p: number): boolean {
    const { kernel, position } = this
    if (p !== 0) return false
    for (let i = position[p]; i < kernel.loopCount; i++) {
      if (kernel.tables.kind[kernel.dims[i]] === 0) return true
    }
    return false
  }

  private tensorElements(operand: LayerOperand): number {
    let product = 1
    for (const dim of operand.relevant) product *= this.whole(dim)
    for (const axis of operand.sliding) {
      const a = this.whole(axis.output)
      const b = this.whole(axis.kernel)
      const divisor = gcd(axis.stride, axis.dilation)
      product *=
        a * b - Math.max(0, b - axis.stride / divisor) * Math.max(0, a - axis.dilation / divisor)
    }
    return product
  }

  private whole(dim: (typeof loopDims)[number]): number {
    return Math.ceil(this.sizes[loopDims.indexOf(dim)] * this.noise)
  }

  private placeTemporal(p: number, from: number, loops: number): void {
    const { kernel, placed, dimCount } = this
    for (let i = from; i < from + loops; i++)
      placed[p * dimCount + kernel.dims[i]] *= kernel.sizes[i]
  }

  private placeSpatial(p: number, m: number): void {
    for (const { dim, size } of this.problem.operands[p].mean.loops[m]) {
      this.placed[p * this.dimCount + loopDims.indexOf(dim)] *= size
    }
  }
}

function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}
