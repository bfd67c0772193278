import { loopDims } from '../../model/index.js'
import { batchMemory } from './batch-memory.js'
import { roundHalfEven, slidingExtent } from './extent.js'
import type { KernelTables } from './kernel-tables.js'
import { linkCycles, linkEnergyPj, portCycles } from './link-cost.js'
import { StateDigits, type LoopLattice } from './loop-lattice.js'
import { OrderNoise } from './order-noise.js'

// Columns of a row. Those per link are in the order of `linkDirections`: to-low and from-low of the memory above the
// boundary, to-high and from-high of the memory below it.
export const HELD_BITS = 0
export const PERIOD_CYCLES = 1
export const TRANSFERS = 2
/** Of outputs. */
export const READ_BACKS = 3
/** Of inputs: cycles until one transfer is through, at both ends. */
export const LOADING_CYCLES = 3
/** Cycles of all transfers of a link but the first; of all its bits, where conventions spread them over the layer. */
export const BUSY_CYCLES = 8
export const ENERGY_PJ = 4
/** Cycles of one transfer. */
export const REAL_CYCLES = 12
const WIDTH = 16

const { offsets, here } = batchMemory
const dimCount = loopDims.length
/** Slots per boundary; larger lattices share them, and rows are computed again when two states meet in one slot. */
const MOST_SLOTS = 2 ** 18
/** Rows that there is room for from the beginning, where a problem has so many. */
const ROOM = 2 ** 10

/**
 * What happens at a boundary of an operand (between two of its memories) when the loops of a state lie below it: bits
 * held below, period and number of the transfers, energy and cycles of the four links that cross it. Rows are computed
 * when they are first asked for and remembered, so a mapping is a path through them.
 *
 * Boundary b of operand p lies between its memory levels b − 1 and b: b = 0 is the array, b = levels the outside.
 */
export class BoundaryRows {
  /** Rows one after another; `find` gives offsets. Replaced when it grows. */
  values: Float64Array
  /** [row number]: its state, its elements on average, and whether these may depend on the order of the loops. */
  private states: Int32Array
  private meanElements: Float64Array
  private noisy: Uint8Array
  /** Whether some row so far depends on the order of the loops. */
  hasNoise = false
  private used: number
  private readonly firstUsed: number
  /** The state of all loops. */
  readonly lastState: number
  private readonly tables: KernelTables
  private readonly lanes: number
  private readonly state: StateDigits
  private readonly mask: number
  /** Every state has a slot of its own. */
  private readonly isDirect: boolean
  /** [boundary, state]: offset of the row; 0: none yet. */
  private readonly known: Int32Array
  private readonly totalCycles: number
  private readonly temporal: Float64Array
  /** Iterations below the boundary that is being looked at. */
  private readonly tile: Float64Array
  private readonly noise: OrderNoise

  /** @param lanes mappings that are evaluated at once */
  constructor(tables: KernelTables, lattice: LoopLattice, lanes: number) {
    this.tables = tables
    this.lanes = lanes
    this.lastState = lattice.size - 1
    this.state = new StateDigits(lattice)
    this.tile = this.state.iterations
    this.noise = new OrderNoise(tables, this.state)
    const boundaries = tables.operandCount * tables.stride
    let slots = 1
    while (slots < lattice.size && slots < MOST_SLOTS) slots *= 2
    this.mask = slots - 1
    this.isDirect = slots >= lattice.size
    this.known = new Int32Array(boundaries * slots)
    // The first rows are not remembered: one per boundary and lane for what depends on the order of the loops.
    const ordered = tables.showsNoise.some((each) => each > 0) ? boundaries * lanes : 0
    this.firstUsed = (ordered + 1) * WIDTH
    this.used = this.firstUsed
    const count = ordered + 1 + Math.min(boundaries * lattice.size, ROOM)
    this.values = new Float64Array(count * WIDTH)
    this.states = new Int32Array(count)
    this.meanElements = new Float64Array(count)
    this.noisy = new Uint8Array(count)
    this.state.read(this.lastState)
    this.temporal = this.tile.slice()
    this.totalCycles = this.temporal.reduce((product, each) => product * each, 1)
  }

  /** Rows computed so far. */
  get size(): number {
    return (this.used - this.firstUsed) / WIDTH
  }

  /** Offset of a row, computed if need be. @param row p·stride + b */
  find(row: number, state: number): number {
    const slot = row * (this.mask + 1) + (state & this.mask)
    const offset = this.known[slot]
    if (offset !== 0 && (this.isDirect || this.states[offset / WIDTH] === state)) return offset
    return this.compute(row, state, slot)
  }

  /** Offsets of the rows of one boundary in the states `here` of the memory of the batch: to its `offsets`. */
  findEach(row: number, count: number): void {
    const { mask, isDirect, known, lanes } = this
    const slots = row * (mask + 1)
    const first = row * lanes
    for (let lane = 0; lane < count; lane++) {
      const offset = known[slots + (here[lane] & mask)]
      offsets[first + lane] = offset !== 0 && isDirect ? offset : this.find(row, here[lane])
    }
  }

  /** Elements below the boundary, with average use of the array. */
  elementsAt(offset: number): number {
    return this.meanElements[offset / WIDTH]
  }

  /** The columns of a row. */
  row(offset: number): Float64Array {
    return this.values.subarray(offset, offset + WIDTH)
  }

  /** Whether floating-point noise decides a rounding, so that the order of the loops shows. */
  isNoisy(offset: number): boolean {
    return this.noisy[offset / WIDTH] === 1
  }

