import { startLagUs, type PlaceProblem } from '../problem.js'
import { taskWeights } from '../list/ranks.js'

/** Width of the beam and what its states are judged by. */
export interface BeamOptions {
  /** Partial schedules kept per number of placed tasks. */
  readonly width: number
  /** Worth of a µs of urgency (mean rank of what is placed) against a µs of lost core time. */
  readonly urgency: number
  /** Share of an edge's transfer that counts towards the rank. */
  readonly transferShare: number
  readonly cancelled: () => boolean
}

/** A complete schedule of the beam. */
export interface BeamResult {
  readonly core: Int32Array
  readonly startUs: Float64Array
  readonly makespanUs: number
  /** Partial schedules looked at. */
  readonly evaluations: number
}

/** Worth of time that cores are about to lose against time they have lost. */
const OUTLOOK = 0.3
/** Children that one partial schedule may have. */
const MOST_CHILDREN = 6

/**
 * Beam search over dense schedules: tasks are appended where the core that could finish something first is, among the
 * ready tasks that could start there before that finish (Giffler and Thompson 1960). A partial schedule is judged by
 * the core time it has lost (idle, or spent on more than a task's cheapest time) against the urgency of what it has
 * placed, so it aims at schedules without idle time. Uncontended transfers, resident weights. Undefined when cancelled.
 */
export function beamSearch(p: PlaceProblem, options: BeamOptions): BeamResult | undefined {
  const { tasks, cores, kinds } = p
  const { width } = options
  const cheapest = new Float64Array(tasks).fill(Infinity)
  for (let t = 0; t < tasks; t++) {
    for (let c = 0; c < cores; c++)
      cheapest[t] = Math.min(cheapest[t], p.heldUs[t * kinds + p.kindOfCore[c]])
  }
  const rank = ranks(p, options.transferShare)
  let now = new Level(p, width)
  let next = new Level(p, width)
  now.begin(p)
  const limit = width * MOST_CHILDREN
  const parent = new Int32Array(limit)
  const childTask = new Int32Array(limit)
  const childCore = new Int32Array(limit)
  const childStart = new Float64Array(limit)
  const score = new Float64Array(limit)
  const kept = new Float64Array(limit)
  const hash = new Float64Array(limit)
  const order: number[] = []
  const salt = Float64Array.from({ length: tasks * cores }, (_, i) => saltOf(i))
  const soonest = new Float64Array(cores)
  const startOn = new Float64Array(tasks * cores)
  let evaluations = 0

  for (let depth = 0; depth < tasks; depth++) {
    if (options.cancelled()) return undefined
    let children = 0
    for (let s = 0; s < now.count; s++) {
      const readyAt = s * tasks
      let firstEnd = Infinity
      let firstCore = -1
      soonest.fill(Infinity)
      for (let i = 0; i < now.readyCount[s]; i++) {
        const t = now.ready[readyAt + i]
        for (let c = 0; c < cores; c++) {
          const held = p.heldUs[t * kinds + p.kindOfCore[c]]
          if (held === Infinity) continue
          const start = now.earliest(p, s, t, c)
          startOn[i * cores + c] = start
          soonest[c] = Math.min(soonest[c], start + held - cheapest[t])
          // What a task costs beyond its cheapest time delays the core's next task as idling would.
          const end = start + held + (held - cheapest[t])
          if (end < firstEnd) {
            firstEnd = end
            firstCore = c
          }
        }
      }
      const free = now.free[s * cores + firstCore]
      const kind = p.kindOfCore[firstCore]
      const from = children
      // Cores that nothing ready could keep busy are going to lose time, whatever this one takes.
      let outlook = 0
      for (let c = 0; c < cores; c++) {
        if (c !== firstCore && soonest[c] !== Infinity)
          outlook += soonest[c] - now.free[s * cores + c]
      }
      outlook *= OUTLOOK
      for (let i = 0; i < now.readyCount[s]; i++) {
        const t = now.ready[readyAt + i]
        const held = p.heldUs[t * kinds + kind]
        if (held === Infinity) continue
        const start = startOn[i * cores + firstCore]
        if (start >= firstEnd) continue
        evaluations++
        const lost = start - free + held - cheapest[t]
        const value = outlook + now.score[s] + lost - options.urgency * rank[t]
        let slot = children
        if (children - from === MOST_CHILDREN) {
          slot = from
          for (let k = from + 1; k < children; k++) if (score[k] > score[slot]) slot = k
          if (score[slot] <= value) continue
        } else children++
        parent[slot] = s
        childTask[slot] = t
        childCore[slot] = firstCore
        childStart[slot] = start
        score[slot] = value
        kept[slot] = value - outlook
        hash[slot] = now.hash[s] + salt[t * cores + firstCore] * (1 + start)
      }
    }
    order.length = 0
    for (let i = 0; i < children; i++) order.push(i)
    order.sort((a, b) => score[a] - score[b] || a - b)
    next.count = 0
    const seen = new Set<number>()
    for (const i of order) {
      if (next.count === width) break
      // The same task on the same core at the same time throughout: two ways to one partial schedule.
      const key = Math.round(hash[i] * 1e3)
      if (seen.has(key)) continue
      seen.add(key)
      next.extend(p, now, parent[i], childTask[i], childCore[i], childStart[i], kept[i], hash[i])
    }
    ;[now, next] = [next, now]
  }
  let best = 0
  let bestUs = Infinity
  for (let s = 0; s < now.count; s++) {
    let latest = 0
    for (let t = 0; t < tasks; t++) {
      const core = now.core[s * tasks + t]
      const end = now.start[s * tasks + t] + p.timeUs[t * kinds + p.kindOfCore[core]]
      if (end > latest) latest = end
    }
    if (latest < bestUs) {
      bestUs = latest
      best = s
    }
  }
  return {
    core: now.core.slice(best * tasks, (best + 1) * tasks),
    startUs: now.start.slice(best * tasks, (best + 1) * tasks),
    makespanUs: bestUs,
    evaluations,
  }
}

