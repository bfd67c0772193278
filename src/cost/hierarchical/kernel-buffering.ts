import { batchMemory, laneRows } from './batch-memory.js'
import { HELD_BITS, PERIOD_CYCLES } from './boundary-rows.js'
import type { PreparedNest } from './prepared-nest.js'

const { offsets, allowed, reusedCycles, renewedCycles } = batchMemory
/** [k of `shared`·lanes + lane]: cycles from one transfer to the next; below the loops that reuse what is held. */
const periodCycles = laneRows()
const unbufferedCycles = laneRows()
/** Share of the memory that has to stay while those loops go on; and [memory·lanes + lane] of all operands. */
const ownEffective = laneRows()
const sharedEffective = laneRows()

/**
 * In which cycles a transfer across a boundary holds up nothing: always, where the memory below has room for the next
 * data beside the present; else while loops run that reuse what is there (specification §7.2, as `doubleBuffering`). Which
 * it is is unpredictable: its loops choose by arithmetic, exact for whole cycles, not by branches.
 */
export class KernelBuffering {
  private readonly nest: PreparedNest
  /**
   * Boundaries above memories that some operand does not fill for good: what is held there decides about buffering. Those
   * of memories with one operand, and with more.
   */
  private readonly alone: readonly number[]
  private readonly shared: readonly number[]

  constructor(nest: PreparedNest) {
    const { operandCount, stride, levels, memory } = nest.tables
    this.nest = nest
    const depth = (row: number): number => levels[Math.floor(row / stride)]
    const above = Array.from({ length: operandCount * stride }, (_, row) => row).filter(
      (row) => row % stride > 0 && row % stride <= depth(row),
    )
    const refilled = new Set(
      above.filter((row) => row % stride < depth(row)).map((row) => memory[row - 1]),
    )
    const contended = above.filter((row) => refilled.has(memory[row - 1]))
    const operandsOf = (row: number): number =>
      contended.filter((other) => memory[other - 1] === memory[row - 1]).length
    this.alone = contended.filter((row) => operandsOf(row) === 1)
    this.shared = contended.filter((row) => operandsOf(row) > 1)
  }

  /** Units of the array, and what fills a memory for good, can be served in every cycle. */
  reset(): void {
    const { operandCount, stride } = this.nest.tables
    allowed.fill(1, 0, operandCount * stride * this.nest.lanes)
  }

  /** Fills `allowed`. */
  evaluate(): void {
    const { alone, shared } = this
    const { tables, lanes } = this.nest
    for (const row of alone) this.allowAlone(row)
    sharedEffective.fill(0, 0, tables.memoryBits.length * lanes)
    for (let k = 0; k < shared.length; k++) this.findShares(shared[k], k)
    // Free room goes to the operand that asks first.
    for (let k = 0; k < shared.length; k++) this.allow(shared[k], k)
  }

  private allowAlone(row: number): void {
    const { rows, lanes, count } = this.nest
    const { values } = rows
    const [heldBits, period] = [HELD_BITS, PERIOD_CYCLES]
    const bits = this.bitsBelow(row)
    const inverse = inverseOf(bits)
    const first = row * lanes
    this.findRuns(row)
    for (let lane = 0; lane < count; lane++) {
      const at = offsets[first + lane]
      const cycles = values[at + period]
      const own = stayingShare(values[at + heldBits], cycles, renewedCycles[lane], bits, inverse)
      const unbuffered = reusedCycles[lane]
      allowed[first + lane] = unbuffered + (cycles - unbuffered) * Number(own <= 1 - own)
    }
  }

  private findShares(row: number, k: number): void {
    const { rows, tables, lanes, count } = this.nest
    const { values } = rows
    const [heldBits, period] = [HELD_BITS, PERIOD_CYCLES]
    const bits = this.bitsBelow(row)
    const inverse = inverseOf(bits)
    const first = row * lanes
    const sum = tables.memory[row - 1] * lanes
    const own = k * lanes
    this.findRuns(row)
    for (let lane = 0; lane < count; lane++) {
      const at = offsets[first + lane]
      const cycles = values[at + period]
      const share = stayingShare(values[at + heldBits], cycles, renewedCycles[lane], bits, inverse)
      periodCycles[own + lane] = cycles
      unbufferedCycles[own + lane] = reusedCycles[lane]
      ownEffective[own + lane] = share
      sharedEffective[sum + lane] += share
    }
  }

  private allow(row: number, k: number): void {
    const { tables, lanes, count } = this.nest
    const sum = tables.memory[row - 1] * lanes
    const first = row * lanes
    for (let lane = 0; lane < count; lane++) {
      const at = k * lanes + lane
      const own = ownEffective[at]
      const all = sharedEffective[sum + lane]
      const hasRoom = Number(own <= 1 - all)
      // A memory that is at most half full has room for whatever is in it.
      sharedEffective[sum + lane] = all + own * (hasRoom & Number(all > 0.5))
      const unbuffered = unbufferedCycles[at]
      allowed[first + lane] = unbuffered + (periodCycles[at] - unbuffered) * hasRoom
    }
  }

  /** The loops at the memory below a boundary end at the boundary below that; those of the innermost at the bottom. */
  private findRuns(row: number): void {
    const { prefixes, tables, lanes, count } = this.nest
    const { stride } = tables
    const bottom = row % stride === 1 ? tables.operandCount * stride : row - 1
    prefixes.runsBelow((row / stride) | 0, row * lanes, bottom * lanes, count)
  }

  private bitsBelow(row: number): number {
    const { memory, memoryBits } = this.nest.tables
    return memoryBits[memory[row - 1]]
  }
}

/** The quotient by a power of two is exact as a product, too; 0 for others. */
function inverseOf(bits: number): number {
  return Number.isInteger(Math.log2(bits)) ? 1 / bits : 0
}

/**
 * Share of a memory that has to stay while loops go on: those that only bring other data leave no more than what one of
 * their iterations needs.
 * @param renewed cycles below these loops, of those of a whole period
 */
function stayingShare(
  heldBits: number,
  period: number,
  renewed: number,
  bits: number,
  inverse: number,
): number {
  const stays = Math.floor(heldBits / (period / renewed))
  return inverse > 0 ? stays * inverse : stays / bits
}
