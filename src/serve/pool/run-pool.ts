import { EventHeap } from '../../base/index.js'
import type { Run } from '../../model/index.js'
import type { Chooser } from '../policy.js'
import type { QueueState } from '../queue-state.js'
import type { Recorder, Simulation } from '../simulation.js'
import { schedulerViews, type SchedulerView } from './scheduler-view.js'
import type { ServeSystem } from './serve-system.js'

const POLL_EVERY = 1 << 12

/**
 * Any system, layer by layer: whenever an accelerator is free, the policy chooses among the requests that wait and
 * may run on it (the one it ran last included). Of several free accelerators the fastest chooses first, then the
 * first. A request occupies one accelerator at a time and may move between layers; leaving it unfinished costs
 * `saveS`, resuming it `restoreS`. An accelerator idles until something that may run on it waits.
 * @returns undefined when cancelled
 */
export function runPool(
  queue: QueueState,
  system: ServeSystem,
  startPolicy: (queue: QueueState) => Chooser,
  run: Run,
  recorder?: Recorder,
): Simulation | undefined {
  const { arrivalS, remainingS, executedS, at, layersLeft, lastRunS } = queue
  const { realNextS } = queue.tables
  const { parent } = queue.stream
  const predictedS = queue.knowledge.remainingS
  const { views, ofMachine } = schedulerViews(queue, system, startPolicy)
  const count = arrivalS.length
  const machines = system.speeds.length
  const bySpeed = system.speeds
    .map((_, a) => a)
    .sort((a, b) => system.speeds[b] - system.speeds[a] || a - b)
  const finishS = new Float64Array(count).fill(Number.NaN)
  const followers = followersOf(parent, count)
  const running = new Int32Array(machines).fill(-1)
  /** Last unfinished request of each accelerator, whose state is still loaded there. */
  const loaded = new Int32Array(machines).fill(-1)
  const started = new Uint8Array(count)
  const away = new Uint8Array(count)
  // Ends of layers carry the accelerator, arrivals the number of accelerators + the request.
  const events = new EventHeap()
  for (let id = 0; id < count; id++)
    if ((parent?.[id] ?? -1) < 0) events.push(arrivalS[id], id + machines)
  const open = { requests: count }
  let busyS = 0
  let preemptions = 0
  let decisions = 0

  const admit = (id: number, nowS: number): void => {
    if (system.admission === 'feasible' && nowS + remainingS[id] > queue.deadlineS[id]) {
      drop(id)
      return
    }
    join(id)
  }
  const join = (id: number): void => {
    for (const view of views) if (view.mayRun(id)) view.join(id)
  }
  const drop = (id: number): void => {
    open.requests--
    for (const follower of followers[id] ?? []) drop(follower)
  }
  const endLayer = (machine: number, nowS: number): void => {
    const id = running[machine]
    running[machine] = -1
    lastRunS[id] = nowS
    if (layersLeft[id] > 0) {
      loaded[machine] = id
      join(id)
      return
    }
    loaded[machine] = -1
    finishS[id] = nowS
    open.requests--
    for (const follower of followers[id] ?? []) {
      const arrival = Math.max(arrivalS[follower], nowS)
      queue.deadlineS[follower] = arrival + queue.stream.sloS[follower]
      lastRunS[follower] = arrival
      events.push(arrival, follower + machines)
    }
  }
  const start = (machine: number, id: number, nowS: number): void => {
    for (const view of views) if (view.mayRun(id)) view.leave(id)
    let beginS = nowS
    const previous = loaded[machine]
    if (previous >= 0 && previous !== id) {
      preemptions++
      beginS += system.saveS
      away[previous] = 1
    }
    if (started[id] === 1 && (away[id] === 1 || previous !== id)) {
      beginS += system.restoreS
      for (let other = 0; other < machines; other++) if (loaded[other] === id) loaded[other] = -1
    }
    away[id] = 0
    started[id] = 1
    loaded[machine] = id
    running[machine] = id
    const layerS = realNextS[at[id]] / system.speeds[machine]
    const endS = beginS + layerS
    busyS += endS - nowS
    at[id]++
    layersLeft[id]--
    executedS[id] += layerS
    remainingS[id] = predictedS[at[id]]
    recorder?.ran(id, beginS, endS, 1, machine)
    events.push(endS, machine)
  }

  // Requests that may run nowhere leave no event behind and stay unserved.
  while (open.requests > 0 && events.size > 0) {
    const nowS = events.peekKey()
    while (events.size > 0 && events.peekKey() <= nowS) {
      const event = events.pop()
      if (event < machines) endLayer(event, nowS)
      else admit(event - machines, nowS)
    }
    for (const machine of bySpeed) {
      const view = views[ofMachine[machine]]
      if (running[machine] >= 0 || view.queue.length === 0) continue
      decisions++
      start(machine, view.queue.ids[view.choose(nowS)], nowS)
      if (decisions % POLL_EVERY === 0 && run.cancelled()) return undefined
    }
  }
  return {
    finishS,
    preemptions,
    decisions,
    busyS,
    ...differingOf(views),
    ...(recorder ? { segments: recorder.finish() } : {}),
  }
}

/** Decisions of all schedulers together, where the policy computes in hardware arithmetic. */
function differingOf(views: readonly SchedulerView[]): Pick<Simulation, 'differing'> {
  const counts = views.flatMap(({ chooser }) =>
    chooser.kind === 'choice' && chooser.differing ? [chooser.differing()] : [],
  )
  if (counts.length === 0) return {}
  const sum = (key: 'asked' | 'differing'): number => counts.reduce((n, each) => n + each[key], 0)
  return { differing: { asked: sum('asked'), differing: sum('differing') } }
}

function followersOf(parent: Int32Array | undefined, count: number): (number[] | undefined)[] {
  const out: (number[] | undefined)[] = []
  if (parent === undefined) return out
  for (let id = 0; id < count; id++) if (parent[id] >= 0) (out[parent[id]] ??= []).push(id)
  return out
}