/** Longest way to the end by mean times, with a share of the transfers at their mean over kinds. */
function ranks(p: PlaceProblem, transferShare: number): Float64Array {
  const weight = taskWeights(p)
  const rank = weight.slice()
  let factor = 0
  for (const each of p.usPerVolume) factor += each / p.usPerVolume.length
  for (let i = p.tasks - 1; i >= 0; i--) {
    const t = p.order[i]
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      const u = p.pred[e]
      const sent = p.hasTransfers ? transferShare * factor * p.predVolume[e] : 0
      rank[u] = Math.max(rank[u], weight[u] + sent + rank[t])
    }
  }
  return rank
}

/** A number in [0, 1) that looks random; for recognising equal partial schedules. */
function saltOf(i: number): number {
  const mixed = Math.imul(i + 1, 0x9e3779b1) >>> 0
  return (Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b) >>> 0) / 4294967296
}

/** Partial schedules with equally many tasks, side by side in flat tables. */
class Level {
  count = 0
  readonly core: Int32Array
  readonly start: Float64Array
  readonly pending: Int32Array
  readonly ready: Int32Array
  readonly readyCount: Int32Array
  readonly free: Float64Array
  readonly score: Float64Array
  readonly hash: Float64Array

  constructor(p: PlaceProblem, width: number) {
    this.core = new Int32Array(width * p.tasks)
    this.start = new Float64Array(width * p.tasks)
    this.pending = new Int32Array(width * p.tasks)
    this.ready = new Int32Array(width * p.tasks)
    this.readyCount = new Int32Array(width)
    this.free = new Float64Array(width * p.cores)
    this.score = new Float64Array(width)
    this.hash = new Float64Array(width)
  }

  /** One empty schedule. */
  begin(p: PlaceProblem): void {
    this.count = 1
    for (let t = 0; t < p.tasks; t++) {
      this.core[t] = -1
      this.pending[t] = p.predStart[t + 1] - p.predStart[t]
      if (this.pending[t] === 0) this.ready[this.readyCount[0]++] = t
    }
  }

  earliest(p: PlaceProblem, s: number, t: number, c: number): number {
    const at = s * p.tasks
    let ready = Math.max(p.releaseUs[t], this.free[s * p.cores + c])
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      const u = p.pred[e]
      const from = this.core[at + u]
      const lag = startLagUs(p, u, p.kindOfCore[from], p.kindOfCore[c], from === c, p.predVolume[e])
      if (this.start[at + u] + lag > ready) ready = this.start[at + u] + lag
    }
    return ready
  }

  /** Appends the schedule `s` of another level with one more task. */
  extend(
    p: PlaceProblem,
    from: Level,
    s: number,
    task: number,
    core: number,
    start: number,
    score: number,
    hash: number,
  ): void {
    const { tasks, cores } = p
    const to = this.count++
    const at = to * tasks
    this.core.set(from.core.subarray(s * tasks, (s + 1) * tasks), at)
    this.start.set(from.start.subarray(s * tasks, (s + 1) * tasks), at)
    this.pending.set(from.pending.subarray(s * tasks, (s + 1) * tasks), at)
    this.free.set(from.free.subarray(s * cores, (s + 1) * cores), to * cores)
    this.core[at + task] = core
    this.start[at + task] = start
    this.free[to * cores + core] = start + p.heldUs[task * p.kinds + p.kindOfCore[core]]
    let count = 0
    for (let i = 0; i < from.readyCount[s]; i++) {
      const t = from.ready[s * tasks + i]
      if (t !== task) this.ready[at + count++] = t
    }
    for (let e = p.succStart[task]; e < p.succStart[task + 1]; e++)
      if (--this.pending[at + p.succ[e]] === 0) this.ready[at + count++] = p.succ[e]
    this.readyCount[to] = count
    this.score[to] = score
    this.hash[to] = hash
  }
}
