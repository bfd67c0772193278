import { createRng, type Rng } from '../../base/index.js'
import type { HardwareOptions } from '../hardware-options.js'
import { SchedulerModel, type Start } from './scheduler-model.js'
import { tableRow, type TableRow } from './table-row.js'
import { COUNT_BITS, integerWidths } from './widths.js'

/** One step of a verification run: what is driven into the scheduler, or what must come out of it. */
export type Operation =
  | { readonly kind: 'row'; readonly address: number; readonly row: TableRow }
  | {
      readonly kind: 'submit'
      readonly tag: number
      readonly row: number
      readonly deadline: number
      /** Accelerator that finishes a layer in the very same clock. */
      readonly finishing?: Finish
    }
  | { readonly kind: 'cancel'; readonly tag: number; readonly found: boolean }
  | { readonly kind: 'now'; readonly now: number }
  | {
      /** Wait until every waiting request is scored at this tick. */
      readonly kind: 'settle'
      readonly occupancy: number
      readonly misses: number
    }
  | ({ readonly kind: 'finish' } & Finish)
  | {
      /** A start that must have happened, with its score. */
      readonly kind: 'start'
      readonly accelerator: number
      readonly tag: number
      readonly score: number
      /** Most clocks since the accelerator's completion; 0 = not checked. */
      readonly withinClocks: number
    }
  | { readonly kind: 'full' }
  | { readonly kind: 'reset' }

export interface Finish {
  readonly accelerator: number
  readonly nonzeros: number
  readonly exit: boolean
}

/** A run of operations with what the model expects, and how many decisions it holds. */
export interface OperationRun {
  readonly operations: readonly Operation[]
  readonly decisions: number
}

/** Clocks that a decision may take: see the head of the scheduler module. */
const HIDDEN = 13
const VISIBLE = 12

/**
 * A random run: requests come, wait, are cancelled, finish early or late, clocks wrap around, memories fill up,
 * completions coincide with each other and with arrivals, resets strike in flight.
 * @param decisions number of layer ends to play
 */
export function randomRun(options: HardwareOptions, decisions: number, seed: number): OperationRun {
  return new RandomRun(options, seed).play(decisions)
}

class RandomRun {
  private readonly options: HardwareOptions
  private readonly rng: Rng
  private readonly operations: Operation[] = []
  private readonly table: TableRow[]
  private readonly timeMask: number
  private model: SchedulerModel
  private now: number
  private live = new Set<number>()
  private readonly running: (number | undefined)[]
  /** The last thing that happened is a start: no scan can be complete, so the next decision is a visible one. */
  private fresh = false

  constructor(options: HardwareOptions, seed: number) {
    this.options = options
    this.rng = createRng(seed)
    this.timeMask = 2 ** integerWidths(options).time - 1
    const rows = Math.min(options.rows, 128)
    // The last row that is written ends its request: what a memory holds beyond it is undefined.
    this.table = Array.from({ length: rows }, (_, i) => this.randomRow(i === rows - 1))
    this.model = new SchedulerModel(options, this.table)
    this.running = Array.from({ length: options.accelerators }, () => undefined)
    // Start close to a wrap-around of the clock.
    this.now = this.timeMask - this.rng.below(400)
  }

  play(decisions: number): OperationRun {
    this.table.forEach((row, address) => this.operations.push({ kind: 'row', address, row }))
    this.operations.push({ kind: 'now', now: this.now })
    let played = 0
    while (played < decisions) {
      const choice = this.rng.below(100)
      if (choice < 22) this.submit()
      else if (choice < 26) this.cancel()
      else if (choice < 27 && this.rng.below(20) === 0) this.reset()
      else if (choice < 28) this.burst()
      else if (choice < 60) {
        this.advance()
        this.settle()
      } else if (this.finish()) played++
    }
    this.settle()
    return { operations: this.operations, decisions: played }
  }

  private submit(finishing?: Finish): void {
    const free = this.freeTag()
    if (free === undefined) {
      if (!finishing) this.operations.push({ kind: 'full' })
      return
    }
    const row = this.rng.below(this.table.length)
    const horizon = this.rng.below(4) === 0 ? 40 : (this.timeMask + 1) / 4
    const deadline =
      (this.now + this.rng.below(horizon) - (this.rng.below(10) === 0 ? horizon : 0)) &
      this.timeMask
    this.fresh = false
    this.live.add(free)
    this.model.submit(free, row, deadline, this.now)
    this.operations.push({
      kind: 'submit',
      tag: free,
      row,
      deadline,
      ...(finishing ? { finishing } : {}),
    })
    if (!finishing) this.catchUp()
  }

