import { PERIOD_CYCLES } from './boundary-rows.js'
import type { KernelPorts } from './kernel-ports.js'
import type { PreparedNest } from './prepared-nest.js'
import { WindowCover } from './window-cover.js'

/** Cycles for which the array waits for the port that holds it up longest, as `portStalls` has them. */
export class KernelStalls {
  private readonly nest: PreparedNest
  private readonly ports: KernelPorts
  /** [(p·stride + b)·lanes + lane]: cycles per period in which a transfer across boundary b holds up nothing. */
  private readonly allowed: Float64Array
  private readonly sameCount: boolean
  private readonly temporalCycles: number
  private readonly windows: WindowCover
  /** [port·lanes + lane] */
  private readonly busy: Float64Array

  constructor(
    nest: PreparedNest,
    ports: KernelPorts,
    allowed: Float64Array,
    temporalCycles: number,
  ) {
    this.nest = nest
    this.ports = ports
    this.allowed = allowed
    this.sameCount = nest.problem.conventions.portWindows === 'same-count'
    this.temporalCycles = temporalCycles
    this.windows = new WindowCover(ports.row.length)
    this.busy = new Float64Array((ports.start.length - 1) * nest.lanes)
  }

  /** Writes the stall of the worst port. */
  evaluate(stalls: Float64Array): void {
    const { start, arrayBusy } = this.ports
    const { lanes, count } = this.nest
    for (let port = 0; port < start.length - 1; port++) {
      this.busy.fill(arrayBusy[port], port * lanes, port * lanes + count)
      for (let j = start[port]; j < start[port + 1]; j++) this.addBusy(port, j)
    }
    for (let lane = 0; lane < count; lane++) stalls[lane] = this.worst(lane)
  }

  private addBusy(port: number, j: number): void {
    const { busy } = this
    const { offsets, rows, lanes, count } = this.nest
    const { values } = rows
    const first = this.ports.row[j] * lanes
    const column = this.ports.busyColumn[j]
    const sum = port * lanes
    for (let lane = 0; lane < count; lane++)
      busy[sum + lane] += values[offsets[first + lane] + column]
  }

  /** A port waits no longer than it is busy: the busiest is looked at first, others only where they may be worse. */
  private worst(lane: number): number {
    const { busy } = this
    const { lanes } = this.nest
    const ports = this.ports.start.length - 1
    let worst = this.ports.arrayStall
    let busiest = -1
    let most = worst
    let second = worst
    for (let port = 0; port < ports; port++) {
      const cycles = busy[port * lanes + lane]
      second = Math.max(second, Math.min(most, cycles))
      if (cycles > most) {
        most = cycles
        busiest = port
      }
    }
    if (busiest < 0) return worst
    worst = Math.max(worst, this.portStall(busiest, lane, worst))
    if (second <= worst) return worst
    for (let port = 0; port < ports; port++) {
      if (busy[port * lanes + lane] <= worst || port === busiest) continue
      const stall = this.portStall(port, lane, worst)
      if (stall > worst) worst = stall
    }
    return worst
  }

  /** Stall of a port; something smaller where it cannot exceed `worst`. */
  private portStall(port: number, lane: number, worst: number): number {
    const { start, row, busyColumn, cyclesColumn, countColumn } = this.ports
    const { arrayLinks, arrayBusy, arrayFitting, arrayCycles } = this.ports
    const { offsets, rows, lanes } = this.nest
    const { allowed, temporalCycles } = this
    const { values } = rows
    const first = this.sameCount ? 1 : 0
    // Links that alone are too slow stall; what fits into the windows of its own link has to fit into their union.
    let fitting = arrayFitting[port]
    let stalls = arrayBusy[port] - fitting
    // The windows of one link, without the first where that does not count, bound the union from below.
    let least = arrayCycles[port] - first
    let shortest = arrayLinks[port] > 0 ? 1 : temporalCycles
    for (let j = start[port]; j < start[port + 1]; j++) {
      const boundary = row[j] * lanes + lane
      const at = offsets[boundary]
      const count = values[at + countColumn[j]]
      const window = allowed[boundary]
      const fits = Math.min(values[at + cyclesColumn[j]], window) * (count - 1)
      fitting += fits
      stalls += values[at + busyColumn[j]] - fits
      least = Math.max(least, window * (count - first))
      shortest = Math.min(shortest, values[at + PERIOD_CYCLES])
    }
    if (fitting <= least || stalls + fitting - least <= worst) return stalls
    // No second window begins before the shortest period is over: mostly that bound from above is met.
    const union = least < temporalCycles - first * shortest ? this.union(port, lane) : least
    return fitting > union ? stalls + fitting - union : stalls
  }

  /** Cycles in which some link of a port may be served; under the published count only in windows after its first. */
  private union(port: number, lane: number): number {
    const { start, row, countColumn, arrayLinks, arrayCycles } = this.ports
    const { offsets, rows, lanes } = this.nest
    const { allowed, sameCount, windows } = this
    const { values } = rows
    // Links that may be served at any time cover everything, except before their second transfer.
    let whole = arrayCycles[port]
    let firstOnly = arrayLinks[port] > 0 ? 1 : Infinity
    let shortest = firstOnly
    let longest = 0
    let longestCount = 0
    windows.clear()
    for (let j = start[port]; j < start[port + 1]; j++) {
      const boundary = row[j] * lanes + lane
      const at = offsets[boundary]
      const count = values[at + countColumn[j]]
      if (count === 0) continue
      const window = allowed[boundary]
      const period = values[at + PERIOD_CYCLES]
      windows.add(period, window)
      if (window === period) {
        whole = Math.max(whole, period * count)
        firstOnly = Math.min(firstOnly, period)
      }
      shortest = Math.min(shortest, period)
      if (period > longest || (period === longest && count > longestCount)) {
        longest = period
        longestCount = count
      }
    }
    if (whole > 0 && !sameCount) return whole
    if (whole > 0 && firstOnly === shortest) return whole - firstOnly
    const inPeriod = windows.inLongestPeriod()
    const union = whole > 0 ? whole : inPeriod * longestCount
    return sameCount ? union - windows.firstWindowsOnly() : union
  }
}
