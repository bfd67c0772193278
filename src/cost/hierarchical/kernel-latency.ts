import { HELD_BITS, PERIOD_CYCLES, REAL_CYCLES, type BoundaryRows } from './boundary-rows.js'
import type { KernelPorts } from './kernel-ports.js'
import type { KernelTables } from './kernel-tables.js'
import type { HierarchicalProblem } from './problem.js'
import { WindowCover } from './window-cover.js'

/** What the latency of a mapping is computed from: the state of the kernel after its energy was evaluated. */
export interface PreparedNest {
  readonly problem: HierarchicalProblem
  readonly tables: KernelTables
  readonly rows: BoundaryRows
  readonly order: Uint8Array
  readonly sizeOf: Float64Array
  readonly reuses: Uint8Array
  readonly renews: Uint8Array
  readonly stationary: Int32Array
  readonly offsets: Int32Array
}

/** Cycles of a mapping: computation, port stalls, loading, off-loading, as `evaluateMapping` has them. */
export class KernelLatency {
  loadedCycles = 0
  totalCycles = 0
  private readonly nest: PreparedNest
  private readonly ports: KernelPorts
  private readonly sameCount: boolean
  private readonly sumsHalfShared: boolean
  private readonly singleLoadsAll: boolean
  private readonly temporalCycles: number
  /** Boundaries above memories that some operand does not fill for good: what is held there decides about buffering. */
  private readonly contended: Int32Array
  /** Of each of them: the bit of its operand in masks, and whether it is the innermost one. */
  private readonly bits: Uint8Array
  private readonly isFirst: Uint8Array
  /** [p·stride + b]: run of irrelevant loops right below boundary b; bits that must stay there, as shares of the memory. */
  private readonly outerIrrelevant: Float64Array
  private readonly ownEffective: Float64Array
  private readonly sharedEffective: Float64Array
  /** [p·stride + b]: cycles per period in which a transfer across boundary b holds up nothing. */
  private readonly allowed: Float64Array
  private readonly windows: WindowCover
  /** [port] */
  private readonly busy: Float64Array
  /** [memory]: share of it that one bit takes, where that is exact; else 0. */
  private readonly share: Float64Array

  constructor(nest: PreparedNest, ports: KernelPorts) {
    const { conventions, temporal } = nest.problem
    this.nest = nest
    this.ports = ports
    this.sameCount = conventions.portWindows === 'same-count'
    this.sumsHalfShared = conventions.halfSharedLoads === 'sum'
    this.singleLoadsAll = conventions.singleInputLoads === 'all'
    this.temporalCycles = Object.values(temporal).reduce((product, each) => product * each, 1)
    const rows = nest.tables.operandCount * nest.tables.stride
    this.outerIrrelevant = new Float64Array(rows)
    this.ownEffective = new Float64Array(rows)
    this.sharedEffective = new Float64Array(nest.tables.memoryBits.length)
    this.allowed = new Float64Array(rows)
    this.windows = new WindowCover(ports.row.length)
    this.busy = new Float64Array(ports.start.length - 1)
    const { stride, levels, memory } = nest.tables
    const isInner = (row: number): boolean =>
      row % stride > 0 && row % stride < levels[Math.floor(row / stride)]
    const boundaries = Array.from({ length: rows }, (_, row) => row)
    const shared = new Set(boundaries.filter(isInner).map((row) => memory[row - 1]))
    const contended = boundaries.filter(
      (row) =>
        row % stride > 0 &&
        row % stride <= levels[Math.floor(row / stride)] &&
        shared.has(memory[row - 1]),
    )
    this.contended = Int32Array.from(contended)
    this.bits = Uint8Array.from(contended, (row) => 1 << Math.floor(row / stride))
    this.isFirst = Uint8Array.from(contended, (row) => (row % stride === 1 ? 1 : 0))
    // A unit of the array can be served in every cycle.
    this.allowed.fill(1)
    this.share = nest.tables.memoryBits.map((bits) =>
      Number.isInteger(Math.log2(bits)) ? 1 / bits : 0,
    )
  }

