import type { Rng } from '../../base/index.js'
import type { Selection } from './selection.js'

/** Effort and shape of a tabu search. */
export interface TabuOptions {
  /** Moves to make. */
  readonly moves: number
  /** Moves without a new best after which the search goes back to the best and shakes it. */
  readonly patience: number
  readonly cancelled: () => boolean
  /** Stop as soon as the makespan is not above this. */
  readonly targetUs: number
}

const EPSILON = 1e-9
/** Longest stretch of a block that one move may jump over. */
const LONGEST_JUMP = 24

/**
 * Tabu search over cores and orders. Moves take a task of one critical path and put it elsewhere: within its critical
 * block (to or past an end of it, Balas and Vazacopoulos 1998; Zhang et al. 2007) or into another core's order at a
 * place that provably makes no cycle (Mastrolilli and Gambardella 2000). Moves are ranked by estimated makespan; the
 * reverse of a move is forbidden for a while. Leaves the best selection in `best`.
 */
export class TabuSearch {
  /** Schedules computed. */
  evaluations = 0
  private readonly state: Selection
  private readonly best: Selection
  private readonly rng: Rng
  private readonly pairUntil: Int32Array
  private readonly coreUntil: Int32Array
  private readonly path: Int32Array
  private readonly shiftedHead = new Float64Array(LONGEST_JUMP + 1)
  private iteration = 0
  // The move under consideration with the lowest estimate so far.
  private moveTask = -1
  private moveCore = -1
  private moveAfter = -1
  private moveEstimate = Infinity
  private moveTies = 0
  // The same, tabu or not, in case every move is tabu.
  private fallTask = -1
  private fallCore = -1
  private fallAfter = -1
  private fallTies = 0

  /** @param state working selection; @param best receives the best one found; both of one problem */
  constructor(state: Selection, best: Selection, rng: Rng) {
    this.state = state
    this.best = best
    this.rng = rng
    const n = state.problem.tasks
    this.pairUntil = new Int32Array(n * n)
    this.coreUntil = new Int32Array(n * state.problem.cores)
    this.path = new Int32Array(n)
  }

  /** Improves `best`, which must be evaluated; returns its makespan. */
  run(options: TabuOptions): number {
    const { state, best, rng } = this
    const p = state.problem
    state.copy(best)
    state.evaluate()
    const tenure = 10 + Math.min(20, p.tasks / p.cores)
    let since = 0
    for (let move = 0; move < options.moves; move++) {
      if (best.makespanUs <= options.targetUs + EPSILON) break
      if ((move & 63) === 0 && options.cancelled()) break
      if (since > options.patience) {
        since = 0
        this.shake(3 + rng.below(8))
      }
      if (!this.step(tenure)) {
        this.shake(2 + rng.below(6))
        continue
      }
      since++
      if (state.makespanUs < best.makespanUs - EPSILON) {
        best.copy(state)
        best.evaluate()
        since = 0
      }
    }
    return best.makespanUs
  }

  /** One move. False when no move leads anywhere. */
  private step(tenure: number): boolean {
    const { state } = this
    this.iteration++
    const length = this.criticalPath()
    this.moveTask = -1
    this.moveEstimate = Infinity
    this.fallTask = -1
    this.fallTies = 0
    for (let start = 0; start < length;) {
      let end = start
      while (end + 1 < length && state.after[this.path[end]] === this.path[end + 1]) end++
      this.considerBlock(start, end)
      start = end + 1
    }
    for (let i = 0; i < length; i++) this.considerOtherCores(this.path[i])
    let task = this.moveTask
    let core = this.moveCore
    let after = this.moveAfter
    if (task < 0) {
      task = this.fallTask
      core = this.fallCore
      after = this.fallAfter
    }
    if (task < 0) return false
    return this.perform(task, core, after, tenure)
  }

  private perform(task: number, core: number, after: number, tenure: number): boolean {
    const { state, iteration } = this
    const n = state.problem.tasks
    const until = iteration + Math.floor(tenure * (1 + 0.6 * this.rng.next()))
    const oldCore = state.core[task]
    const oldBefore = state.before[task]
    if (oldCore !== core) {
      this.coreUntil[task * state.problem.cores + oldCore] = until
    } else {
      // What was jumped over may not get back to the other side of the task.
      let jumped = state.after[task]
      let found = false
      while (jumped >= 0) {
        if (jumped === after) found = true
        jumped = found ? -1 : state.after[jumped]
      }
      if (found) {
        for (let x = state.after[task]; x >= 0; x = state.after[x]) {
          this.pairUntil[task * n + x] = until
          if (x === after) break
        }
      } else {
        for (let x = state.before[task]; x >= 0 && x !== after; x = state.before[x])
          this.pairUntil[x * n + task] = until
      }
    }
    state.remove(task)
    state.insert(task, core, after)
    this.evaluations++
    if (state.evaluate()) return true
    state.remove(task)
    state.insert(task, oldCore, oldBefore)
    state.evaluate()
    return false
  }

