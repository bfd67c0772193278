// Longer than 300 lines: the latency passes of the kernel, in the order in which they fill the same buffers.
import { chargesFirstRead, type HierarchicalConventions } from './conventions.js'
import { ceilFactor } from './extent.js'
import { loopKind, type KernelTables } from './kernel-tables.js'

/** What the latency of a mapping is computed from: the state of the kernel after its energy was evaluated. */
export interface PreparedNest {
  readonly loopCount: number
  readonly dims: Uint8Array
  readonly sizes: Float64Array
  readonly stationary: Int32Array
  readonly arrayCut: Int32Array
  readonly cyclesBelow: Float64Array
  readonly cyclesAbove: Float64Array
  readonly accumulations: Float64Array
  readonly elements: Float64Array
  readonly wholeElements: Float64Array
  readonly partial: Uint8Array
}

/** Cycles of a mapping: computation, port stalls, loading, off-loading, as `evaluateMapping` has them. */
export class KernelLatency {
  loadedCycles = 0
  totalCycles = 0
  private readonly tables: KernelTables
  private readonly sameCount: boolean
  private readonly sumsHalfShared: boolean
  private readonly singleLoadsAll: boolean
  private readonly chargesFirstRead: boolean
  private readonly chargesUnits: boolean
  /** [p·stride + a]: runs of irrelevant (relevant) loops at the outer end of level a. */
  private readonly outerIrrelevant: Float64Array
  private readonly outerRelevant: Float64Array
  private readonly ownEffective: Float64Array
  private readonly sharedEffective: Float64Array
  private readonly buffered: Uint8Array
  /** [(p·stride + m)·4 + link] */
  private readonly real: Float64Array
  private readonly allowed: Float64Array
  private readonly period: Float64Array
  private readonly count: Float64Array
  /** Links of one port, sorted by falling period. */
  private readonly windowPeriod = new Float64Array(32)
  private readonly windowAllowed = new Float64Array(32)
  /** Cycles that windows i and further cover in one period of window i, and those of i + 1 and further in its window. */
  private readonly inPeriod = new Float64Array(33)
  private readonly inAllowed = new Float64Array(33)
  private windows = 0
  private readonly noise: number

  constructor(tables: KernelTables, conventions: HierarchicalConventions) {
    this.tables = tables
    this.noise = ceilFactor(conventions)
    this.sameCount = conventions.portWindows === 'same-count'
    this.sumsHalfShared = conventions.halfSharedLoads === 'sum'
    this.singleLoadsAll = conventions.singleInputLoads === 'all'
    this.chargesFirstRead = chargesFirstRead(conventions, 1)
    this.chargesUnits = chargesFirstRead(conventions, 0)
    const rows = tables.operandCount * tables.stride
    this.outerIrrelevant = new Float64Array(rows)
    this.outerRelevant = new Float64Array(rows)
    this.ownEffective = new Float64Array(rows)
    this.sharedEffective = new Float64Array(tables.memoryBits.length)
    this.buffered = new Uint8Array(rows)
    this.real = new Float64Array(rows * 4)
    this.allowed = new Float64Array(rows * 4)
    this.period = new Float64Array(rows * 4)
    this.count = new Float64Array(rows * 4)
  }

  evaluate(nest: PreparedNest): void {
    this.findOuterRuns(nest)
    this.findDoubleBuffers(nest)
    this.findLinkCycles(nest)
    const compute = nest.cyclesBelow[nest.loopCount] + this.worstPort()
    this.loadedCycles = compute + this.loading()
    this.totalCycles = this.loadedCycles + this.offloading()
  }

  private findOuterRuns({ stationary, dims, sizes, arrayCut, cyclesBelow }: PreparedNest): void {
    const { operandCount, stride, levels, kind } = this.tables
    for (let p = 0; p < operandCount; p++) {
      const row = p * stride
      const kinds = p * 8
      this.outerIrrelevant[row] = cyclesBelow[arrayCut[p]]
      for (let m = 0; m < levels[p]; m++) {
        const from = m === 0 ? 0 : stationary[row + m - 1]
        let irrelevant = 1
        let relevant = 1
        let i = stationary[row + m] - 1
        if (i >= from && kind[kinds + dims[i]] === loopKind.relevant) {
          for (; i >= from && kind[kinds + dims[i]] === loopKind.relevant; i--) relevant *= sizes[i]
        } else {
          for (; i >= from && kind[kinds + dims[i]] === loopKind.irrelevant; i--) {
            irrelevant *= sizes[i]
          }
        }
        this.outerIrrelevant[row + m + 1] = irrelevant
        this.outerRelevant[row + m + 1] = relevant
      }
    }
  }

