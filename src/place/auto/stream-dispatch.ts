import type { PlaceProblem } from '../problem.js'
import { ReadyList } from './ready-list.js'

/** Numbers that steer {@link StreamDispatch}; times in µs. */
export interface DispatchRule {
  /** Below this waiting work per bottleneck core, feeders hurry towards bottleneck operations. */
  backlogUs: number
  /** Weight of the way to the next bottleneck operation while hurrying. */
  hurry: number
  /** Weight of the remaining way while hurrying. */
  hurryTail: number
  /** An idle core takes an operation that is cheaper elsewhere up to this loss (priced µs), until / after these times. */
  stealLoss: number
  stealUntilUs: number
  stealAfterUs: number
  /** Head start per input, added to its priority on feeders; on the bottleneck times `offsetShare`. */
  offsetUs: Float64Array
  offsetShare: number
  /** From this time on nobody has a head start any more, and the later numbers hold instead of the first three. */
  fadeUs: number
  laterBacklogUs: number
  laterHurry: number
  laterHurryTail: number
  /** Weight of the loss when choosing what to steal. */
  stealThrift: number
}

/** What the dispatcher knows of a problem once and for all. */
export interface DispatchTables {
  readonly problem: PlaceProblem
  readonly price: Float64Array
  /** Kind whose time is dearest. */
  readonly bottleneck: number
  /** Kind on which the task is cheapest by price. */
  readonly home: Int32Array
  /** Longest way from the start of the task to the end, on home kinds. */
  readonly tail: Float64Array
  /** Feeder time from the start of the task until a bottleneck operation behind it can start. */
  readonly distance: Float64Array
  /** [task × kinds + kind] price·held − price·held at home. */
  readonly loss: Float64Array
  /** Σ over tasks of priced home work. */
  readonly pricedWork: number
}

/** Prepares a problem without transfers. @param price per kind, Σ price·count = 1 */
export function dispatchTables(problem: PlaceProblem, price: Float64Array): DispatchTables {
  const { tasks, kinds } = problem
  let bottleneck = 0
  for (let k = 1; k < kinds; k++) if (price[k] > price[bottleneck]) bottleneck = k
  const home = new Int32Array(tasks)
  const tail = new Float64Array(tasks)
  const distance = new Float64Array(tasks)
  const loss = new Float64Array(tasks * kinds).fill(Infinity)
  let pricedWork = 0
  for (let t = 0; t < tasks; t++) {
    let least = Infinity
    let time = Infinity
    for (let k = 0; k < kinds; k++) {
      const held = problem.heldUs[t * kinds + k]
      if (held === Infinity) continue
      const cost = price[k] * held
      if (cost < least || (cost === least && held < time)) {
        least = cost
        time = held
        home[t] = k
      }
    }
    pricedWork += least
    for (let k = 0; k < kinds; k++) {
      const held = problem.heldUs[t * kinds + k]
      if (held !== Infinity) loss[t * kinds + k] = price[k] * held - least
    }
  }
  for (let i = tasks - 1; i >= 0; i--) {
    const t = problem.order[i]
    const held = problem.heldUs[t * kinds + home[t]]
    let way = 0
    let near = Infinity
    for (let e = problem.succStart[t]; e < problem.succStart[t + 1]; e++) {
      const v = problem.succ[e]
      if (tail[v] > way) way = tail[v]
      if (distance[v] < near) near = distance[v]
    }
    tail[t] = held + way
    distance[t] = home[t] === bottleneck ? 0 : held + near
  }
  return { problem, price, bottleneck, home, tail, distance, loss, pricedWork }
}

/** Numbers of the two keys of a ready task. */
const CALM = 0
const HURRY = 1
/** Events between two looks at whether to stop. */
const EVENTS_BETWEEN_LOOKS = 1024

/**
 * Event-driven dispatch of many inputs of one network. The bottleneck kind works laggard first; the others feed it:
 * while little work waits for it they pick what reaches it soonest, else the laggard; inputs may have a head start;
 * idle cores take operations that are cheaper elsewhere during filling and draining.
 *
 * A run is given up as soon as the bottleneck's idle time proves that it will not beat `limitUs`.
 */
export class StreamDispatch {
  readonly startUs: Float64Array
  readonly core: Int32Array
  private readonly tables: DispatchTables
  private readonly pending: Int32Array
  private readonly pendingTemplate: Int32Array
  /** Ready tasks by home kind. */
  private readonly ready: readonly ReadyList[]
  /** Priority of a ready task when not hurrying, and when. */
  private readonly calmKey: Float64Array
  private readonly hurryKey: Float64Array
  private readonly runningTask: Int32Array
  private readonly freeAtUs: Float64Array
  /** Priced idle time of the bottleneck that follows the last bottleneck operation in every schedule. */
  private readonly drain: number

  constructor(tables: DispatchTables) {
    const { problem: p, bottleneck } = tables
    this.tables = tables
    this.startUs = new Float64Array(p.tasks)
    this.core = new Int32Array(p.tasks)
    this.pending = new Int32Array(p.tasks)
    this.pendingTemplate = Int32Array.from(
      { length: p.tasks },
      (_, t) => p.predStart[t + 1] - p.predStart[t],
    )
    this.calmKey = new Float64Array(p.tasks)
    this.hurryKey = new Float64Array(p.tasks)
    const keys = [this.calmKey, this.hurryKey]
    this.ready = Array.from({ length: p.kinds }, () => new ReadyList(p.tasks, keys))
    this.runningTask = new Int32Array(p.cores)
    this.freeAtUs = new Float64Array(p.cores)
    let least = Infinity
    for (let t = 0; t < p.tasks; t++) {
      if (tables.home[t] !== bottleneck) continue
      least = Math.min(least, tables.tail[t] - p.heldUs[t * p.kinds + bottleneck])
    }
    const cores = p.firstCore[bottleneck + 1] - p.firstCore[bottleneck]
    // On a clock the end of the schedule is the unrounded end of its last operation.
    this.drain =
      least === Infinity ? 0 : Math.max(0, least - p.clockUs) * tables.price[bottleneck] * cores
  }

