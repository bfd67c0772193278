import type { HardwareOptions } from '../hardware-options.js'
import { nextSigma, scaledProduct, scoreWord, shareWord } from './arithmetic.js'
import { usesAge, usesDensity } from './record-layout.js'
import type { TableRow } from './table-row.js'
import { integerWidths, SIGMA_FRACTION_BITS } from './widths.js'

/** A request that was started: on which accelerator, its tag, and the score that won. */
export interface Start {
  readonly accelerator: number
  readonly tag: number
  readonly row: number
  readonly score: number
}

interface Entry {
  tag: number
  row: number
  deadline: number
  sigma: number
  first: boolean
  last: number
  missed: boolean
  aged: boolean
}

interface Candidate {
  readonly entry: Entry
  readonly score: number
}

/**
 * The integer scheduler, transaction by transaction and bit for bit: same scores, same choices, same sticky bits and
 * counters as the RTL, without its clocks. Times are tick counts modulo 2^time.
 */
export class SchedulerModel {
  /** Deadlines seen to pass, saturating at 16 bits. */
  misses = 0
  private readonly options: HardwareOptions
  private readonly table: readonly TableRow[]
  private readonly timeMask: number
  private readonly timeHalf: number
  private readonly score: ReturnType<typeof scoreWord>
  private readonly entries: Entry[] = []
  private readonly running: (Entry | undefined)[]
  private readonly runLast: boolean[]
  private readonly runSince: number[]
  private best: Candidate | undefined
  private bestClean = false
  private scanNow = 0

  /** @param table rows of the (model, pattern, layer) table; addresses wrap around like the hardware's */
  constructor(options: HardwareOptions, table: readonly TableRow[]) {
    this.options = options
    this.table = table
    this.timeMask = 2 ** integerWidths(options).time - 1
    this.timeHalf = 2 ** (integerWidths(options).time - 1)
    this.score = scoreWord(options)
    this.running = Array.from({ length: options.accelerators }, () => undefined)
    this.runLast = Array.from({ length: options.accelerators }, () => false)
    this.runSince = Array.from({ length: options.accelerators }, () => 0)
  }

  get occupancy(): number {
    return this.entries.length
  }

  /** Tag of the request that an accelerator runs. */
  runningTag(accelerator: number): number | undefined {
    return this.running[accelerator]?.tag
  }

  /** @returns false when every slot is taken: the request port would not be ready */
  submit(tag: number, row: number, deadline: number, now: number): boolean {
    if (this.entries.length === this.options.slots) return false
    this.entries.push({
      tag,
      row,
      deadline: deadline & this.timeMask,
      sigma: 2 ** SIGMA_FRACTION_BITS,
      first: true,
      last: this.options.policy === 'fs' ? 0 : now,
      missed: false,
      aged: false,
    })
    this.bestClean = false
    return true
  }

  /** A waiting request leaves at once, a running one with its layer. @returns false when no request has the tag */
  cancel(tag: number): boolean {
    const entry = this.entries.find((candidate) => candidate.tag === tag)
    if (entry === undefined) return false
    this.bestClean = false
    const accelerator = this.running.indexOf(entry)
    if (accelerator >= 0) this.runLast[accelerator] = true
    else this.remove(entry)
    return true
  }

  /** What the controller does when it is left alone at one tick: score the waiting requests, start what can start. */
  settle(now: number): Start[] {
    const starts: Start[] = []
    while (this.entries.length > 0) {
      const free = this.running.indexOf(undefined)
      if (this.bestClean && this.best && free >= 0) {
        starts.push(this.start(free, this.best, now))
        this.bestClean = false
      } else if (!this.bestClean || this.scanNow !== now) {
        this.best = this.scan(now)
        this.bestClean = true
        this.scanNow = now
      } else break
    }
    return starts
  }