  private findDoubleBuffers({ elements, partial }: PreparedNest): void {
    const { operandCount, stride, levels, bits, memory, memoryBits } = this.tables
    const { sharedEffective, ownEffective, buffered } = this
    sharedEffective.fill(0)
    for (let p = 0; p < operandCount; p++) {
      for (let m = 0; m < levels[p]; m++) {
        const row = p * stride + m
        const held = elements[row + 1] * bits[p * 2 + (p === 0 ? partial[m + 1] : 0)]
        const own = Math.floor(held / this.outerRelevant[row + 1]) / memoryBits[memory[row]]
        ownEffective[row] = own
        sharedEffective[memory[row]] += own
      }
    }
    for (let p = 0; p < operandCount; p++) {
      for (let m = 0; m < levels[p]; m++) {
        const row = p * stride + m
        const index = memory[row]
        if (sharedEffective[index] <= 0.5) {
          buffered[row] = 1
        } else if (ownEffective[row] <= 1 - sharedEffective[index]) {
          buffered[row] = 1
          sharedEffective[index] += ownEffective[row]
        } else {
          buffered[row] = 0
        }
      }
    }
  }

  private findLinkCycles(nest: PreparedNest): void {
    const { stationary, cyclesBelow, cyclesAbove, accumulations, wholeElements, partial } = nest
    const { operandCount, stride, levels, bits, fanOutWhole, portBits } = this.tables
    const { real, allowed, period, count, buffered, outerIrrelevant, noise } = this
    for (let p = 0; p < operandCount; p++) {
      const top = levels[p] - 1
      for (let m = 0; m <= top; m++) {
        const row = p * stride + m
        const k = row * 4
        const lowFrom = m === 0 ? nest.arrayCut[p] : stationary[row - 1]
        const highFrom = stationary[row]
        const lowPeriod = cyclesBelow[lowFrom]
        const highPeriod = cyclesBelow[highFrom]
        const lowBuffered = m > 0 && buffered[row - 1] === 1
        const lowAllowed = lowBuffered ? lowPeriod : lowPeriod / outerIrrelevant[row]
        const highAllowed = buffered[row] === 1 ? highPeriod : highPeriod / outerIrrelevant[row + 1]
        const low = wholeElements[row] * fanOutWhole[row]
        const high = wholeElements[row + 1]
        const isTop = m === top
        for (let link = 0; link < 4; link++) count[k + link] = 0
        if (p !== 0) {
          const b = bits[p * 2]
          real[k] = Math.ceil(((low * b) / portBits[k]) * noise)
          allowed[k] = lowAllowed
          period[k] = lowPeriod
          count[k] = cyclesAbove[lowFrom]
          real[k + 3] = isTop ? 0 : Math.ceil(((high * b) / portBits[k + 3]) * noise)
          if (isTop) continue
          allowed[k + 3] = highAllowed
          period[k + 3] = highPeriod
          count[k + 3] = cyclesAbove[highFrom]
          continue
        }
        const lowBits = low * bits[partial[m]]
        const highBits = high * bits[partial[m + 1]]
        real[k + 1] = Math.ceil((lowBits / portBits[k + 1]) * noise)
        allowed[k + 1] = lowAllowed
        period[k + 1] = lowPeriod
        count[k + 1] = cyclesAbove[lowFrom]
        if (partial[m] === 1) {
          const share = this.readBack(
            accumulations[lowFrom],
            m === 0 ? this.chargesUnits : this.chargesFirstRead,
          )
          real[k] = Math.ceil((lowBits / portBits[k]) * noise)
          allowed[k] = lowAllowed
          period[k] = lowPeriod
          count[k] = cyclesAbove[lowFrom] * share
        }
        real[k + 2] = isTop ? 0 : Math.ceil((highBits / portBits[k + 2]) * noise)
        if (isTop) continue
        allowed[k + 2] = highAllowed
        period[k + 2] = highPeriod
        count[k + 2] = cyclesAbove[highFrom]
        if (partial[m + 1] === 1) {
          real[k + 3] = Math.ceil((highBits / portBits[k + 3]) * noise)
          allowed[k + 3] = highAllowed
          period[k + 3] = highPeriod
          count[k + 3] =
            cyclesAbove[highFrom] * this.readBack(accumulations[highFrom], this.chargesFirstRead)
        }
      }
    }
  }

  private readBack(visits: number, charged: boolean): number {
    return charged ? 1 : (visits - 1) / visits
  }

