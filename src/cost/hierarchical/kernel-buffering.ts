import { HELD_BITS } from './boundary-rows.js'
import type { PreparedNest } from './prepared-nest.js'

/**
 * In which cycles a transfer across a boundary holds up nothing: always, where the memory below has room for the next
 * data beside the present; else while loops run that reuse what is there (specification §7.2, as `doubleBuffering`).
 */
export class KernelBuffering {
  /** [(p·stride + b)·lanes + lane]: cycles per period. A unit of the array can be served in every cycle. */
  readonly allowed: Float64Array
  private readonly nest: PreparedNest
  /** Boundaries above memories that some operand does not fill for good: what is held there decides about buffering. */
  private readonly contended: Int32Array
  /** [k of `contended`·lanes + lane]: cycles from one transfer to the next; below the loops that reuse what is held. */
  private readonly periodCycles: Float64Array
  private readonly reusedCycles: Float64Array
  /** Share of the memory that has to stay while those loops go on; and [memory·lanes + lane] of all operands. */
  private readonly ownEffective: Float64Array
  private readonly sharedEffective: Float64Array

  constructor(nest: PreparedNest) {
    const { operandCount, stride, levels, memory, memoryBits } = nest.tables
    const { lanes } = nest
    this.nest = nest
    const depth = (row: number): number => levels[Math.floor(row / stride)]
    const above = Array.from({ length: operandCount * stride }, (_, row) => row).filter(
      (row) => row % stride > 0 && row % stride <= depth(row),
    )
    const shared = new Set(
      above.filter((row) => row % stride < depth(row)).map((row) => memory[row - 1]),
    )
    this.contended = Int32Array.from(above.filter((row) => shared.has(memory[row - 1])))
    this.allowed = new Float64Array(operandCount * stride * lanes).fill(1)
    this.periodCycles = new Float64Array(this.contended.length * lanes)
    this.reusedCycles = new Float64Array(this.contended.length * lanes)
    this.ownEffective = new Float64Array(this.contended.length * lanes)
    this.sharedEffective = new Float64Array(memoryBits.length * lanes)
  }

  /** Fills `allowed`. */
  evaluate(): void {
    const { contended, sharedEffective } = this
    sharedEffective.fill(0)
    for (let k = 0; k < contended.length; k++) this.findShares(contended[k], k)
    // Free room goes to the operand that asks first.
    for (let k = 0; k < contended.length; k++) this.allow(contended[k], k)
  }

  private findShares(row: number, k: number): void {
    const { periodCycles, reusedCycles, ownEffective, sharedEffective } = this
    const { prefixes, stationary, offsets, rows, tables, lanes, count } = this.nest
    const { values } = rows
    const { cycles } = prefixes
    const p = (row / tables.stride) | 0
    const isInnermost = row % tables.stride === 1
    const bits = tables.memoryBits[tables.memory[row - 1]]
    // The quotient by a power of two is exact as a product, too.
    const share = Number.isInteger(Math.log2(bits)) ? 1 / bits : 0
    const first = row * lanes
    const sum = tables.memory[row - 1] * lanes
    for (let lane = 0; lane < count; lane++) {
      const from = isInnermost ? 0 : stationary[first - lanes + lane]
      const end = stationary[first + lane]
      const reused = Math.max(prefixes.belowReuse(p, end, lane), from)
      const renewed = Math.max(prefixes.belowRenewal(p, end, lane), from)
      const period = cycles[end * lanes + lane]
      const held = values[offsets[first + lane] + HELD_BITS]
      // Loops that only bring other data leave no more than what one of their iterations needs.
      const renewals = renewed < end ? period / cycles[renewed * lanes + lane] : 1
      const stays = Math.floor(held / renewals)
      const own = share > 0 ? stays * share : stays / bits
      periodCycles[k * lanes + lane] = period
      reusedCycles[k * lanes + lane] = cycles[reused * lanes + lane]
      ownEffective[k * lanes + lane] = own
      sharedEffective[sum + lane] += own
    }
  }

  private allow(row: number, k: number): void {
    const { allowed, periodCycles, reusedCycles, ownEffective, sharedEffective } = this
    const { tables, lanes, count } = this.nest
    const sum = tables.memory[row - 1] * lanes
    for (let lane = 0; lane < count; lane++) {
      const at = k * lanes + lane
      const own = ownEffective[at]
      const shared = sharedEffective[sum + lane]
      // A memory that is at most half full has room for whatever is in it.
      if (own <= 1 - shared) {
        if (shared > 0.5) sharedEffective[sum + lane] = shared + own
        allowed[row * lanes + lane] = periodCycles[at]
      } else allowed[row * lanes + lane] = reusedCycles[at]
    }
  }
}
