// Longer than 300 lines: bounds, their propagation and their explanation mirror each other and are read together.
import type { ClauseSolver, Literal, Theory } from './clause-solver.js'

/** A task on one of the cores that can run it. */
export interface Mode {
  readonly task: number
  readonly core: number
  /** Time from its start for which it holds the core. */
  readonly held: number
  /** Literal "the task runs on this core". */
  readonly chosen: Literal
}

/**
 * `to` starts at least `lag` after `from`, once `condition` is true. `lag` per pair of modes
 * [index of from-mode × to-modes + index of to-mode]; undefined = the from-mode's holding time.
 */
export interface Arc {
  readonly from: number
  readonly to: number
  /** −1 = always. */
  readonly condition: Literal
  readonly lag: Float64Array | undefined
}

/** "Task a ends before task b starts"; false when the bounds exclude it. */
export interface OrderLiteral {
  readonly first: number
  readonly second: number
  readonly literal: Literal
}

export interface StartModel {
  readonly tasks: number
  readonly modes: readonly Mode[]
  /** Modes of task t: modeStart[t] … modeStart[t + 1] − 1. */
  readonly modeStart: Int32Array
  readonly arcs: readonly Arc[]
  readonly orders: readonly OrderLiteral[]
  /** Per mode: earliest start, and shortest way from its start to the end, before any decision. */
  readonly head: Float64Array
  readonly tail: Float64Array
}

const ROOT = -1

/**
 * Bounds on start times per mode: `low` holds if the mode is chosen, `high` likewise. Both are propagated along arcs;
 * a mode whose bounds cross is excluded, an order that the bounds exclude is denied. Every conclusion is explained by
 * the Boolean literals behind it, found by walking back through the bound changes and asking at each step only for the
 * value that is needed.
 */
export class StartBounds implements Theory {
  readonly low: Float64Array
  /** Latest start, counted from the end: high = horizon − this. */
  readonly late: Float64Array
  private horizon = Infinity
  private readonly model: StartModel
  private readonly solver: ClauseSolver
  private readonly tolerance: number
  // Changes of bounds, oldest first. Node = mode for `low`, modes + mode for `late`.
  private entryNode = new Int32Array(4096)
  private entryValue = new Float64Array(4096)
  private entryArc = new Int32Array(4096)
  private entryPrevious = new Int32Array(4096)
  private entryTime = new Int32Array(4096)
  private entries = 0
  private readonly latest: Int32Array
  private readonly base: Float64Array
  private readonly levelMarks: number[] = []
  private readonly arcsOut: number[][]
  private readonly arcsIn: number[][]
  private readonly arcsOfLiteral: number[][]
  private readonly modeOfLiteral: Int32Array
  private readonly ordersFirst: number[][]
  private readonly ordersSecond: number[][]
  private readonly queued: Uint8Array
  private readonly queue: number[] = []
  private readonly freshArcs: number[] = []
  /** Trail length at which a literal became true, for the order of events. */
  private readonly assignedAt: Int32Array
  private clock = 0
  private readonly impliedAs: Int32Array
  private readonly visitStamp: Int32Array
  private readonly visitValue: Float64Array
  private readonly literalStamp: Int32Array
  private stamp = 0
  private conflict: Literal[] | undefined

  constructor(model: StartModel, solver: ClauseSolver, tolerance: number) {
    this.model = model
    this.solver = solver
    this.tolerance = tolerance
    const m = model.modes.length
    const literals = 2 * solver.variables
    this.low = model.head.slice()
    this.late = model.tail.slice()
    this.base = new Float64Array(2 * m)
    this.base.set(model.head, 0)
    this.base.set(model.tail, m)
    this.latest = new Int32Array(2 * m).fill(ROOT)
    this.arcsOut = Array.from({ length: model.tasks }, () => [])
    this.arcsIn = Array.from({ length: model.tasks }, () => [])
    this.arcsOfLiteral = Array.from({ length: literals }, () => [])
    model.arcs.forEach((arc, a) => {
      this.arcsOut[arc.from].push(a)
      this.arcsIn[arc.to].push(a)
      if (arc.condition >= 0) this.arcsOfLiteral[arc.condition].push(a)
    })
    this.modeOfLiteral = new Int32Array(literals).fill(-1)
    model.modes.forEach((mode, i) => {
      this.modeOfLiteral[mode.chosen] = i
    })
    this.ordersFirst = Array.from({ length: model.tasks }, () => [])
    this.ordersSecond = Array.from({ length: model.tasks }, () => [])
    model.orders.forEach((order, o) => {
      this.ordersFirst[order.first].push(o)
      this.ordersSecond[order.second].push(o)
    })
    this.queued = new Uint8Array(model.tasks)
    this.assignedAt = new Int32Array(literals)
    this.impliedAs = new Int32Array(literals).fill(-1)
    this.visitStamp = new Int32Array(2 * m)
    this.visitValue = new Float64Array(2 * m)
    this.literalStamp = new Int32Array(literals)
    for (let t = 0; t < model.tasks; t++) this.enqueue(t)
  }