  private burst(): void {
    const wanted = this.rng.below(this.options.slots) + 1
    for (let i = 0; i < wanted; i++) this.submit()
  }

  private cancel(): void {
    const tag = this.rng.below(this.options.slots)
    this.settle()
    const wasRunning = this.running.includes(tag)
    const found = this.model.cancel(tag)
    if (found && !wasRunning) this.live.delete(tag)
    this.operations.push({ kind: 'cancel', tag, found })
    this.catchUp()
  }

  /** Nothing may be left over from before: the table survives, requests do not. */
  private reset(): void {
    this.operations.push({ kind: 'reset' }, { kind: 'now', now: this.now })
    this.model = new SchedulerModel(this.options, this.table)
    this.live = new Set()
    this.running.fill(undefined)
  }

  private finish(): boolean {
    const busy = this.running.flatMap((tag, a) => (tag === undefined ? [] : [a]))
    if (busy.length === 0) return false
    const first = this.rng.below(busy.length)
    const finish = this.randomFinish(busy[first])
    const together = this.rng.below(5) === 0 && this.freeTag() !== undefined
    const hidden = !together && (!this.fresh || this.rng.below(2) === 0)
    if (hidden) {
      this.advance()
      this.settle()
    }
    const finishes = [finish]
    if (together) this.submit(finish)
    else {
      // A second accelerator may finish in the next clock: it waits for the first decision.
      if (busy.length > 1 && this.rng.below(3) === 0)
        finishes.push(this.randomFinish(busy[(first + 1) % busy.length]))
      for (const each of finishes) this.operations.push({ kind: 'finish', ...each })
    }
    const starts = finishes.flatMap((each) => this.decide(each))
    const changed = finish.exit || finishes.length > 1
    const bound =
      finishes.length > 1 ? 0 : hidden && !changed ? HIDDEN : this.model.occupancy + VISIBLE
    this.expect(starts, bound)
    this.fresh = starts.length > 0
    this.catchUp()
    return true
  }

  private decide(finish: Finish): Start[] {
    const tag = this.running[finish.accelerator]
    const before = this.model.occupancy
    const start = this.model.finish(finish.accelerator, finish.nonzeros, this.now, finish.exit)
    if (this.model.occupancy < before && tag !== undefined) this.live.delete(tag)
    this.running[finish.accelerator] = undefined
    return start ? [start] : []
  }

  private randomFinish(accelerator: number): Finish {
    return { accelerator, nonzeros: this.nonzeros(), exit: this.rng.below(12) === 0 }
  }

  private expect(starts: readonly Start[], withinClocks: number): void {
    for (const start of starts) {
      this.running[start.accelerator] = start.tag
      this.operations.push({
        kind: 'start',
        accelerator: start.accelerator,
        tag: start.tag,
        score: start.score,
        withinClocks,
      })
    }
  }

  /** An idle accelerator starts by itself as soon as something waits. */
  private catchUp(): void {
    const busy = this.running.filter((tag) => tag !== undefined).length
    if (busy < this.running.length && this.model.occupancy > busy) {
      this.fresh = false
      this.expect(this.model.settle(this.now), 0)
    }
  }

  private settle(): void {
    this.fresh = false
    this.expect(this.model.settle(this.now), 0)
    this.operations.push({
      kind: 'settle',
      occupancy: this.model.occupancy,
      misses: this.model.misses,
    })
  }

  private advance(): void {
    const step =
      this.rng.below(6) === 0 ? this.rng.below((this.timeMask + 1) / 8) : this.rng.below(30)
    this.now = (this.now + step) & this.timeMask
    this.operations.push({ kind: 'now', now: this.now })
  }

  private freeTag(): number | undefined {
    if (this.live.size >= this.options.slots) return undefined
    let tag = this.rng.below(this.options.slots)
    while (this.live.has(tag)) tag = (tag + 1) % this.options.slots
    return tag
  }

  private nonzeros(): number {
    const kind = this.rng.below(8)
    if (kind === 0) return 0
    if (kind === 1) return 2 ** COUNT_BITS - 1
    return this.rng.below(4000)
  }

  private randomRow(end: boolean): TableRow {
    const layers = this.rng.below(40) + 1
    return tableRow(
      {
        remaining: this.rng.below(8) === 0 ? this.rng.below(2 ** 24) : this.rng.below(2 ** 18),
        executed: this.rng.below(layers),
        expectedNonzeros: this.rng.below(16) === 0 ? 1 : this.rng.below(3000) + 1,
        waitingWeight: this.rng.below(2 ** 17) / 256,
        last: end || this.rng.below(6) === 0,
      },
      integerWidths(this.options).kappa,
    )
  }
}
