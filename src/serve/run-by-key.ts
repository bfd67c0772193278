import type { Run } from '../model/index.js'
import { IdHeap } from './id-heap.js'
import type { Chooser, Policy } from './policy.js'
import type { QueueState } from './queue-state.js'
import type { Recorder, Simulation } from './simulation.js'

const POLL_EVERY = 1 << 14

/**
 * One accelerator under a policy whose keys do not change while a request waits: the waiting requests form a heap,
 * and the running one is compared with its top only when that can change (an arrival; or, when execution changes
 * keys, a layer boundary). Gives exactly the schedule of a full scan before every layer.
 * @returns undefined when cancelled
 */
export function runByKey(
  queue: QueueState,
  policy: Policy,
  chooser: Extract<Chooser, { kind: 'key' }>,
  run: Run,
  recorder?: Recorder,
): Simulation | undefined {
  const { arrivalS, remainingS, executedS, at, layersLeft, lastRunS } = queue
  const { realNextS, conventions } = queue.tables
  const predictedS = queue.knowledge.remainingS
  const rewinds = conventions.idleClock === 'rewinds'
  const strict = conventions.admission === 'before-now'
  const changesWhenRun = policy.keyChanges !== 'never'
  const count = arrivalS.length
  const finishS = new Float64Array(count)
  const heap = new IdHeap()
  let now = 0
  let busyS = 0
  let next = 0
  let preemptions = 0
  let decisions = 0
  let sincePoll = 0
  let running = -1
  for (let finished = 0; finished < count;) {
    if (running < 0 && heap.size === 0) {
      const arrival = arrivalS[next]
      now = rewinds || arrival > now ? arrival : now
      heap.push(chooser.key(next, now), next)
      next++
      if (!strict)
        while (next < count && arrivalS[next] <= now) heap.push(chooser.key(next, now), next++)
    } else {
      while (next < count && (strict ? arrivalS[next] < now : arrivalS[next] <= now))
        heap.push(chooser.key(next, now), next++)
    }
    if (running < 0) {
      running = heap.pop()
    } else if (!heap.precedes(chooser.key(running, now), running)) {
      heap.push(chooser.key(running, now), running)
      running = heap.pop()
      preemptions++
    }
    decisions++
    if (++sincePoll === POLL_EVERY) {
      sincePoll = 0
      if (run.cancelled()) return undefined
    }
    // Layers run back to back until the outcome of a decision could differ.
    const upcoming = next < count ? arrivalS[next] : Infinity
    let position = at[running]
    let left = layersLeft[running]
    const startS = now
    const layersBefore = left
    let executed = executedS[running]
    for (;;) {
      const layerS = realNextS[position++]
      now += layerS
      left--
      if (changesWhenRun) {
        executed += layerS
        remainingS[running] = predictedS[position]
        executedS[running] = executed
        lastRunS[running] = now
      }
      if (left === 0 || (strict ? upcoming < now : upcoming <= now)) break
      if (changesWhenRun && !heap.precedes(chooser.key(running, now), running)) break
    }
    busyS += now - startS
    at[running] = position
    layersLeft[running] = left
    lastRunS[running] = now
    recorder?.ran(running, startS, now, layersBefore - left)
    if (left === 0) {
      finishS[running] = now
      finished++
      running = -1
    }
  }
  return {
    finishS,
    preemptions,
    decisions,
    busyS,
    ...(recorder ? { segments: recorder.finish() } : {}),
  }
}
