import { batchMemory, mostLanes } from './batch-memory.js'
import { HELD_BITS } from './boundary-rows.js'
import type { PreparedNest } from './prepared-nest.js'

const { offsets } = batchMemory
/** Per lane: bits of all operands in a memory. */
const heldBits = new Float64Array(mostLanes)

/** What has to fit into a memory: the boundaries above it, of all operands that it holds. */
interface Content {
  readonly rows: readonly number[]
  readonly bits: number
}

/** Whether the mappings of a batch fit into the memories. Which ones do is unpredictable: its loops have no branches. */
export class KernelCapacity {
  private readonly nest: PreparedNest
  private readonly contents: readonly Content[]

  constructor(nest: PreparedNest) {
    const { operandCount, stride, levels, memory, memoryBits, unchecked } = nest.tables
    this.nest = nest
    const held = Array.from(memoryBits, (): number[] => [])
    for (let p = 0; p < operandCount; p++) {
      for (let row = p * stride; row < p * stride + levels[p]; row++)
        held[memory[row]].push(row + 1)
    }
    this.contents = held.flatMap((rows, index): Content[] => {
      const bits = memoryBits[index]
      // Operands that may over-fill a memory together must still fit one by one.
      return unchecked[index] === 1 ? rows.map((row) => ({ rows: [row], bits })) : [{ rows, bits }]
    })
  }

  evaluate(fits: Uint8Array): void {
    const { count } = this.nest
    for (let lane = 0; lane < count; lane++) fits[lane] = 1
    for (const { rows, bits } of this.contents) {
      for (let i = 0; i + 1 < rows.length; i++) this.hold(rows[i], i === 0)
      if (rows.length > 0) this.check(rows[rows.length - 1], rows.length === 1, bits, fits)
    }
  }

  /** Adds what an operand holds to what others do, or begins with it. */
  private hold(row: number, begins: boolean): void {
    const { rows, lanes, count } = this.nest
    const { values } = rows
    const column = HELD_BITS
    const first = row * lanes
    for (let lane = 0; lane < count; lane++) {
      const held = values[offsets[first + lane] + column]
      heldBits[lane] = begins ? held : heldBits[lane] + held
    }
  }

  /** The last operand of a memory, or the only one: whether it has room beside the others. */
  private check(row: number, isOnly: boolean, bits: number, fits: Uint8Array): void {
    const { rows, lanes, count } = this.nest
    const { values } = rows
    const column = HELD_BITS
    const first = row * lanes
    for (let lane = 0; lane < count; lane++) {
      const held = values[offsets[first + lane] + column]
      fits[lane] &= Number((isOnly ? held : heldBits[lane] + held) <= bits)
    }
  }
}