  evaluate(): void {
    this.findOuterRuns()
    this.findAllowedCycles()
    const compute = this.temporalCycles + this.worstPort()
    this.loadedCycles = compute + this.loading()
    this.totalCycles = this.loadedCycles + this.offloading()
  }

  /** Runs of loops right below each boundary, and what has to stay in the memory there while they go on. */
  private findOuterRuns(): void {
    const { order, sizeOf, reuses, renews, stationary, offsets, rows, tables } = this.nest
    const { memory, memoryBits } = tables
    const { contended, bits, outerIrrelevant, ownEffective, sharedEffective, share } = this
    const { values } = rows
    sharedEffective.fill(0)
    for (let k = 0; k < contended.length; k++) {
      const row = contended[k]
      const bit = bits[k]
      const from = this.isFirst[k] === 1 ? 0 : stationary[row - 1]
      const end = stationary[row]
      let irrelevant = 1
      let relevant = 1
      let i = end - 1
      for (; i >= from && (reuses[order[i]] & bit) !== 0; i--) irrelevant *= sizeOf[order[i]]
      if (i === end - 1) {
        for (; i >= from && (renews[order[i]] & bit) !== 0; i--) relevant *= sizeOf[order[i]]
      }
      outerIrrelevant[row] = irrelevant
      const held = values[offsets[row] + HELD_BITS]
      const index = memory[row - 1]
      const stays = Math.floor(relevant === 1 ? held : held / relevant)
      const own = share[index] > 0 ? stays * share[index] : stays / memoryBits[index]
      ownEffective[row] = own
      sharedEffective[index] += own
    }
  }

  /** A memory with room for the next data lets them arrive at any time; others only while loops run that reuse the old. */
  private findAllowedCycles(): void {
    const { offsets, rows, tables } = this.nest
    const { contended, outerIrrelevant, ownEffective, sharedEffective, allowed } = this
    const { values } = rows
    for (let k = 0; k < contended.length; k++) {
      const row = contended[k]
      const index = tables.memory[row - 1]
      const period = values[offsets[row] + PERIOD_CYCLES]
      if (sharedEffective[index] <= 0.5) allowed[row] = period
      else if (ownEffective[row] <= 1 - sharedEffective[index]) {
        sharedEffective[index] += ownEffective[row]
        allowed[row] = period
      } else {
        allowed[row] = outerIrrelevant[row] === 1 ? period : period / outerIrrelevant[row]
      }
    }
  }

  /** A port waits no longer than it is busy: the busiest is looked at first, others only where they may be worse. */
  private worstPort(): number {
    const { start, row, busyColumn, arrayBusy } = this.ports
    const { offsets, rows } = this.nest
    const { busy } = this
    const { values } = rows
    let worst = this.ports.arrayStall
    let busiest = -1
    let most = worst
    for (let port = 0; port < busy.length; port++) {
      let sum = arrayBusy[port]
      for (let j = start[port]; j < start[port + 1]; j++) {
        sum += values[offsets[row[j]] + busyColumn[j]]
      }
      busy[port] = sum
      if (sum > most) {
        most = sum
        busiest = port
      }
    }
    if (busiest < 0) return worst
    worst = Math.max(worst, this.portStall(busiest, worst))
    for (let port = 0; port < busy.length; port++) {
      if (busy[port] <= worst || port === busiest) continue
      const stall = this.portStall(port, worst)
      if (stall > worst) worst = stall
    }
    return worst
  }