  /** Returns the makespan in µs, or Infinity when it cannot be below `limitUs` or `cancelled` says stop. */
  run(rule: DispatchRule, limitUs: number, cancelled: () => boolean): number {
    const { tables, pending, ready, runningTask, freeAtUs } = this
    const { problem: p, price, bottleneck, home, loss } = tables
    const { kinds, firstCore, succStart, succ, heldUs, kindOfCore } = p
    pending.set(this.pendingTemplate)
    runningTask.fill(-1)
    for (const list of ready) list.clear()
    let waiting = 0
    for (let t = 0; t < p.tasks; t++) {
      if (pending[t] > 0) continue
      this.enlist(t, rule, 0)
      if (home[t] === bottleneck) waiting += heldUs[t * kinds + bottleneck]
    }
    const bottleneckCores = firstCore[bottleneck + 1] - firstCore[bottleneck]
    const early = rule.backlogUs * bottleneckCores
    const later = rule.laterBacklogUs * bottleneckCores
    const budget = limitUs - tables.pricedWork - this.drain
    let wasted = 0
    let now = 0
    let left = p.tasks
    for (let events = 1; ; events++) {
      if (events % EVENTS_BETWEEN_LOOKS === 0 && cancelled()) return Infinity
      const hurrying = waiting < (now < rule.fadeUs ? early : later)
      for (let k = 0; k < kinds; k++) {
        const key = hurrying && k !== bottleneck ? HURRY : CALM
        for (let c = firstCore[k]; c < firstCore[k + 1] && ready[k].count > 0; c++) {
          if (runningTask[c] >= 0) continue
          const t = ready[k].take(key)
          if (k === bottleneck) waiting -= heldUs[t * kinds + k]
          this.start(t, c, now)
          left--
        }
      }
      if (now < rule.stealUntilUs || now >= rule.stealAfterUs) {
        const key = hurrying ? this.hurryKey : this.calmKey
        for (let c = 0; c < p.cores; c++) {
          if (runningTask[c] >= 0) continue
          const k = kindOfCore[c]
          const t = this.steal(k, key, rule)
          if (t < 0) continue
          ready[home[t]].remove(t)
          if (home[t] === bottleneck) waiting -= heldUs[t * kinds + bottleneck]
          wasted += loss[t * kinds + k]
          this.start(t, c, now)
          left--
        }
      }
      let next = Infinity
      let idle = 0
      for (let c = 0; c < p.cores; c++) {
        if (runningTask[c] >= 0) {
          if (freeAtUs[c] < next) next = freeAtUs[c]
        } else if (kindOfCore[c] === bottleneck) idle++
      }
      if (next === Infinity) break
      wasted += idle * price[bottleneck] * (next - now)
      if (left > 0 && wasted >= budget) return Infinity
      now = next
      for (let c = 0; c < p.cores; c++) {
        const t = runningTask[c]
        if (t < 0 || freeAtUs[c] !== now) continue
        runningTask[c] = -1
        for (let e = succStart[t]; e < succStart[t + 1]; e++) {
          const v = succ[e]
          if (--pending[v] > 0) continue
          this.enlist(v, rule, now)
          if (home[v] === bottleneck) waiting += heldUs[v * kinds + bottleneck]
        }
      }
    }
    let makespan = 0
    for (let t = 0; t < p.tasks; t++) {
      const end = this.startUs[t] + p.timeUs[t * kinds + kindOfCore[this.core[t]]]
      if (end > makespan) makespan = end
    }
    return makespan
  }

  private enlist(t: number, rule: DispatchRule, now: number): void {
    const { tail, distance, home, bottleneck, problem } = this.tables
    const opening = now < rule.fadeUs
    const offset = opening ? rule.offsetUs[problem.input[t]] : 0
    const k = home[t]
    this.calmKey[t] = tail[t] + (k === bottleneck ? offset * rule.offsetShare : offset)
    const way = distance[t] === Infinity ? 1e7 : distance[t]
    this.hurryKey[t] = opening
      ? rule.hurryTail * tail[t] - rule.hurry * way + offset
      : rule.laterHurryTail * tail[t] - rule.laterHurry * way
    this.ready[k].add(t)
  }

  /** The best ready task of another home that kind k may run at a bearable loss; −1 = none. */
  private steal(k: number, key: Float64Array, rule: DispatchRule): number {
    const { kinds } = this.tables.problem
    const { loss } = this.tables
    let best = -1
    let bestKey = -Infinity
    for (let other = 0; other < kinds; other++) {
      const { task, count } = this.ready[other]
      for (let i = 0; i < count; i++) {
        const t = task[i]
        const cost = loss[t * kinds + k]
        if (cost > rule.stealLoss) continue
        const merit = key[t] - rule.stealThrift * cost
        if (merit <= bestKey) continue
        bestKey = merit
        best = t
      }
    }
    return best
  }

  private start(t: number, c: number, now: number): void {
    const p = this.tables.problem
    this.startUs[t] = now
    this.core[t] = c
    this.runningTask[c] = t
    this.freeAtUs[c] = now + p.heldUs[t * p.kinds + p.kindOfCore[c]]
  }
}
