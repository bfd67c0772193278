import { startLagUs, type PlaceProblem } from '../problem.js'

/**
 * A core for every task and an order on every core (a "selection" of the disjunctive graph), with the earliest
 * schedule that it implies. Transfers contend for nothing and weights are always resident here.
 *
 * `head[t]` is the start of t; `tail[t]` the longest way from the start of t to the end of the schedule. `jobHead` and
 * `jobTail` leave out the neighbours on the core.
 */
export class Selection {
  readonly problem: PlaceProblem
  readonly core: Int32Array
  readonly before: Int32Array
  readonly after: Int32Array
  readonly firstOn: Int32Array
  readonly lastOn: Int32Array
  readonly head: Float64Array
  readonly tail: Float64Array
  readonly jobHead: Float64Array
  readonly jobTail: Float64Array
  /** Tasks core by core in their order: lane[laneStart[c]] … lane[laneStart[c + 1] − 1]; of the last evaluation. */
  readonly lane: Int32Array
  readonly laneStart: Int32Array
  /** Topological order of the last evaluation. */
  readonly sequence: Int32Array
  makespanUs = Infinity
  private readonly pending: Int32Array
  private readonly predCount: Int32Array
  /** [incoming edge × kinds² + kind of producer × kinds + kind of consumer], different cores. */
  private readonly crossLag: Float64Array
  /** Incoming-edge number of each outgoing edge. */
  private readonly incoming: Int32Array
  private readonly square: number

  constructor(problem: PlaceProblem) {
    this.problem = problem
    const { tasks, cores, kinds } = problem
    this.core = new Int32Array(tasks).fill(-1)
    this.before = new Int32Array(tasks).fill(-1)
    this.after = new Int32Array(tasks).fill(-1)
    this.firstOn = new Int32Array(cores).fill(-1)
    this.lastOn = new Int32Array(cores).fill(-1)
    this.head = new Float64Array(tasks)
    this.tail = new Float64Array(tasks)
    this.jobHead = new Float64Array(tasks)
    this.jobTail = new Float64Array(tasks)
    this.sequence = new Int32Array(tasks)
    this.lane = new Int32Array(tasks)
    this.laneStart = new Int32Array(cores + 1)
    this.pending = new Int32Array(tasks)
    this.predCount = Int32Array.from(
      { length: tasks },
      (_, t) => problem.predStart[t + 1] - problem.predStart[t],
    )
    this.square = kinds * kinds
    this.crossLag = problem.hasTransfers ? crossLags(problem) : new Float64Array(0)
    this.incoming = incomingOf(problem)
  }

  /** Takes over a complete schedule: cores, and the order of starts on each. */
  load(core: ArrayLike<number>, startUs: ArrayLike<number>): void {
    const { tasks, cores } = this.problem
    const position = new Int32Array(tasks)
    for (let i = 0; i < tasks; i++) position[this.problem.order[i]] = i
    const lanes: number[][] = Array.from({ length: cores }, () => [])
    for (let t = 0; t < tasks; t++) lanes[core[t]].push(t)
    lanes.forEach((lane, c) => {
      lane.sort((a, b) => startUs[a] - startUs[b] || position[a] - position[b])
      this.firstOn[c] = lane.length > 0 ? lane[0] : -1
      this.lastOn[c] = lane.length > 0 ? lane[lane.length - 1] : -1
      lane.forEach((t, i) => {
        this.core[t] = c
        this.before[t] = i > 0 ? lane[i - 1] : -1
        this.after[t] = i + 1 < lane.length ? lane[i + 1] : -1
      })
    })
  }

  /** Copies cores and orders of another selection of the same problem. */
  copy(other: Selection): void {
    this.core.set(other.core)
    this.before.set(other.before)
    this.after.set(other.after)
    this.firstOn.set(other.firstOn)
    this.lastOn.set(other.lastOn)
  }

  /** Distance between the starts of the ends of incoming edge `e`, its consumer being `t` on `core`. */
  lagInto(e: number, core: number): number {
    const p = this.problem
    const u = p.pred[e]
    const from = this.core[u]
    if (from === core || !p.hasTransfers) return p.heldUs[u * p.kinds + p.kindOfCore[from]]
    return this.crossLag[e * this.square + p.kindOfCore[from] * p.kinds + p.kindOfCore[core]]
  }

  /** Distance between the starts of the ends of outgoing edge `e` of `t`, were t on `core`. */
  lagOutOf(t: number, e: number, core: number): number {
    const p = this.problem
    const to = this.core[p.succ[e]]
    const kind = p.kindOfCore[core]
    if (to === core || !p.hasTransfers) return p.heldUs[t * p.kinds + kind]
    return this.crossLag[this.incoming[e] * this.square + kind * p.kinds + p.kindOfCore[to]]
  }