  /** Stall of a port; something smaller where it cannot exceed `worst`. */
  private portStall(port: number, worst: number): number {
    const { start, row, busyColumn, cyclesColumn, countColumn } = this.ports
    const { arrayLinks, arrayBusy, arrayFitting, arrayCycles } = this.ports
    const { offsets, rows } = this.nest
    const { allowed, sameCount } = this
    const { values } = rows
    let active = arrayLinks[port]
    // Links that alone are too slow stall; what fits into the windows of its own link has to fit into their union.
    let fitting = arrayFitting[port]
    let stalls = arrayBusy[port] - fitting
    // Links that may be served at any time cover everything, except before their second transfer.
    let whole = arrayCycles[port]
    let firstOnly = active > 0 ? 1 : Infinity
    let shortest = firstOnly
    let longest = 0
    let inLongest = 0
    let longestCount = 0
    let widest = 0
    for (let j = start[port]; j < start[port + 1]; j++) {
      const at = offsets[row[j]]
      const count = values[at + countColumn[j]]
      if (count === 0) continue
      active++
      const window = allowed[row[j]]
      const period = values[at + PERIOD_CYCLES]
      const fits = Math.min(values[at + cyclesColumn[j]], window) * (count - 1)
      fitting += fits
      stalls += values[at + busyColumn[j]] - fits
      if (window === period) {
        if (period * count > whole) whole = period * count
        if (period < firstOnly) firstOnly = period
      }
      if (period < shortest) shortest = period
      if (window > widest) widest = window
      if (period > longest || (period === longest && count > longestCount)) {
        longest = period
        longestCount = count
        inLongest = window * count
      }
    }
    if (active < 2) return stalls
    if (whole === 0) firstOnly = widest
    // The windows of one link bound the union; mostly that settles it.
    const least = (whole > 0 ? whole : inLongest) - (sameCount ? firstOnly : 0)
    if (fitting <= least || stalls + fitting - least <= worst) return stalls
    if (whole > 0 && (!sameCount || firstOnly === shortest)) return stalls + fitting - least
    const inPeriod = this.gatherWindows(start[port], start[port + 1])
    let union = whole > 0 ? whole : inPeriod * longestCount
    if (sameCount) union -= this.windows.firstWindowsOnly()
    return fitting > union ? stalls + fitting - union : stalls
  }

  /** Cycles that the windows of the links cover in the longest period among them. */
  private gatherWindows(start: number, end: number): number {
    const { row, countColumn } = this.ports
    const { offsets, rows } = this.nest
    this.windows.clear()
    for (let j = start; j < end; j++) {
      const at = offsets[row[j]]
      if (rows.values[at + countColumn[j]] === 0) continue
      this.windows.add(rows.values[at + PERIOD_CYCLES], this.allowed[row[j]])
    }
    return this.windows.inLongestPeriod()
  }

  private loading(): number {
    const { operandCount, stride, levels } = this.nest.tables
    const { sharedEnds } = this.ports
    const { values } = this.nest.rows
    let firstShared = 0
    let firstAlone = 0
    for (let p = 1; p < operandCount; p++) {
      let unshared = 0
      let half = 0
      let shared = 0
      for (let m = 0; m < levels[p] - 1; m++) {
        const row = p * stride + m
        const at = this.nest.offsets[row + 1] + REAL_CYCLES
        const cycles = values[at + 3] > values[at] ? values[at + 3] : values[at]
        const ends = sharedEnds[row]
        if (ends === 2) shared += cycles
        else if (ends === 0) unshared += cycles
        else half = this.sumsHalfShared ? half + cycles : cycles
      }
      if (operandCount === 2) return this.singleLoadsAll ? unshared + half + shared : unshared
      if (p === 1) {
        firstShared = shared
        firstAlone = half + unshared
        continue
      }
      const alone = half + unshared
      return Math.min(
        firstShared + Math.max(shared + alone, firstAlone),
        shared + Math.max(firstShared + firstAlone, alone),
      )
    }
    return 0
  }

  private offloading(): number {
    const { offloadWaits, offloadLatency } = this.ports
    const { values } = this.nest.rows
    const pairs = this.nest.tables.levels[0] - 1
    let sum = 0
    for (let m = pairs - 1; m >= 0; m--) {
      const at = this.nest.offsets[m + 1] + REAL_CYCLES
      const cycles = Math.max(values[at + 2], values[at + 1])
      sum += m === pairs - 1 || offloadWaits[m] === 1 ? cycles : offloadLatency[m]
    }
    return sum
  }
}