  private worstPort(): number {
    const { portStart, portLinks } = this.tables
    let worst = 0
    for (let port = 0; port + 1 < portStart.length; port++) {
      const stall = this.portStall(portLinks, portStart[port], portStart[port + 1])
      if (stall > worst) worst = stall
    }
    return worst
  }

  private portStall(links: Int32Array, start: number, end: number): number {
    const { real, allowed, period, count } = this
    let active = 0
    let positive = 0
    let negative = 0
    let windows = 0
    let whole = -1
    let longest = -1
    let widestWindows = 0
    for (let j = start; j < end; j++) {
      const k = links[j]
      const times = count[k]
      if (times === 0) continue
      active++
      const stall = (real[k] - allowed[k]) * (times - 1)
      if (stall > 0) positive += stall
      else negative += stall
      windows += allowed[k] * (times - 1)
      if (allowed[k] * times > widestWindows) widestWindows = allowed[k] * times
      if (whole < 0 && allowed[k] === period[k]) whole = k
      if (longest < 0 || period[k] > period[longest]) longest = k
    }
    if (active === 0) return 0
    if (active === 1) return positive > 0 ? positive : negative
    // Where every link runs its full count, the windows of one link alone bound the union; mostly that settles it.
    const surplus = negative + windows
    if (surplus <= (this.sameCount ? 0 : widestWindows)) return positive
    this.sortWindows(links, start, end)
    let union =
      whole >= 0 ? period[whole] * count[whole] : this.covered(0, period[longest]) * count[longest]
    if (this.sameCount) union -= this.firstWindowsOnly(0)
    return surplus > union ? positive + surplus - union : positive
  }

  /** Distinct periods, falling; of equal periods the widest window. */
  private sortWindows(links: Int32Array, start: number, end: number): void {
    const { windowPeriod, windowAllowed, period, allowed, count } = this
    let n = 0
    for (let j = start; j < end; j++) {
      const k = links[j]
      if (count[k] === 0) continue
      const own = period[k]
      const width = allowed[k]
      let i = 0
      while (i < n && windowPeriod[i] > own) i++
      if (i < n && windowPeriod[i] === own) {
        if (windowAllowed[i] < width) windowAllowed[i] = width
        continue
      }
      for (let q = n; q > i; q--) {
        windowPeriod[q] = windowPeriod[q - 1]
        windowAllowed[q] = windowAllowed[q - 1]
      }
      windowPeriod[i] = own
      windowAllowed[i] = width
      n++
    }
    this.windows = n
    for (let i = n - 1; i >= 0; i--) {
      this.inAllowed[i] = this.covered(i + 1, windowAllowed[i])
      this.inPeriod[i] = windowAllowed[i] + this.covered(i + 1, windowPeriod[i]) - this.inAllowed[i]
    }
  }

  /** Cycles t < until in windows i and further (see `windowUnion`), from the tables that `sortWindows` filled. */
  private covered(i: number, until: number): number {
    const { windowPeriod, windowAllowed, inPeriod, inAllowed } = this
    let rest = until
    let sum = 0
    for (let j = i; j < this.windows; j++) {
      const whole = Math.floor(rest / windowPeriod[j])
      sum += whole * inPeriod[j]
      rest -= whole * windowPeriod[j]
      if (rest <= windowAllowed[j]) return sum + rest
      sum += windowAllowed[j] - inAllowed[j]
    }
    return sum
  }

  private firstWindowsOnly(i: number): number {
    let until = 0
    for (let j = i; j < this.windows; j++) {
      if (this.windowAllowed[j] > until) until = this.windowAllowed[j]
    }
    let next = i
    while (next < this.windows && this.windowPeriod[next] >= until) next++
    if (next === this.windows) return until
    return until - (this.covered(next, until) - this.firstWindowsOnly(next))
  }

  private loading(): number {
    const { operandCount, stride, levels, sharedEnds } = this.tables
    const { real } = this
    let firstShared = 0
    let firstAlone = 0
    for (let p = 1; p < operandCount; p++) {
      let unshared = 0
      let half = 0
      let shared = 0
      for (let m = 0; m < levels[p] - 1; m++) {
        const row = p * stride + m
        const cycles = Math.max(real[row * 4 + 3], real[row * 4 + 4])
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
    const { levels, offloadWaits, offloadLatency } = this.tables
    const { real } = this
    const pairs = levels[0] - 1
    if (pairs <= 0) return 0
    let sum = 0
    for (let m = pairs - 1; m >= 0; m--) {
      const cycles = Math.max(real[m * 4 + 2], real[m * 4 + 5])
      sum += m === pairs - 1 || offloadWaits[m] === 1 ? cycles : offloadLatency[m]
    }
    return sum
  }
}