  /** Demands an end not after `horizon`; only ever smaller, and only at level 0. */
  setHorizon(horizon: number): void {
    this.horizon = horizon
    for (let t = 0; t < this.model.tasks; t++) this.enqueue(t)
  }

  assigned(literal: Literal): void {
    this.assignedAt[literal] = ++this.clock
    for (const arc of this.arcsOfLiteral[literal]) this.freshArcs.push(arc)
    const mode = this.modeOfLiteral[literal ^ 1]
    if (mode >= 0) this.enqueue(this.model.modes[mode].task)
    while (this.levelMarks.length < this.solver.decisionLevel) this.levelMarks.push(this.entries)
  }

  propagate(): Literal[] | undefined {
    this.conflict = undefined
    for (;;) {
      while (this.freshArcs.length > 0) {
        const a = this.freshArcs.pop() ?? 0
        if (!this.holds(a)) continue
        if (!this.forward(a) || !this.backward(a)) return this.fail()
      }
      const task = this.queue.pop()
      if (task === undefined) return undefined
      this.queued[task] = 0
      for (const a of this.arcsOut[task]) if (this.holds(a) && !this.forward(a)) return this.fail()
      for (const a of this.arcsIn[task]) if (this.holds(a) && !this.backward(a)) return this.fail()
      if (!this.checkModes(task) || !this.checkOrders(task)) return this.fail()
    }
  }

  explain(literal: Literal): Literal[] {
    const mode = this.impliedAs[literal]
    const before = this.assignedAt[literal]
    const reasons: Literal[] = []
    this.stamp++
    const { model } = this
    if (mode >= 0) this.explainCrossing(mode, before, reasons)
    else {
      const order = model.orders[-2 - mode]
      this.explainOrder(order, before, reasons)
    }
    return reasons
  }

  backtrack(level: number): void {
    if (this.levelMarks.length > level) {
      const size = this.levelMarks[level]
      const m = this.model.modes.length
      for (let e = this.entries - 1; e >= size; e--) {
        const node = this.entryNode[e]
        const previous = this.entryPrevious[e]
        this.latest[node] = previous
        const value = previous === ROOT ? this.base[node] : this.entryValue[previous]
        if (node < m) this.low[node] = value
        else this.late[node - m] = value
      }
      this.entries = size
      this.levelMarks.length = level
    }
    // What was waiting may have been looked at with bounds that are gone; arcs that still hold are all propagated.
    for (const task of this.queue) this.queued[task] = 0
    this.queue.length = 0
    this.freshArcs.length = 0
  }

  private enqueue(task: number): void {
    if (this.queued[task] === 1) return
    this.queued[task] = 1
    this.queue.push(task)
  }

  private holds(a: number): boolean {
    const { condition } = this.model.arcs[a]
    return condition < 0 || this.solver.value[condition] === 1
  }

  private open(mode: number): boolean {
    return this.solver.value[this.model.modes[mode].chosen] !== -1
  }

  /** Raises the earliest starts of the arc's end. False on a conflict. */
  private forward(a: number): boolean {
    const { arcs, modes, modeStart } = this.model
    const { from, to, lag } = arcs[a]
    const f0 = modeStart[from]
    const f1 = modeStart[from + 1]
    const t0 = modeStart[to]
    const t1 = modeStart[to + 1]
    let common = Infinity
    if (lag === undefined) {
      for (let i = f0; i < f1; i++)
        if (this.open(i)) common = Math.min(common, this.low[i] + modes[i].held)
    }
    for (let j = t0; j < t1; j++) {
      if (!this.open(j)) continue
      let value = common
      if (lag !== undefined) {
        value = Infinity
        for (let i = f0; i < f1; i++) {
          if (!this.open(i)) continue
          const at = this.low[i] + lag[(i - f0) * (t1 - t0) + j - t0]
          if (at < value) value = at
        }
      }
      if (value === Infinity || value <= this.low[j] + this.tolerance) continue
      this.record(j, value, a)
      this.low[j] = value
      this.enqueue(to)
      if (value + this.late[j] > this.horizon + this.tolerance && !this.exclude(j)) return false
    }
    return true
  }

