import type { PlaceProblem } from '../problem.js'
import { ScheduleBuilder } from './schedule-builder.js'
import { placeInOrder, type Cancelled } from './place-in-order.js'
import { byDescending, taskWeights, upwardRank } from './ranks.js'
import { earliestFinishCore } from './static-list.js'

/** One ready task with its best core. */
interface Offer {
  readonly task: number
  readonly core: number
  readonly end: number
  readonly start: number
  /** Second best end, on another core. */
  readonly secondEnd: number
}

/** Which ready task goes next: the larger value wins, ties to the lower index. */
type Choice = (offer: Offer) => number

/** Repeatedly places the ready task that `choice` likes best on its core of earliest finish (or start). */
function dynamicList(
  p: PlaceProblem,
  cancelled: Cancelled,
  choice: Choice,
  byStart = false,
): ScheduleBuilder {
  return placeBest(p, cancelled, (builder, ready) => {
    let best = bestOffer(builder, ready[0], byStart)
    let bestValue = choice(best)
    for (let i = 1; i < ready.length; i++) {
      const offer = bestOffer(builder, ready[i], byStart)
      const value = choice(offer)
      if (value > bestValue) {
        best = offer
        bestValue = value
      }
    }
    return best
  })
}

/**
 * Repeatedly places one of the ready tasks, given by ascending index, on a core; both are `choose`'s. Once cancelled,
 * the rest is placed as it comes: every choice looks at every ready task, and there may be thousands.
 */
function placeBest(
  p: PlaceProblem,
  cancelled: Cancelled,
  choose: (builder: ScheduleBuilder, ready: readonly number[]) => { task: number; core: number },
): ScheduleBuilder {
  const builder = new ScheduleBuilder(p)
  const pending = Int32Array.from(
    { length: p.tasks },
    (_, t) => p.predStart[t + 1] - p.predStart[t],
  )
  const ready: number[] = []
  for (let t = 0; t < p.tasks; t++) if (pending[t] === 0) ready.push(t)
  while (ready.length > 0 && !cancelled()) {
    const { task, core } = choose(builder, ready)
    builder.place(task, core)
    ready.splice(placeOf(ready, task), 1)
    for (let e = p.succStart[task]; e < p.succStart[task + 1]; e++) {
      const next = p.succ[e]
      if (--pending[next] === 0) ready.splice(placeOf(ready, next), 0, next)
    }
  }
  builder.placeRest()
  return builder
}

/** Place of a task in an ascending list, or where it would go. */
function placeOf(ready: readonly number[], task: number): number {
  let low = 0
  let high = ready.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (ready[middle] < task) low = middle + 1
    else high = middle
  }
  return low
}

function bestOffer(builder: ScheduleBuilder, task: number, byStart: boolean): Offer {
  let core = -1
  let key = Infinity
  let end = Infinity
  let start = Infinity
  let secondEnd = Infinity
  for (let c = 0; c < builder.problem.cores; c++) {
    const s = builder.earliestStart(task, c)
    if (s === Infinity) continue
    const e = builder.earliestEnd(task, c)
    const k = byStart ? s : e
    if (k < key || (k === key && e < end)) {
      if (core >= 0) secondEnd = Math.min(secondEnd, end)
      core = c
      key = k
      end = e
      start = s
    } else secondEnd = Math.min(secondEnd, e)
  }
  return { task, core, end, start, secondEnd }
}

/** Min-min: of all ready tasks the one that can end first. */
export function minMin(p: PlaceProblem, cancelled: Cancelled): ScheduleBuilder {
  return dynamicList(p, cancelled, (offer) => -offer.end)
}

/** Max-min: of all ready tasks the one whose earliest end is last. */
export function maxMin(p: PlaceProblem, cancelled: Cancelled): ScheduleBuilder {
  return dynamicList(p, cancelled, (offer) => offer.end)
}

/** Sufferage: the ready task that would lose most by not getting its best core. */
export function sufferage(p: PlaceProblem, cancelled: Cancelled): ScheduleBuilder {
  return dynamicList(p, cancelled, (offer) =>
    offer.secondEnd === Infinity ? 1e15 - offer.end : offer.secondEnd - offer.end,
  )
}

/** ETF (Hwang et al. 1989): the ready task that can start first, ties to the longer remaining path. */
export function etf(p: PlaceProblem, cancelled: Cancelled): ScheduleBuilder {
  const level = upwardRank(p, taskWeights(p), new Float64Array(p.pred.length))
  const scale = 1e-9 / Math.max(1, ...level)
  return dynamicList(
    p,
    cancelled,
    (offer) => -offer.start + level[offer.task] * scale * offer.start,
    true,
  )
}

/** DLS (Sih, Lee 1993): highest dynamic level = static level − earliest start + advantage of the core over the median. */
export function dls(p: PlaceProblem, cancelled: Cancelled): ScheduleBuilder {
  const median = taskWeights(p, 'median')
  const level = upwardRank(p, median, new Float64Array(p.pred.length))
  return placeBest(p, cancelled, (builder, ready) => {
    let task = -1
    let core = -1
    let best = -Infinity
    for (const t of ready) {
      for (let c = 0; c < p.cores; c++) {
        const start = builder.earliestStart(t, c)
        if (start === Infinity) continue
        const value = level[t] - start + median[t] - p.timeUs[t * p.kinds + p.kindOfCore[c]]
        if (value > best) {
          best = value
          task = t
          core = c
        }
      }
    }
    return { task, core }
  })
}

/** Look-ahead HEFT (Bittencourt et al. 2010): the core that lets the task's children end earliest. */
export function lookahead(p: PlaceProblem, cancelled: Cancelled): ScheduleBuilder {
  const builder = new ScheduleBuilder(p)
  placeInOrder(builder, byDescending(p, upwardRank(p)), cancelled, (task) => {
    let best = -1
    let bestValue = Infinity
    let bestEnd = Infinity
    for (let core = 0; core < p.cores; core++) {
      const end = builder.earliestEnd(task, core)
      if (end === Infinity) continue
      const value = Math.max(end, childrenEnd(p, builder, task, core, end))
      if (value < bestValue || (value === bestValue && end < bestEnd)) {
        bestValue = value
        bestEnd = end
        best = core
      }
    }
    return best < 0 ? earliestFinishCore(builder, task) : best
  })
  return builder
}

/** Latest over the children of their earliest end, counting only the parents that are placed. */
function childrenEnd(
  p: PlaceProblem,
  builder: ScheduleBuilder,
  task: number,
  core: number,
  end: number,
): number {
  let latest = 0
  const kind = p.kindOfCore[core]
  for (let e = p.succStart[task]; e < p.succStart[task + 1]; e++) {
    const child = p.succ[e]
    let best = Infinity
    for (let other = 0; other < p.cores; other++) {
      const otherKind = p.kindOfCore[other]
      const time = p.timeUs[child * p.kinds + otherKind]
      if (time === Infinity) continue
      const sent =
        other === core || !p.hasTransfers
          ? 0
          : p.latencyUs + p.succVolume[e] * p.usPerVolume[kind * p.kinds + otherKind]
      let ready = end + sent
      const free = builder.laneEnd(other)
      if (other !== core && free > ready) ready = free
      if (ready + time < best) best = ready + time
    }
    if (best > latest) latest = best
  }
  return latest
}
