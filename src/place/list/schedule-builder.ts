import type { Schedule, Transfer } from '../../model/index.js'
import { alignUp, startLagUs, transferUs, type PlaceProblem } from '../problem.js'
import { Timeline } from './timeline.js'
import { WeightStore } from './weight-store.js'

/**
 * Builds a schedule task by task: each goes to a chosen core at the earliest time that its predecessors, transfers,
 * release and the core allow. Knows everything the problem can contain; every list policy stands on it.
 */
export class ScheduleBuilder {
  readonly problem: PlaceProblem
  readonly startUs: Float64Array
  /** Execution end, before rounding up to the clock. */
  readonly endUs: Float64Array
  /** −1 = not placed yet. */
  readonly core: Int32Array
  /** Whether {@link placeRest} had anything to do. */
  cutShort = false
  private readonly lanes: Timeline[]
  private readonly media = new Map<number, Timeline>()
  private readonly stores: (WeightStore | undefined)[]
  private readonly transfers: Transfer[] = []
  private readonly insertion: boolean
  /** Where neither transfers nor weights make cores differ: when the data of a task are there; NaN = not known yet. */
  private readonly readyUs: Float64Array | undefined

  /** @param insertion whether gaps between placed tasks may be used; without it a core only grows at its end */
  constructor(problem: PlaceProblem, insertion = true) {
    this.problem = problem
    // What a core holds depends on the order of its tasks, so nothing may slip in before a placed one.
    this.insertion = insertion && !problem.hasResidency
    this.startUs = new Float64Array(problem.tasks)
    this.endUs = new Float64Array(problem.tasks)
    this.core = new Int32Array(problem.tasks).fill(-1)
    this.readyUs =
      problem.hasTransfers || problem.hasResidency
        ? undefined
        : new Float64Array(problem.tasks).fill(Number.NaN)
    this.lanes = Array.from({ length: problem.cores }, () => new Timeline())
    this.stores = Array.from({ length: problem.cores }, (_, core) => {
      const bytes = problem.request.soc.cores[problem.kindOfCore[core]].memoryBytes
      return bytes === undefined ? undefined : new WeightStore(bytes)
    })
  }

  reset(): void {
    this.core.fill(-1)
    this.cutShort = false
    this.readyUs?.fill(Number.NaN)
    this.transfers.length = 0
    for (const lane of this.lanes) lane.clear()
    for (const medium of this.media.values()) medium.clear()
    for (const store of this.stores) store?.clear()
  }

  /** Start that {@link place} would give; Infinity when the core cannot run the task. All predecessors are placed. */
  earliestStart(task: number, core: number): number {
    const held = this.heldUs(task, core)
    if (held === Infinity) return Infinity
    return this.slot(core, this.readyAt(task, core, false), held)
  }

  /** End of the execution that would start at {@link earliestStart}. */
  earliestEnd(task: number, core: number): number {
    const start = this.earliestStart(task, core)
    return start === Infinity ? Infinity : start + this.executionUs(task, core)
  }

  /** Places a task at its earliest time on a core; returns the end of its execution. */
  place(task: number, core: number): number {
    const held = this.heldUs(task, core)
    const start = this.slot(core, this.readyAt(task, core, true), held)
    const end = start + this.executionUs(task, core)
    this.startUs[task] = start
    this.endUs[task] = end
    this.core[task] = core
    this.lanes[core].add(start, start + held)
    this.stores[core]?.use(this.problem.weightKey[task], this.problem.weightBytes[task])
    return end
  }

  /**
   * Places whatever is not placed yet without comparing cores, for a list that was cut short: each task goes to its
   * fastest kind, whose cores take turns.
   */
  placeRest(): void {
    const p = this.problem
    const turn = new Int32Array(p.kinds)
    for (const task of p.order) {
      if (this.core[task] >= 0) continue
      this.cutShort = true
      let kind = 0
      for (let k = 1; k < p.kinds; k++)
        if (p.timeUs[task * p.kinds + k] < p.timeUs[task * p.kinds + kind]) kind = k
      const cores = p.firstCore[kind + 1] - p.firstCore[kind]
      this.place(task, p.firstCore[kind] + (turn[kind]++ % cores))
    }
  }

  /** When a core is free for good. */
  laneEnd(core: number): number {
    return this.lanes[core].end
  }

  /** Latest end of what is placed. */
  makespanUs(): number {
    let latest = 0
    for (let t = 0; t < this.problem.tasks; t++)
      if (this.core[t] >= 0 && this.endUs[t] > latest) latest = this.endUs[t]
    return latest
  }