  /** Goes back to the best and makes a few random moves of critical tasks. */
  private shake(moves: number): void {
    const { state, best, rng } = this
    state.copy(best)
    state.evaluate()
    this.pairUntil.fill(0)
    this.coreUntil.fill(0)
    this.iteration = 0
    for (let k = 0; k < moves; k++) {
      const length = this.criticalPath()
      const task = this.path[rng.below(length)]
      const p = state.problem
      const core = rng.below(p.cores)
      if (p.timeUs[task * p.kinds + p.kindOfCore[core]] === Infinity || core === state.core[task]) {
        const next = state.after[task]
        if (next >= 0) this.perform(task, state.core[task], next, 1)
      } else {
        const after = this.lastBefore(core, state.headOn(task, core))
        this.perform(task, core, after, 1)
      }
    }
  }

  private lastBefore(core: number, time: number): number {
    const { state } = this
    let last = -1
    for (let x = state.firstOn[core]; x >= 0 && state.head[x] < time; x = state.after[x]) last = x
    return last
  }

  /** Fills `path` with one critical path, chosen at random where it forks; returns its length. */
  private criticalPath(): number {
    const { state, path, rng } = this
    const p = state.problem
    const limit = state.makespanUs * (1 - 1e-12) - EPSILON
    let length = 0
    let at = -1
    let seen = 0
    for (let core = 0; core < p.cores; core++) {
      // A path begins with a task that waits for nobody; it is the first of its core or starts at its own release.
      for (let t = state.firstOn[core]; t >= 0; t = state.after[t]) {
        if (state.head[t] + state.tail[t] < limit) continue
        if (state.head[t] > p.releaseUs[t] + EPSILON) break
        if (rng.below(++seen) === 0) at = t
      }
    }
    while (at >= 0) {
      path[length++] = at
      const here = state.head[at]
      let choice = -1
      let options = 0
      const next = state.after[at]
      if (next >= 0 && state.head[next] + state.tail[next] >= limit) {
        if (state.head[next] <= here + state.held(at) + EPSILON) {
          choice = next
          options = 1
        }
      }
      for (let e = p.succStart[at]; e < p.succStart[at + 1]; e++) {
        const v = p.succ[e]
        if (v === choice || state.head[v] + state.tail[v] < limit) continue
        if (state.head[v] > here + state.lagOutOf(at, e, state.core[at]) + EPSILON) continue
        if (rng.below(++options) === 0) choice = v
      }
      at = choice
    }
    return length
  }

  /** Moves within the block path[start … end]: each task past the end or before the start, the ends to anywhere. */
  private considerBlock(start: number, end: number): void {
    if (end === start) return
    const { path } = this
    const from = Math.max(start, end - LONGEST_JUMP)
    for (let i = from; i < end; i++) this.considerRight(path[i], path[end])
    const to = Math.min(end, start + LONGEST_JUMP)
    for (let i = start + 1; i <= to; i++) this.considerLeft(path[i], path[start])
    for (let i = start + 1; i < Math.min(end, start + LONGEST_JUMP); i++)
      this.considerRight(path[start], path[i])
    for (let i = end - 1; i > Math.max(start, end - LONGEST_JUMP); i--)
      this.considerLeft(path[end], path[i])
  }

  /** Task t to right after x, which follows it on the same core. */
  private considerRight(t: number, x: number): void {
    const { state, shiftedHead } = this
    const p = state.problem
    // No cycle when no successor of t comes before x is done.
    let limit = Infinity
    for (let e = p.succStart[t]; e < p.succStart[t + 1]; e++) {
      const v = p.succ[e]
      const end = state.head[v] + state.held(v)
      if (end < limit) limit = end
    }
    if (state.head[x] >= limit) return
    const previous = state.before[t]
    let free = previous >= 0 ? state.head[previous] + state.held(previous) : 0
    let k = 0
    let tabu = false
    const n = p.tasks
    for (let l = state.after[t]; ; l = state.after[l]) {
      const start = Math.max(state.jobHead[l], free)
      shiftedHead[k++] = start
      free = start + state.held(l)
      if (this.pairUntil[l * n + t] > this.iteration) tabu = true
      if (l === x) break
      if (k >= LONGEST_JUMP) return
    }
    const headT = Math.max(state.jobHead[t], free)
    const next = state.after[x]
    let tail = state.jobTail[t]
    if (next >= 0) tail = Math.max(tail, state.held(t) + state.tail[next])
    let estimate = headT + tail
    for (let l = x; l !== t; l = state.before[l]) {
      tail = Math.max(state.jobTail[l], state.held(l) + tail)
      const through = shiftedHead[--k] + tail
      if (through > estimate) estimate = through
    }
    this.offer(t, state.core[t], x, estimate, tabu)
  }

