import type { PlaceProblem } from '../problem.js'
import { ScheduleBuilder } from './schedule-builder.js'
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
function dynamicList(p: PlaceProblem, choice: Choice, byStart = false): ScheduleBuilder {
  const builder = new ScheduleBuilder(p)
  const pending = Int32Array.from(
    { length: p.tasks },
    (_, t) => p.predStart[t + 1] - p.predStart[t],
  )
  let ready: number[] = []
  for (let t = 0; t < p.tasks; t++) if (pending[t] === 0) ready.push(t)
  while (ready.length > 0) {
    let best: Offer | undefined
    let bestValue = -Infinity
    for (const task of ready) {
      const offer = bestOffer(builder, task, byStart)
      const value = choice(offer)
      if (best === undefined || value > bestValue) {
        best = offer
        bestValue = value
      }
    }
    if (best === undefined) break
    const { task, core } = best
    builder.place(task, core)
    ready = ready.filter((each) => each !== task)
    for (let e = p.succStart[task]; e < p.succStart[task + 1]; e++) {
      if (--pending[p.succ[e]] === 0) ready.push(p.succ[e])
    }
    ready.sort((a, b) => a - b)
  }
  return builder
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
export function minMin(p: PlaceProblem): ScheduleBuilder {
  return dynamicList(p, (offer) => -offer.end)
}

/** Max-min: of all ready tasks the one whose earliest end is last. */
export function maxMin(p: PlaceProblem): ScheduleBuilder {
  return dynamicList(p, (offer) => offer.end)
}

/** Sufferage: the ready task that would lose most by not getting its best core. */
export function sufferage(p: PlaceProblem): ScheduleBuilder {
  return dynamicList(p, (offer) =>
    offer.secondEnd === Infinity ? 1e15 - offer.end : offer.secondEnd - offer.end,
  )
}

/** ETF (Hwang et al. 1989): the ready task that can start first, ties to the longer remaining path. */
export function etf(p: PlaceProblem): ScheduleBuilder {
  const level = upwardRank(p, taskWeights(p), new Float64Array(p.pred.length))
  const scale = 1e-9 / Math.max(1, ...level)
  return dynamicList(p, (offer) => -offer.start + level[offer.task] * scale * offer.start, true)
}

/** DLS (Sih, Lee 1993): highest dynamic level = static level − earliest start + advantage of the core over the median. */
export function dls(p: PlaceProblem): ScheduleBuilder {
  const median = taskWeights(p, 'median')
  const level = upwardRank(p, median, new Float64Array(p.pred.length))
  const builder = new ScheduleBuilder(p)
  const pending = Int32Array.from(
    { length: p.tasks },
    (_, t) => p.predStart[t + 1] - p.predStart[t],
  )
  let ready: number[] = []
  for (let t = 0; t < p.tasks; t++) if (pending[t] === 0) ready.push(t)
  while (ready.length > 0) {
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
    builder.place(task, core)
    const placed = task
    ready = ready.filter((each) => each !== placed)
    for (let e = p.succStart[task]; e < p.succStart[task + 1]; e++) {
      if (--pending[p.succ[e]] === 0) ready.push(p.succ[e])
    }
    ready.sort((a, b) => a - b)
  }
  return builder
}

/** Look-ahead HEFT (Bittencourt et al. 2010): the core that lets the task's children end earliest. */
export function lookahead(p: PlaceProblem): ScheduleBuilder {
  const builder = new ScheduleBuilder(p)
  for (const task of byDescending(p, upwardRank(p))) {
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
    builder.place(task, best < 0 ? earliestFinishCore(builder, task) : best)
  }
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