  /** Raises the ways to the end of the arc's beginning. False on a conflict. */
  private backward(a: number): boolean {
    const { arcs, modes, modeStart } = this.model
    const { from, to, lag } = arcs[a]
    const f0 = modeStart[from]
    const f1 = modeStart[from + 1]
    const t0 = modeStart[to]
    const t1 = modeStart[to + 1]
    const m = modes.length
    let common = Infinity
    if (lag === undefined)
      for (let j = t0; j < t1; j++) if (this.open(j)) common = Math.min(common, this.late[j])
    for (let i = f0; i < f1; i++) {
      if (!this.open(i)) continue
      let value = common + modes[i].held
      if (lag !== undefined) {
        value = Infinity
        for (let j = t0; j < t1; j++) {
          if (!this.open(j)) continue
          const way = this.late[j] + lag[(i - f0) * (t1 - t0) + j - t0]
          if (way < value) value = way
        }
      }
      if (value === Infinity || value <= this.late[i] + this.tolerance) continue
      this.record(m + i, value, a)
      this.late[i] = value
      this.enqueue(from)
      if (this.low[i] + value > this.horizon + this.tolerance && !this.exclude(i)) return false
    }
    return true
  }

  private checkModes(task: number): boolean {
    const { modeStart } = this.model
    for (let i = modeStart[task]; i < modeStart[task + 1]; i++) {
      if (!this.open(i)) continue
      if (this.low[i] + this.late[i] > this.horizon + this.tolerance && !this.exclude(i))
        return false
    }
    return true
  }

  /** Denies the orders in which the task cannot be first, or second, any more. */
  private checkOrders(task: number): boolean {
    const { orders } = this.model
    const end = this.earliestEnd(task)
    for (const o of this.ordersFirst[task]) {
      const { literal, second } = orders[o]
      if (this.solver.value[literal] !== 0) continue
      if (end + this.shortestWay(second) > this.horizon + this.tolerance) this.deny(o)
    }
    const way = this.shortestWay(task)
    for (const o of this.ordersSecond[task]) {
      const { literal, first } = orders[o]
      if (this.solver.value[literal] !== 0) continue
      if (this.earliestEnd(first) + way > this.horizon + this.tolerance) this.deny(o)
    }
    return true
  }

  private earliestEnd(task: number): number {
    const { modeStart, modes } = this.model
    let end = Infinity
    for (let i = modeStart[task]; i < modeStart[task + 1]; i++)
      if (this.open(i)) end = Math.min(end, this.low[i] + modes[i].held)
    return end
  }

  private shortestWay(task: number): number {
    const { modeStart } = this.model
    let way = Infinity
    for (let i = modeStart[task]; i < modeStart[task + 1]; i++)
      if (this.open(i)) way = Math.min(way, this.late[i])
    return way
  }

  private deny(o: number): void {
    const literal = this.model.orders[o].literal ^ 1
    this.impliedAs[literal] = -2 - o
    this.solver.imply(literal)
  }

  /** Excludes a mode whose bounds cross. False when it is chosen: `conflict` then says why it cannot be. */
  private exclude(mode: number): boolean {
    const literal = this.model.modes[mode].chosen ^ 1
    if (this.solver.value[literal] === 0) {
      this.impliedAs[literal] = mode
      return this.solver.imply(literal)
    }
    if (this.solver.value[literal] === 1) return true
    const reasons: Literal[] = []
    this.stamp++
    this.explainCrossing(mode, ++this.clock, reasons)
    reasons.push(literal ^ 1)
    this.conflict = reasons.map((each) => each ^ 1)
    return false
  }

  private fail(): Literal[] {
    for (const task of this.queue) this.queued[task] = 0
    this.queue.length = 0
    this.freshArcs.length = 0
    return this.conflict ?? []
  }

  private record(node: number, value: number, arc: number): void {
    while (this.levelMarks.length < this.solver.decisionLevel) this.levelMarks.push(this.entries)
    if (this.entries === this.entryNode.length) this.growEntries()
    const e = this.entries++
    this.entryNode[e] = node
    this.entryValue[e] = value
    this.entryArc[e] = arc
    this.entryPrevious[e] = this.latest[node]
    this.entryTime[e] = ++this.clock
    this.latest[node] = e
  }

  private growEntries(): void {
    const larger = 2 * this.entryNode.length
    const grow = (old: Int32Array<ArrayBuffer>): Int32Array<ArrayBuffer> => {
      const next = new Int32Array(larger)
      next.set(old)
      return next
    }
    this.entryNode = grow(this.entryNode)
    this.entryArc = grow(this.entryArc)
    this.entryPrevious = grow(this.entryPrevious)
    this.entryTime = grow(this.entryTime)
    const values = new Float64Array(larger)
    values.set(this.entryValue)
    this.entryValue = values
  }