  /**
   * A layer ends. The finished request is measured and scored at `now`; the waiting ones keep the scores of the last
   * complete scan unless the set has changed since.
   * @param exit the request ends with this layer, whatever the table says
   * @returns what the accelerator runs next, undefined when nothing waits
   */
  finish(accelerator: number, nonzeros: number, now: number, exit = false): Start | undefined {
    const own = this.running[accelerator]
    if (own === undefined) throw new RangeError(`accelerator ${accelerator} runs nothing`)
    const leaving = this.runLast[accelerator] || exit
    if (exit && !this.runLast[accelerator]) this.bestClean = false
    let winner: Candidate | undefined
    if (leaving) {
      this.countMiss(own, now)
      this.running[accelerator] = undefined
      this.remove(own)
      winner = this.bestClean ? this.best : this.scan(now)
    } else {
      const others = this.bestClean ? this.best : this.scan(now)
      const candidate = this.rescore(own, accelerator, nonzeros, now)
      winner = others && others.score < candidate.score ? others : candidate
      this.running[accelerator] = undefined
    }
    this.bestClean = false
    this.scanNow = now
    return winner && this.start(accelerator, winner, now)
  }

  private start(accelerator: number, winner: Candidate, now: number): Start {
    const { entry, score } = winner
    this.running[accelerator] = entry
    this.runLast[accelerator] = this.rowAt(entry.row).last
    this.runSince[accelerator] = now
    return { accelerator, tag: entry.tag, row: entry.row, score }
  }

  private scan(now: number): Candidate | undefined {
    const share = this.share()
    let best: Candidate | undefined
    for (const entry of this.entries) {
      if (this.running.includes(entry)) continue
      this.countMiss(entry, now)
      const score = this.scoreOf(entry, now, share)
      if (best === undefined || score < best.score) best = { entry, score }
    }
    return best
  }

  private rescore(own: Entry, accelerator: number, nonzeros: number, now: number): Candidate {
    if (usesDensity(this.options)) {
      const measured = scaledProduct(nonzeros, this.rowAt(own.row).reciprocal)
      own.sigma = nextSigma(own.sigma, own.first, measured)
      own.first = false
    }
    own.row = (own.row + 1) % this.options.rows
    this.countMiss(own, now)
    if (this.options.policy === 'dysta') {
      own.last = now
      own.aged = false
    }
    if (this.options.policy === 'fs')
      own.last = (own.last + this.distance(now, this.runSince[accelerator])) & this.timeMask
    return { entry: own, score: this.scoreOf(own, now, this.share()) }
  }

  private ageOf(entry: Entry, now: number): number {
    if (this.options.policy === 'fs') return entry.last
    const waited = this.distance(now, entry.last)
    if (usesAge(this.options) && waited >= this.timeHalf) entry.aged = true
    return entry.aged ? this.timeMask : waited
  }

  private scoreOf(entry: Entry, now: number, share: number): number {
    const row = this.rowAt(entry.row)
    return this.score({
      remaining: scaledProduct(entry.sigma, row.latency),
      slack: this.distance(entry.deadline, now),
      late: entry.missed,
      age: this.ageOf(entry, now),
      kappa: row.kappa,
      share,
    })
  }

  /** n = waiting requests, plus one when some running request will come back. */
  private share(): number {
    const busy = this.running.filter((entry) => entry !== undefined).length
    const returns = this.running.some((entry, a) => entry !== undefined && !this.runLast[a])
    return shareWord(this.entries.length - busy + (returns ? 1 : 0), this.options.slots)
  }

  private countMiss(entry: Entry, now: number): void {
    if (entry.missed || this.distance(entry.deadline, now) < this.timeHalf) return
    entry.missed = true
    this.misses = Math.min(0xffff, this.misses + 1)
  }

  /** The last record moves into the hole. */
  private remove(entry: Entry): void {
    const hole = this.entries.indexOf(entry)
    const moved = this.entries.pop()
    if (moved !== undefined && moved !== entry) this.entries[hole] = moved
  }

  private rowAt(address: number): TableRow {
    return this.table[address] ?? EMPTY_ROW
  }

  private distance(a: number, b: number): number {
    return (a - b) & this.timeMask
  }
}

const EMPTY_ROW: TableRow = Object.freeze({
  latency: { mantissa: 0, exponent: 0 },
  reciprocal: { mantissa: 0, exponent: 0 },
  kappa: 0,
  last: false,
})
