import { batchMemory, laneRows, mostLinks } from './batch-memory.js'
import { PERIOD_CYCLES } from './boundary-rows.js'
import type { KernelPorts } from './kernel-ports.js'
import type { PreparedNest } from './prepared-nest.js'
import { WindowCover } from './window-cover.js'

const { offsets, allowed } = batchMemory
/** The links of the ports (`KernelPorts`). */
const start = new Int32Array(mostLinks)
const rowOf = new Int32Array(mostLinks)
const busyColumn = new Uint8Array(mostLinks)
const cyclesColumn = new Uint8Array(mostLinks)
const countColumn = new Uint8Array(mostLinks)
/** [port]: cycles of its links to the array that fit into their windows, and those of the longest run of such windows. */
const arrayFitting = new Float64Array(mostLinks)
const arrayCycles = new Float64Array(mostLinks)
/** [k of `together`·lanes + lane]: cycles of all transfers of a port but the first of each link. */
const busy = laneRows()

/** Cycles for which the array waits for the port that holds it up longest, as `portStalls` has them. */
export class KernelStalls {
  private readonly nest: PreparedNest
  private readonly ports: KernelPorts
  private readonly sameCount: boolean
  private readonly temporalCycles: number
  private readonly windows: WindowCover
  /** Ports with one link, and with more. */
  private readonly alone: readonly number[]
  private readonly together: readonly number[]

  constructor(nest: PreparedNest, ports: KernelPorts, temporalCycles: number) {
    this.nest = nest
    this.ports = ports
    this.sameCount = nest.problem.conventions.portWindows === 'same-count'
    this.temporalCycles = temporalCycles
    const linksOf = (port: number): number =>
      ports.start[port + 1] - ports.start[port] + ports.arrayLinks[port]
    const all = Array.from(ports.arrayLinks.keys())
    this.alone = all.filter((port) => linksOf(port) === 1)
    this.together = all.filter((port) => linksOf(port) > 1)
    this.windows = new WindowCover(ports.row.length)
  }

  /** What no mapping changes, in the memory that another kernel may have used. */
  reset(): void {
    start.set(this.ports.start)
    rowOf.set(this.ports.row)
    busyColumn.set(this.ports.busyColumn)
    cyclesColumn.set(this.ports.cyclesColumn)
    countColumn.set(this.ports.countColumn)
    arrayFitting.set(this.ports.arrayFitting)
    arrayCycles.set(this.ports.arrayCycles)
  }

  /** Writes the stall of the worst port. */
  evaluate(stalls: Float64Array): void {
    const { alone, together } = this
    const { count } = this.nest
    const { arrayStall } = this.ports
    for (let lane = 0; lane < count; lane++) stalls[lane] = arrayStall
    for (const port of alone) this.stallAlone(start[port], stalls)
    for (let k = 0; k < together.length; k++) this.findBusy(together[k], k)
    for (let lane = 0; lane < count; lane++) stalls[lane] = this.worst(lane, stalls[lane])
  }

  /** The only link of a port stalls by what its transfers take longer than their windows. */
  private stallAlone(link: number, stalls: Float64Array): void {
    const { rows, lanes, count } = this.nest
    const { values } = rows
    const cycles = cyclesColumn[link]
    const counts = countColumn[link]
    const first = rowOf[link] * lanes
    for (let lane = 0; lane < count; lane++) {
      const at = offsets[first + lane]
      const late = values[at + cycles] - allowed[first + lane]
      if (late <= 0) continue
      const stall = late * (values[at + counts] - 1)
      if (stall > stalls[lane]) stalls[lane] = stall
    }
  }

  private findBusy(port: number, k: number): void {
    const [first, end] = [start[port], start[port + 1]]
    const odd = (end - first) % 2
    this.beginBusy(k, this.ports.arrayBusy[port], first, odd)
    for (let j = first + odd; j < end; j += 2) this.addTwoBusy(k, j)
  }

  /** Begins with a constant and no or one link. */
  private beginBusy(k: number, fixed: number, link: number, links: number): void {
    const { rows, lanes, count } = this.nest
    const { values } = rows
    const sum = k * lanes
    const one = rowOf[link] * lanes
    const column = busyColumn[link]
    for (let lane = 0; lane < count; lane++) {
      busy[sum + lane] = links === 0 ? fixed : fixed + values[offsets[one + lane] + column]
    }
  }

  /** Links two at a time: half as many sums are read and written. */
  private addTwoBusy(k: number, link: number): void {
    const { rows, lanes, count } = this.nest
    const { values } = rows
    const sum = k * lanes
    const one = rowOf[link] * lanes
    const other = rowOf[link + 1] * lanes
    const columnOfOne = busyColumn[link]
    const columnOfOther = busyColumn[link + 1]
    for (let lane = 0; lane < count; lane++) {
      const cycles = busy[sum + lane] + values[offsets[one + lane] + columnOfOne]
      busy[sum + lane] = cycles + values[offsets[other + lane] + columnOfOther]
    }
  }