  /** Why low + late of a mode exceeds the horizon: the excess is given away, to the way first. */
  private explainCrossing(mode: number, before: number, reasons: Literal[]): void {
    const m = this.model.modes.length
    const low = this.valueBefore(mode, before)
    const late = this.valueBefore(m + mode, before)
    // Strictly above the horizon is what must stay true.
    const needed = this.horizon + this.tolerance
    const way = Math.max(needed - low, this.base[m + mode])
    const start = needed - Math.min(late, way)
    this.need(mode, start, before, reasons)
    this.need(m + mode, way, before, reasons)
  }

  /** Why `first` cannot end before `second` starts. */
  private explainOrder(order: OrderLiteral, before: number, reasons: Literal[]): void {
    const { modeStart, modes } = this.model
    const m = modes.length
    const { first, second } = order
    const needed = this.horizon + this.tolerance
    let end = Infinity
    for (let i = modeStart[first]; i < modeStart[first + 1]; i++) {
      if (this.closedBefore(i, before)) continue
      end = Math.min(end, this.valueBefore(i, before) + modes[i].held)
    }
    const way = needed - end
    for (let j = modeStart[second]; j < modeStart[second + 1]; j++)
      this.needUnlessClosed(m + j, j, way, before, reasons)
    for (let i = modeStart[first]; i < modeStart[first + 1]; i++)
      this.needUnlessClosed(i, i, end - modes[i].held, before, reasons)
  }

  private closedBefore(mode: number, before: number): boolean {
    const { chosen } = this.model.modes[mode]
    return this.solver.value[chosen] === -1 && this.assignedAt[chosen ^ 1] < before
  }

  private valueBefore(node: number, before: number): number {
    let e = this.latest[node]
    while (e !== ROOT && this.entryTime[e] >= before) e = this.entryPrevious[e]
    return e === ROOT ? this.base[node] : this.entryValue[e]
  }

  /** The bound of a mode is at least `value`, or the mode is excluded. */
  private needUnlessClosed(
    node: number,
    mode: number,
    value: number,
    before: number,
    reasons: Literal[],
  ): void {
    if (this.base[node] >= value - this.tolerance / 2) return
    if (this.closedBefore(mode, before)) {
      this.add(this.model.modes[mode].chosen ^ 1, reasons)
      return
    }
    this.need(node, value, before, reasons)
  }

  /** Collects the literals behind "the bound of the node was at least `value` before this time". */
  private need(node: number, value: number, before: number, reasons: Literal[]): void {
    if (this.base[node] >= value - this.tolerance / 2) return
    if (this.visitStamp[node] === this.stamp && this.visitValue[node] >= value) return
    this.visitStamp[node] = this.stamp
    this.visitValue[node] = value
    let e = this.latest[node]
    while (e !== ROOT && this.entryTime[e] >= before) e = this.entryPrevious[e]
    // The earliest change that already suffices rests on least.
    while (e !== ROOT) {
      const previous = this.entryPrevious[e]
      const earlier = previous === ROOT ? this.base[node] : this.entryValue[previous]
      if (earlier < value - this.tolerance / 2) break
      e = previous
    }
    if (e === ROOT) return
    const { arcs, modes, modeStart } = this.model
    const m = modes.length
    const arc = arcs[this.entryArc[e]]
    const time = this.entryTime[e]
    if (arc.condition >= 0) this.add(arc.condition, reasons)
    const f0 = modeStart[arc.from]
    const t0 = modeStart[arc.to]
    const t1 = modeStart[arc.to + 1]
    if (node < m) {
      for (let i = f0; i < modeStart[arc.from + 1]; i++) {
        const lag =
          arc.lag === undefined ? modes[i].held : arc.lag[(i - f0) * (t1 - t0) + node - t0]
        this.needUnlessClosed(i, i, value - lag, time, reasons)
      }
      return
    }
    const i = node - m
    for (let j = t0; j < t1; j++) {
      const lag = arc.lag === undefined ? modes[i].held : arc.lag[(i - f0) * (t1 - t0) + j - t0]
      this.needUnlessClosed(m + j, j, value - lag, time, reasons)
    }
  }

  private add(literal: Literal, reasons: Literal[]): void {
    if (this.literalStamp[literal] === this.stamp) return
    this.literalStamp[literal] = this.stamp
    if (this.solver.levelOf(literal) > 0) reasons.push(literal)
  }
}