  /** The row, or one like it for this lane that holds `mean` elements on average. */
  withElements(offset: number, row: number, lane: number, mean: number): number {
    if (this.meanElements[offset / WIDTH] === mean) return offset
    const own = (row * this.lanes + lane + 1) * WIDTH
    const p = (row / this.tables.stride) | 0
    this.state.read(this.states[offset / WIDTH])
    this.write(own, row, mean, this.rounded(this.elements(p, row, this.tables.belowWhole)))
    return own
  }

  private compute(row: number, state: number, slot: number): number {
    const { tables } = this
    let offset = this.known[slot]
    if (offset === 0) {
      offset = this.used
      this.used += WIDTH
      if (this.used > this.values.length) this.grow()
      this.known[slot] = offset
    }
    this.state.read(state)
    const p = (row / tables.stride) | 0
    const elements = this.elements(p, row, tables.belowMean)
    const mean = this.rounded(elements)
    this.write(offset, row, mean, this.rounded(this.elements(p, row, tables.belowWhole)))
    const at = offset / WIDTH
    this.states[at] = state
    this.meanElements[at] = mean
    if (this.noise.shows(p, row, elements)) {
      this.noisy[at] = 1
      this.hasNoise = true
    } else this.noisy[at] = 0
    return offset
  }

  private grow(): void {
    const larger = <T extends Float64Array | Int32Array | Uint8Array>(old: T, fresh: T): T => {
      fresh.set(old)
      return fresh
    }
    const count = (2 * this.values.length) / WIDTH
    this.values = larger(this.values, new Float64Array(count * WIDTH))
    this.states = larger(this.states, new Int32Array(count))
    this.meanElements = larger(this.meanElements, new Float64Array(count))
    this.noisy = larger(this.noisy, new Uint8Array(count))
  }

  /** Elements of operand p below a boundary, not yet rounded; a unit of the array holds one. */
  private elements(p: number, row: number, spatial: Float64Array): number {
    const { tables, tile } = this
    if (row === p * tables.stride) return 1
    const { relevant, sliding } = tables.tensors[p]
    let product = 1
    for (const d of relevant) product *= tile[d] * spatial[row * dimCount + d]
    for (const { output, kernel, stride, dilation } of sliding) {
      const a = tile[output] * spatial[row * dimCount + output]
      const b = tile[kernel] * spatial[row * dimCount + kernel]
      product *= slidingExtent(stride, a, dilation, b, tables.extentRounding)
    }
    return product
  }

  /** Elements that the memory below a boundary must have room for: of streamed rows, one point at a time. */
  private room(p: number, row: number, mean: number): number {
    const { streamed, stride, belowMean } = this.tables
    if (streamed < 0 || row !== p * stride + 1) return mean
    const iterations = this.tile[streamed]
    this.tile[streamed] = 1
    const room = this.rounded(this.elements(p, row, belowMean))
    this.tile[streamed] = iterations
    return room
  }

  private rounded(elements: number): number {
    return this.tables.rounds ? roundHalfEven(elements) : elements
  }

  private write(offset: number, row: number, mean: number, whole: number): void {
    const { tables, tile, temporal, values } = this
    const { stride, levels, bits, fanOutMean, fanOutWhole } = tables
    const p = (row / stride) | 0
    const b = row - p * stride
    let cycles = 1
    for (let d = 0; d < dimCount; d++) cycles *= tile[d]
    let visits = 1
    for (const d of tables.tensors[p].irrelevant) visits *= temporal[d] / tile[d]
    const partial = p === 0 && (visits > 1 || tables.reducedAbove[b] === 1) ? 1 : 0
    const transfers = this.totalCycles / cycles
    // The first visit of a partial sum only initialises it.
    const visited = tables.chargesFirstRead[b] ? transfers : transfers - transfers / visits
    const backs = partial === 1 ? visited : 0
    for (let at = offset; at < offset + WIDTH; at++) values[at] = 0
    values[offset + HELD_BITS] = this.room(p, row, mean) * bits[p * 2 + partial]
    values[offset + PERIOD_CYCLES] = cycles
    values[offset + TRANSFERS] = transfers
    values[offset + READ_BACKS] = backs
    if (b === levels[p]) return
    const above = row * 4
    const below = above - 4
    const up = mean * fanOutMean[row]
    const largestUp = whole * fanOutWhole[row]
    if (p === 0) {
      this.writeLink(offset + 1, above + 1, up, largestUp, transfers, partial)
      if (b > 0) this.writeLink(offset + 2, below + 2, mean, whole, transfers, partial)
    }
    if (p === 0 && partial === 0) return
    const down = p === 0 ? backs : transfers
    this.writeLink(offset, above, up, largestUp, down, partial)
    if (b > 0) this.writeLink(offset + 3, below + 3, mean, whole, down, partial)
    if (p > 0) {
      values[offset + LOADING_CYCLES] = Math.max(
        values[offset + REAL_CYCLES],
        values[offset + REAL_CYCLES + 3],
      )
    }
  }

  /**
   * Energy and cycles of a link.
   * @param at offset of the row plus number of the link
   * @param k index of the link in the tables
   * @param elements of a transfer on average; `largest`: at most
   */
  private writeLink(
    at: number,
    k: number,
    elements: number,
    largest: number,
    count: number,
    partial: 0 | 1,
  ): void {
    const { tables, values } = this
    values[at + ENERGY_PJ] = linkEnergyPj(tables, k, elements, count, partial)
    values[at + REAL_CYCLES] = linkCycles(tables, k, largest, partial)
    values[at + BUSY_CYCLES] = portCycles(tables, k, largest, count, partial)
  }
}