  /** Task t to right before x, which precedes it on the same core. */
  private considerLeft(t: number, x: number): void {
    const { state, shiftedHead } = this
    const p = state.problem
    const xEnd = state.head[x] + state.held(x)
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++)
      if (state.head[p.pred[e]] >= xEnd) return
    const previous = state.before[x]
    let start = state.jobHead[t]
    if (previous >= 0) start = Math.max(start, state.head[previous] + state.held(previous))
    const headT = start
    let free = start + state.held(t)
    let k = 0
    let tabu = false
    const n = p.tasks
    for (let l = x; l !== t; l = state.after[l]) {
      start = Math.max(state.jobHead[l], free)
      shiftedHead[k++] = start
      free = start + state.held(l)
      if (this.pairUntil[t * n + l] > this.iteration) tabu = true
      if (k >= LONGEST_JUMP) return
    }
    const next = state.after[t]
    let tail = next >= 0 ? state.tail[next] : 0
    let estimate = 0
    for (let l = state.before[t]; ; l = state.before[l]) {
      tail = Math.max(state.jobTail[l], state.held(l) + tail)
      const through = shiftedHead[--k] + tail
      if (through > estimate) estimate = through
      if (l === x) break
    }
    tail = Math.max(state.jobTail[t], state.held(t) + tail)
    if (headT + tail > estimate) estimate = headT + tail
    this.offer(t, state.core[t], previous, estimate, tabu)
  }

  /** Task t into the orders of the other cores that can run it. */
  private considerOtherCores(t: number): void {
    const { state } = this
    const p = state.problem
    let succEnd = Infinity
    for (let e = p.succStart[t]; e < p.succStart[t + 1]; e++) {
      const v = p.succ[e]
      const end = state.head[v] + state.held(v)
      if (end < succEnd) succEnd = end
    }
    let predHead = -1
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      const at = state.head[p.pred[e]]
      if (at > predHead) predHead = at
    }
    for (let core = 0; core < p.cores; core++) {
      if (core === state.core[t]) continue
      const slot = t * p.kinds + p.kindOfCore[core]
      const held = p.heldUs[slot]
      if (held === Infinity) continue
      const tabu = this.coreUntil[t * p.cores + core] > this.iteration
      const headT = state.headOn(t, core)
      const tailT = state.tailOn(t, core)
      // Start after the last task that is out of the way anyway, or that must precede; before is never better.
      let low = state.laneStart[core]
      let high = state.laneStart[core + 1]
      while (low < high) {
        const middle = (low + high) >> 1
        const y = state.lane[middle]
        const end = state.head[y] + state.held(y)
        if (predHead >= end || end <= headT) low = middle + 1
        else high = middle
      }
      let x = low > state.laneStart[core] ? state.lane[low - 1] : -1
      for (;;) {
        if (x >= 0 && state.head[x] >= succEnd) break
        const next = x >= 0 ? state.after[x] : state.firstOn[core]
        let start = headT
        if (x >= 0) start = Math.max(start, state.head[x] + state.held(x))
        let way = tailT
        if (next >= 0) way = Math.max(way, held + state.tail[next])
        this.offer(t, core, x, start + way, tabu)
        if (next < 0 || held + state.tail[next] <= tailT) break
        x = next
      }
    }
  }

  private offer(task: number, core: number, after: number, estimate: number, tabu: boolean): void {
    if (tabu && estimate >= this.best.makespanUs - EPSILON) {
      if (this.rng.below(++this.fallTies) > 0) return
      this.fallTask = task
      this.fallCore = core
      this.fallAfter = after
      return
    }
    if (estimate > this.moveEstimate) return
    if (estimate === this.moveEstimate) {
      if (this.rng.below(++this.moveTies) > 0) return
    } else this.moveTies = 1
    this.moveTask = task
    this.moveCore = core
    this.moveAfter = after
    this.moveEstimate = estimate
  }
}