  held(t: number): number {
    return this.problem.heldUs[t * this.problem.kinds + this.problem.kindOfCore[this.core[t]]]
  }

  /** Start that the predecessors of t would allow on `core`. */
  headOn(t: number, core: number): number {
    const p = this.problem
    let ready = p.releaseUs[t]
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      const at = this.head[p.pred[e]] + this.lagInto(e, core)
      if (at > ready) ready = at
    }
    return ready
  }

  /** Way from the start of t to the end through its successors, were it on `core`. */
  tailOn(t: number, core: number): number {
    const p = this.problem
    let tail = p.timeUs[t * p.kinds + p.kindOfCore[core]]
    for (let e = p.succStart[t]; e < p.succStart[t + 1]; e++) {
      const to = this.lagOutOf(t, e, core) + this.tail[p.succ[e]]
      if (to > tail) tail = to
    }
    return tail
  }

  /** Recomputes heads, tails and makespan. Returns false, leaving them undefined, when the orders form a cycle. */
  evaluate(): boolean {
    const p = this.problem
    const { sequence, pending, before, after, head, tail, jobHead, jobTail } = this
    const n = p.tasks
    let count = 0
    for (let t = 0; t < n; t++) {
      pending[t] = this.predCount[t] + (before[t] >= 0 ? 1 : 0)
      if (pending[t] === 0) sequence[count++] = t
    }
    let makespan = 0
    for (let i = 0; i < count; i++) {
      const t = sequence[i]
      let start = this.headOn(t, this.core[t])
      jobHead[t] = start
      const previous = before[t]
      if (previous >= 0) {
        const free = head[previous] + this.held(previous)
        if (free > start) start = free
      }
      head[t] = start
      const end = start + p.timeUs[t * p.kinds + p.kindOfCore[this.core[t]]]
      if (end > makespan) makespan = end
      for (let e = p.succStart[t]; e < p.succStart[t + 1]; e++)
        if (--pending[p.succ[e]] === 0) sequence[count++] = p.succ[e]
      const next = after[t]
      if (next >= 0 && --pending[next] === 0) sequence[count++] = next
    }
    if (count < n) return false
    for (let i = n - 1; i >= 0; i--) {
      const t = sequence[i]
      let way = this.tailOn(t, this.core[t])
      jobTail[t] = way
      const next = after[t]
      if (next >= 0) {
        const through = this.held(t) + tail[next]
        if (through > way) way = through
      }
      tail[t] = way
    }
    let slot = 0
    for (let core = 0; core < p.cores; core++) {
      this.laneStart[core] = slot
      for (let t = this.firstOn[core]; t >= 0; t = after[t]) this.lane[slot++] = t
    }
    this.laneStart[p.cores] = slot
    this.makespanUs = makespan
    return true
  }

  /** Takes t out of its core's order. */
  remove(t: number): void {
    const { before, after, core } = this
    const b = before[t]
    const a = after[t]
    if (b >= 0) after[b] = a
    else this.firstOn[core[t]] = a
    if (a >= 0) before[a] = b
    else this.lastOn[core[t]] = b
  }

  /** Puts t, which is in no order, on `core` right after `previous` (−1 = first). */
  insert(t: number, core: number, previous: number): void {
    const { before, after } = this
    const next = previous >= 0 ? after[previous] : this.firstOn[core]
    this.core[t] = core
    before[t] = previous
    after[t] = next
    if (previous >= 0) after[previous] = t
    else this.firstOn[core] = t
    if (next >= 0) before[next] = t
    else this.lastOn[core] = t
  }
}

function crossLags(p: PlaceProblem): Float64Array {
  const square = p.kinds * p.kinds
  const lags = new Float64Array(p.pred.length * square)
  for (let t = 0; t < p.tasks; t++) {
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      for (let a = 0; a < p.kinds; a++) {
        if (p.timeUs[p.pred[e] * p.kinds + a] === Infinity) continue
        for (let b = 0; b < p.kinds; b++)
          lags[e * square + a * p.kinds + b] = startLagUs(
            p,
            p.pred[e],
            a,
            b,
            false,
            p.predVolume[e],
          )
      }
    }
  }
  return lags
}

function incomingOf(p: PlaceProblem): Int32Array {
  const cursor = p.succStart.slice()
  const incoming = new Int32Array(p.succ.length)
  // Both lists keep the order of the edge list, so walking consumers in that order meets a producer's edges in turn.
  const taken = new Uint8Array(p.succ.length)
  for (let t = 0; t < p.tasks; t++) {
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      const u = p.pred[e]
      let slot = cursor[u]
      while (taken[slot] === 1 || p.succ[slot] !== t) slot++
      taken[slot] = 1
      incoming[slot] = e
      while (cursor[u] < p.succStart[u + 1] && taken[cursor[u]] === 1) cursor[u]++
    }
  }
  return incoming
}