  /** A port waits no longer than it is busy: the busiest is looked at first, others only where they may be worse. */
  private worst(lane: number, alone: number): number {
    const { together } = this
    const { lanes } = this.nest
    let most = alone
    let busiest = -1
    for (let k = 0; k < together.length; k++) {
      const cycles = busy[k * lanes + lane]
      if (cycles <= most) continue
      most = cycles
      busiest = k
    }
    if (busiest < 0) return alone
    let worst = this.stall(busiest, lane, alone)
    for (let k = 0; k < together.length; k++) {
      if (busy[k * lanes + lane] > worst && k !== busiest) worst = this.stall(k, lane, worst)
    }
    return worst
  }

  /** The stall of a port, or `worst` where it is not worse. */
  private stall(k: number, lane: number, worst: number): number {
    const { rows, lanes } = this.nest
    const { values } = rows
    const port = this.together[k]
    const first = this.sameCount ? 1 : 0
    const cycles = busy[k * lanes + lane]
    // What fits into the windows of its own link has to fit into their union, which the windows of one link, without
    // the first where that does not count, bound from below.
    let fitting = arrayFitting[port]
    let least = arrayCycles[port] - first
    for (let j = start[port]; j < start[port + 1]; j++) {
      const boundary = rowOf[j] * lanes + lane
      const at = offsets[boundary]
      const window = allowed[boundary]
      const count = values[at + countColumn[j]]
      const each = values[at + cyclesColumn[j]]
      fitting += (each < window ? each : window) * (count - 1)
      if (window * (count - first) > least) least = window * (count - first)
    }
    if (fitting > least && cycles - least > worst) {
      // Nothing is served beyond the whole layer; nor, unless first windows do not count, beyond the array's own cycles.
      const isUnion =
        least >= this.temporalCycles || (!this.sameCount && least === arrayCycles[port])
      const union = isUnion ? least : this.union(port, lane, least)
      if (fitting > union) fitting = union
    }
    return Math.max(worst, cycles - fitting)
  }

  /**
   * Cycles in which some link of a port may be served; under the published count only in windows after its first.
   * @param least cycles that one of the links has already
   */
  private union(port: number, lane: number, least: number): number {
    const { arrayLinks } = this.ports
    const { rows, lanes } = this.nest
    const { sameCount, windows, temporalCycles } = this
    const { values } = rows
    // Links that may be served at any time cover everything, except before their second transfer.
    let whole = arrayCycles[port]
    let firstOnly = arrayLinks[port] > 0 ? 1 : Infinity
    let shortest = firstOnly
    let widestOfShortest = 0
    let widest = 0
    let longest = 0
    let longestCount = 0
    for (let j = start[port]; j < start[port + 1]; j++) {
      const boundary = rowOf[j] * lanes + lane
      const at = offsets[boundary]
      const count = values[at + countColumn[j]]
      if (count === 0) continue
      const window = allowed[boundary]
      const period = values[at + PERIOD_CYCLES]
      if (window === period) {
        whole = Math.max(whole, period * count)
        firstOnly = Math.min(firstOnly, period)
      }
      if (window > widest) widest = window
      if (period < shortest) widestOfShortest = 0
      if (period <= shortest) {
        shortest = period
        widestOfShortest = Math.max(widestOfShortest, window)
      }
      if (period > longest || (period === longest && count > longestCount)) {
        longest = period
        longestCount = count
      }
    }
    if (whole > 0 && !sameCount) return whole
    // No second window begins before the shortest period is over: mostly that bound from above is met.
    if (sameCount && least >= temporalCycles - shortest) return least
    if (whole > 0 && firstOnly === shortest) return whole - firstOnly
    // Periods divide one another: mostly every window begins with one of the shortest period and lies in it.
    if (!sameCount && widestOfShortest === widest)
      return (longest / shortest) * widest * longestCount
    this.collectWindows(port, lane)
    const inPeriod = windows.inLongestPeriod()
    const union = whole > 0 ? whole : inPeriod * longestCount
    return sameCount ? union - windows.firstWindowsOnly() : union
  }

  private collectWindows(port: number, lane: number): void {
    const { rows, lanes } = this.nest
    const { values } = rows
    this.windows.clear()
    for (let j = start[port]; j < start[port + 1]; j++) {
      const boundary = rowOf[j] * lanes + lane
      const at = offsets[boundary]
      if (values[at + countColumn[j]] > 0) {
        this.windows.add(values[at + PERIOD_CYCLES], allowed[boundary])
      }
    }
  }
}
