import {
  ceilFactor,
  slidingExtent,
  type HierarchicalProblem,
  type MappingKernel,
} from '../../cost/hierarchical/index.js'
import { loopDims } from '../../model/index.js'

/** Why an ordering cannot be placed: the memory and by how many bits the smallest choice is too large. */
export interface Misfit {
  readonly memory: string
  readonly neededBits: number
  readonly sizeBits: number
}

const dimCount = loopDims.length
const MOST_SLICES = 65

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
  /** [p·8 + dim]: iterations already placed, spatial ones included. */
  private readonly placed: Float64Array
  private readonly position: Int32Array
  private readonly level: Int32Array
  private readonly sizes = new Float64Array(dimCount)
  private readonly dimOfKind: number[] = []
  /** [memory]: operands of the layer that it holds. */
  private readonly holders: readonly (readonly number[])[]
  /** [i]: product of the loops from i on. */
  private readonly cyclesFrom = new Float64Array(MOST_SLICES)
  /** [h·65 + s]: bits of holder h when it takes s more loops, and the bits that then still move above the memory. */
  private readonly bits = new Float64Array(3 * MOST_SLICES)
  private readonly moved = new Float64Array(3 * MOST_SLICES)
  private readonly first = new Int32Array(3)
  private readonly end = new Int32Array(3)
  /** [h]: fewest bits to move of the holders from h on. */
  private readonly leastMoved = new Float64Array(4)
  private readonly chosen = new Int32Array(3)
  private readonly best = new Int32Array(3)
  private bestCost = 0

  constructor(problem: HierarchicalProblem, kernel: MappingKernel) {
    this.problem = problem
    this.kernel = kernel
    this.noise = ceilFactor(problem.conventions)
    const { operands, accelerator } = problem
    this.placed = new Float64Array(operands.length * dimCount)
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
    const { problem, kernel, placed, position, level, cyclesFrom, dimOfKind } = this
    for (let kind = dimOfKind.length; kind < kernel.loops.length; kind++) {
      dimOfKind.push(loopDims.indexOf(kernel.loops[kind].dim))
    }
    placed.fill(1)
    position.fill(0)
    level.fill(0)
    cyclesFrom[kernel.loopCount] = 1
    for (let i = kernel.loopCount - 1; i >= 0; i--) {
      cyclesFrom[i] = cyclesFrom[i + 1] * kernel.sizeOf[kernel.order[i]]
    }
    this.misfit = undefined
    for (let p = 0; p < problem.operands.length; p++) this.placeSpatial(p, 0)
    for (let index = 0; index < this.holders.length; index++) {
      if (this.holders[index].length > 0 && !this.fill(index)) return false
    }
    return true
  }

  private fill(index: number): boolean {
    const { bits, best, first, end, position, level, leastMoved, moved } = this
    const here = this.holders[index]
    const { name, sizeBits } = this.problem.accelerator.memories[index]
    for (let h = 0; h < here.length; h++) {
      if (!this.findSlices(h, here[h], sizeBits)) return false
    }
    leastMoved[here.length] = 0
    for (let h = here.length - 1; h >= 0; h--) {
      let least = Infinity
      for (let s = first[h]; s < end[h]; s++) least = Math.min(least, moved[h * MOST_SLICES + s])
      leastMoved[h] = least + leastMoved[h + 1]
    }
    this.bestCost = Infinity
    this.choose(here.length, 0, 0, 0, sizeBits)
    if (this.bestCost === Infinity) {
      const neededBits = here.reduce((sum, _, h) => sum + bits[h * MOST_SLICES + first[h]], 0)
      this.misfit = { memory: name, neededBits, sizeBits }
      return false
    }
    for (let h = 0; h < here.length; h++) {
      const p = here[h]
      const until = position[p] + best[h]
      for (let i = position[p]; i < until; i++) {
        const kind = this.kernel.order[i]
        this.placed[p * dimCount + this.dimOfKind[kind]] *= this.kernel.sizeOf[kind]
      }
      position[p] = until
      this.kernel.cuts[p * this.kernel.tables.stride + level[p]] = until
      level[p]++
      if (level[p] < this.problem.operands[p].memories.length) this.placeSpatial(p, level[p])
    }
    return true
  }

  /**
   * The cheapest combination of slices that fits; of equal ones the last in the order in which the first operand varies
   * slowest (as published). Walks that order backwards, so that the first of equal ones stays.
   */
  private choose(holders: number, h: number, taken: number, cost: number, sizeBits: number): void {
    if (h === holders) {
      this.bestCost = cost
      for (let i = 0; i < h; i++) this.best[i] = this.chosen[i]
      return
    }
    const { bits, moved, first, end, leastMoved } = this
    for (let s = end[h] - 1; s >= first[h]; s--) {
      const all = taken + bits[h * MOST_SLICES + s]
      const spent = cost + moved[h * MOST_SLICES + s]
      if (all > sizeBits || spent + leastMoved[h + 1] >= this.bestCost) continue
      this.chosen[h] = s
      this.choose(holders, h + 1, all, spent, sizeBits)
    }
  }

  /** Numbers of further loops with which operand p still fits alone; false when not even none does. */
  private findSlices(h: number, p: number, sizeBits: number): boolean {
    const { kernel, problem, position, level, sizes, placed, dimOfKind, cyclesFrom } = this
    const { operand, memories } = problem.operands[p]
    const width = this.accumulates(p) ? operand.partialBits : operand.bits
    const isTop = level[p] === memories.length - 1
    const rest = kernel.loopCount - position[p]
    this.first[h] = 0
    for (let d = 0; d < dimCount; d++) sizes[d] = placed[p * dimCount + d]
    let needed = this.tensorElements(p) * width
    let s = 0
    for (; needed <= sizeBits; s++) {
      this.bits[h * MOST_SLICES + s] = needed
      this.moved[h * MOST_SLICES + s] = isTop ? 0 : cyclesFrom[position[p] + s] * needed
      if (s === rest) break
      const kind = kernel.order[position[p] + s]
      const streams = level[p] === 0 && dimOfKind[kind] === kernel.tables.streamed
      if (!streams) sizes[dimOfKind[kind]] *= kernel.sizeOf[kind]
      needed = this.tensorElements(p) * width
    }
    const fitsWhole = s === rest && needed <= sizeBits
    this.end[h] = fitsWhole ? s + 1 : s
    if (isTop) {
      // The outermost memory has to hold the whole tensor.
      this.first[h] = rest
      if (fitsWhole) return true
      for (let d = 0; d < dimCount; d++) sizes[d] = placed[p * dimCount + d]
      for (let i = position[p]; i < kernel.loopCount; i++) {
        sizes[dimOfKind[kernel.order[i]]] *= kernel.sizeOf[kernel.order[i]]
      }
      needed = this.tensorElements(p) * width
    } else if (this.end[h] > 0) {
      return true
    }
    this.misfit = { memory: memories[level[p]].name, neededBits: needed, sizeBits }
    return false
  }

  /** Outputs need the width of partial sums while a loop that accumulates is not yet placed. */
  private accumulates(p: number): boolean {
    const { kernel, position } = this
    if (p !== 0) return false
    for (let i = position[p]; i < kernel.loopCount; i++) {
      if ((kernel.reuses[kernel.order[i]] & 1) === 1) return true
    }
    return false
  }

  private tensorElements(p: number): number {
    const { sizes, noise } = this
    const { relevant, sliding } = this.kernel.tables.tensors[p]
    let product = 1
    for (let i = 0; i < relevant.length; i++) product *= Math.ceil(sizes[relevant[i]] * noise)
    for (let i = 0; i < sliding.length; i++) {
      const { output, kernel, stride, dilation } = sliding[i]
      const a = Math.ceil(sizes[output] * noise)
      const b = Math.ceil(sizes[kernel] * noise)
      product *= slidingExtent(stride, a, dilation, b, 'mean')
    }
    return product
  }

  private placeSpatial(p: number, m: number): void {
    for (const { dim, size } of this.problem.operands[p].mean.loops[m]) {
      this.placed[p * dimCount + loopDims.indexOf(dim)] *= size
    }
  }
}