  schedule(): Schedule {
    const { kindOfCore, firstCore, kindNames, contention } = this.problem
    return {
      kind: 'schedule',
      startUs: [...this.startUs],
      endUs: [...this.endUs],
      core: Array.from(this.core, (core) => kindNames[kindOfCore[core]]),
      coreId: Array.from(this.core, (core) => core - firstCore[kindOfCore[core]]),
      ...(contention === 'none' ? {} : { transfers: [...this.transfers] }),
    }
  }

  private slot(core: number, ready: number, held: number): number {
    const lane = this.lanes[core]
    if (!this.insertion) return ready > lane.end ? ready : lane.end
    return lane.earliest(ready, held)
  }

  /** Execution with the fetching of weights that are not there. */
  private executionUs(task: number, core: number): number {
    const p = this.problem
    const time = p.timeUs[task * p.kinds + p.kindOfCore[core]]
    const store = this.stores[core]
    if (store === undefined || p.weightBytes[task] === 0 || store.holds(p.weightKey[task]))
      return time
    const speed = p.request.soc.cores[p.kindOfCore[core]].weightBytesPerUs
    return speed === undefined ? time : time + p.weightBytes[task] / speed
  }

  private heldUs(task: number, core: number): number {
    const p = this.problem
    const held = p.heldUs[task * p.kinds + p.kindOfCore[core]]
    if (!p.hasResidency || held === Infinity) return held
    return Math.max(held, alignUp(this.executionUs(task, core), p.clockUs))
  }

  private readyAt(task: number, core: number, commit: boolean): number {
    const p = this.problem
    const known = this.readyUs
    if (known !== undefined) {
      if (Number.isNaN(known[task])) known[task] = this.readyAnywhere(task)
      return known[task]
    }
    const kind = p.kindOfCore[core]
    let ready = p.releaseUs[task]
    if (p.contention !== 'none') return this.readyOverMedia(task, core, commit)
    for (let e = p.predStart[task]; e < p.predStart[task + 1]; e++) {
      const u = p.pred[e]
      const from = this.core[u]
      const lag = p.hasResidency
        ? this.residentLag(u, from, core, p.predVolume[e])
        : startLagUs(p, u, p.kindOfCore[from], kind, from === core, p.predVolume[e])
      if (this.startUs[u] + lag > ready) ready = this.startUs[u] + lag
    }
    return ready
  }

  private readyAnywhere(task: number): number {
    const p = this.problem
    let ready = p.releaseUs[task]
    for (let e = p.predStart[task]; e < p.predStart[task + 1]; e++) {
      const u = p.pred[e]
      const free = this.startUs[u] + p.heldUs[u * p.kinds + p.kindOfCore[this.core[u]]]
      if (free > ready) ready = free
    }
    return ready
  }

  private residentLag(u: number, from: number, to: number, volume: number): number {
    const p = this.problem
    const sent = from === to ? 0 : transferUs(p, p.kindOfCore[from], p.kindOfCore[to], volume)
    return alignUp(this.endUs[u] + sent, p.clockUs) - this.startUs[u]
  }

  /** Books the task's transfers one after another, earliest producer first, each in the first gap of its medium. */
  private readyOverMedia(task: number, core: number, commit: boolean): number {
    const p = this.problem
    let ready = p.releaseUs[task]
    const edges = Array.from(
      { length: p.predStart[task + 1] - p.predStart[task] },
      (_, i) => p.predStart[task] + i,
    ).sort((a, b) => this.endUs[p.pred[a]] - this.endUs[p.pred[b]] || p.pred[a] - p.pred[b])
    const tentative: [Timeline, number, number][] = []
    for (const e of edges) {
      const u = p.pred[e]
      const from = this.core[u]
      let arrival = this.endUs[u]
      const length =
        from === core ? 0 : transferUs(p, p.kindOfCore[from], p.kindOfCore[core], p.predVolume[e])
      if (length > 0) {
        const medium = this.medium(from, core)
        let start = medium.earliest(arrival, length)
        for (let moved = true; moved;) {
          moved = false
          for (const [lane, busyStart, busyEnd] of tentative) {
            if (lane !== medium || busyStart >= start + length || busyEnd <= start) continue
            start = medium.earliest(busyEnd, length)
            moved = true
          }
        }
        arrival = start + length
        tentative.push([medium, start, arrival])
        if (commit) this.transfers.push({ from: u, to: task, startUs: start, endUs: arrival })
      }
      const aligned = alignUp(arrival, p.clockUs)
      if (aligned > ready) ready = aligned
    }
    if (commit) for (const [medium, start, end] of tentative) medium.add(start, end)
    return ready
  }

  private medium(from: number, to: number): Timeline {
    const key = this.problem.contention === 'bus' ? 0 : from * this.problem.cores + to
    let medium = this.media.get(key)
    if (medium === undefined) {
      medium = new Timeline()
      this.media.set(key, medium)
    }
    return medium
  }
}
