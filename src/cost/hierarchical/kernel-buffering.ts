import { batchMemory, laneRows } from './batch-memory.js'
import { HELD_BITS } from './boundary-rows.js'
import type { PreparedNest } from './prepared-nest.js'

const { cycles, stationary, offsets, allowed, reusedFrom, renewedFrom } = batchMemory
/** [k of `contended`·lanes + lane]: cycles from one transfer to the next; below the loops that reuse what is held. */
const periodCycles = laneRows()
const reusedCycles = laneRows()
/** Share of the memory that has to stay while those loops go on; and [memory·lanes + lane] of all operands. */
const ownEffective = laneRows()
const sharedEffective = laneRows()

/**
 * In which cycles a transfer across a boundary holds up nothing: always, where the memory below has room for the next
 * data beside the present; else while loops run that reuse what is there (specification §7.2, as `doubleBuffering`).
 */
export class KernelBuffering {
  private readonly nest: PreparedNest
  /** Boundaries above memories that some operand does not fill for good: what is held there decides about buffering. */
  private readonly contended: Int32Array

  constructor(nest: PreparedNest) {
    const { operandCount, stride, levels, memory } = nest.tables
    this.nest = nest
    const depth = (row: number): number => levels[Math.floor(row / stride)]
    const above = Array.from({ length: operandCount * stride }, (_, row) => row).filter(
      (row) => row % stride > 0 && row % stride <= depth(row),
    )
    const shared = new Set(
      above.filter((row) => row % stride < depth(row)).map((row) => memory[row - 1]),
    )
    this.contended = Int32Array.from(above.filter((row) => shared.has(memory[row - 1])))
  }

  /** Units of the array, and what fills a memory for good, can be served in every cycle. */
  reset(): void {
    const { operandCount, stride } = this.nest.tables
    allowed.fill(1, 0, operandCount * stride * this.nest.lanes)
  }

  /** Fills `allowed`. */
  evaluate(): void {
    const { contended } = this
    const { tables, lanes } = this.nest
    sharedEffective.fill(0, 0, tables.memoryBits.length * lanes)
    for (let k = 0; k < contended.length; k++) this.findShares(contended[k], k)
    // Free room goes to the operand that asks first.
    for (let k = 0; k < contended.length; k++) this.allow(contended[k], k)
  }

  private findShares(row: number, k: number): void {
    const { prefixes, rows, tables, lanes, count } = this.nest
    const { values } = rows
    const heldBits = HELD_BITS
    const p = (row / tables.stride) | 0
    const isInnermost = row % tables.stride === 1
    const bits = tables.memoryBits[tables.memory[row - 1]]
    // The quotient by a power of two is exact as a product, too.
    const share = Number.isInteger(Math.log2(bits)) ? 1 / bits : 0
    const first = row * lanes
    const sum = tables.memory[row - 1] * lanes
    const own = k * lanes
    prefixes.runsBelow(p, first, count)
    for (let lane = 0; lane < count; lane++) {
      const from = isInnermost ? 0 : stationary[first - lanes + lane]
      const reused = Math.max(reusedFrom[lane], from)
      const renewed = Math.max(renewedFrom[lane], from)
      const period = cycles[stationary[first + lane] * lanes + lane]
      // Loops that only bring other data leave no more than what one of their iterations needs.
      const renewals = period / cycles[renewed * lanes + lane]
      const stays = Math.floor(values[offsets[first + lane] + heldBits] / renewals)
      const effective = share > 0 ? stays * share : stays / bits
      periodCycles[own + lane] = period
      reusedCycles[own + lane] = cycles[reused * lanes + lane]
      ownEffective[own + lane] = effective
      sharedEffective[sum + lane] += effective
    }
  }

  private allow(row: number, k: number): void {
    const { tables, lanes, count } = this.nest
    const sum = tables.memory[row - 1] * lanes
    const first = row * lanes
    for (let lane = 0; lane < count; lane++) {
      const at = k * lanes + lane
      const own = ownEffective[at]
      const shared = sharedEffective[sum + lane]
      // A memory that is at most half full has room for whatever is in it.
      if (own <= 1 - shared) {
        if (shared > 0.5) sharedEffective[sum + lane] = shared + own
        allowed[first + lane] = periodCycles[at]
      } else allowed[first + lane] = reusedCycles[at]
    }
  }
}
