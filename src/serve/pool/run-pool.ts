import { EventHeap } from '../../base/index.js'
import type { Run } from '../../model/index.js'
import type { Chooser } from '../policy.js'
import type { QueueState } from '../queue-state.js'
import { smallestKey } from '../run-by-choice.js'
import type { Recorder, Simulation } from '../simulation.js'
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
  chooser: Chooser,
  run: Run,
  recorder?: Recorder,
): Simulation | undefined {
  const { ids, arrivalS, remainingS, executedS, at, layersLeft, lastRunS } = queue
  const { realNextS } = queue.tables
  const { traceIndex, parent } = queue.stream
  const predictedS = queue.knowledge.remainingS
  const choose = chooser.kind === 'choice' ? chooser.choose : smallestKey(queue, chooser.key)
  const hooks = chooser.kind === 'choice' ? chooser : undefined
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
    let place = queue.length++
    while (place > 0 && ids[place - 1] > id) {
      ids[place] = ids[place - 1]
      place--
    }
    ids[place] = id
    hooks?.joined?.(id)
  }
  const drop = (id: number): void => {
    open.requests--
    for (const follower of followers[id] ?? []) drop(follower)
  }
  const remove = (place: number): void => {
    hooks?.left?.(ids[place])
    queue.length--
    for (let i = place; i < queue.length; i++) ids[i] = ids[i + 1]
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
  const start = (machine: number, place: number, nowS: number): void => {
    const id = ids[place]
    remove(place)
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
      if (running[machine] >= 0 || queue.length === 0) continue
      const place = chooseFor(machine, nowS)
      if (place < 0) continue
      decisions++
      start(machine, place, nowS)
      if (decisions % POLL_EVERY === 0 && run.cancelled()) return undefined
    }
  }
  return {
    finishS,
    preemptions,
    decisions,
    busyS,
    ...(chooser.kind === 'choice' && chooser.differing ? { differing: chooser.differing() } : {}),
    ...(recorder ? { segments: recorder.finish() } : {}),
  }

  /** The policy's choice among those that may run on a machine; the others leave its sight meanwhile. Place, or −1. */
  function chooseFor(machine: number, nowS: number): number {
    const { affinity } = system
    if (affinity === undefined) return choose(nowS)
    const all = Array.from(ids.subarray(0, queue.length))
    const allowed = all.filter((id) => affinity[traceIndex[id]].includes(machine))
    if (allowed.length === 0) return -1
    const hidden = all.filter((id) => !affinity[traceIndex[id]].includes(machine))
    for (const id of hidden) hooks?.left?.(id)
    ids.set(allowed)
    queue.length = allowed.length
    const chosen = ids[choose(nowS)]
    ids.set(all)
    queue.length = all.length
    for (const id of hidden) hooks?.joined?.(id)
    return all.indexOf(chosen)
  }
}

function followersOf(parent: Int32Array | undefined, count: number): (number[] | undefined)[] {
  const out: (number[] | undefined)[] = []
  if (parent === undefined) return out
  for (let id = 0; id < count; id++) if (parent[id] >= 0) (out[parent[id]] ??= []).push(id)
  return out
}
