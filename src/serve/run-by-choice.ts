import type { Run } from '../model/index.js'
import type { Chooser, Policy } from './policy.js'
import type { QueueState } from './queue-state.js'
import type { Recorder, Simulation } from './simulation.js'

const POLL_EVERY = 1 << 12

/**
 * One accelerator under any policy: asked before every layer (or as {@link Policy.asked} says), in the order of the
 * published loop (specification §4): admission, decision, execution of one layer.
 * @returns undefined when cancelled
 */
export function runByChoice(
  queue: QueueState,
  policy: Policy,
  chooser: Chooser,
  run: Run,
  recorder?: Recorder,
): Simulation | undefined {
  const { ids, arrivalS, remainingS, executedS, at, layersLeft, lastRunS } = queue
  const { realNextS, conventions } = queue.tables
  const predictedS = queue.knowledge.remainingS
  const rewinds = conventions.idleClock === 'rewinds'
  const strict = conventions.admission === 'before-now'
  const choose = chooser.kind === 'choice' ? chooser.choose : smallestKey(queue, chooser.key)
  const keeps = chooser.kind === 'choice' ? chooser.keeps : undefined
  const joined = chooser.kind === 'choice' ? chooser.joined : undefined
  const departed = chooser.kind === 'choice' ? chooser.left : undefined
  const score = chooser.kind === 'choice' ? chooser.score : chooser.key
  const differing = chooser.kind === 'choice' ? chooser.differing : undefined
  const logged = recorder?.maxDecisions ?? 0
  const askAlone = policy.asked === 'every-layer'
  const askLayers = policy.asked !== 'events'
  const count = arrivalS.length
  const finishS = new Float64Array(count)
  let now = 0
  let busyS = 0
  let next = 0
  let preemptions = 0
  let decisions = 0
  let sincePoll = 0
  let running = -1
  let place = -1
  for (let finished = 0; finished < count;) {
    const before = next
    if (queue.length === 0) {
      const arrival = arrivalS[next]
      now = rewinds || arrival > now ? arrival : now
      ids[queue.length++] = next++
      if (!strict) while (next < count && arrivalS[next] <= now) ids[queue.length++] = next++
    } else {
      while (next < count && (strict ? arrivalS[next] < now : arrivalS[next] <= now))
        ids[queue.length++] = next++
    }
    if (joined !== undefined) for (let id = before; id < next; id++) joined(id)
    const previous = running
    if (running < 0 || askLayers || next > before) {
      if (queue.length === 1 && !askAlone) {
        place = 0
      } else if (
        previous < 0 ||
        next > before ||
        logged > 0 ||
        keeps === undefined ||
        !keeps(now)
      ) {
        place = choose(now)
        decisions++
      }
      running = ids[place]
      if (previous >= 0 && previous !== running) preemptions++
    }
    if (recorder !== undefined && recorder.log.length < logged) {
      const members = Array.from(ids.subarray(0, queue.length))
      const scores = members.map((id) => score(id, now))
      recorder.log.push({ timeS: now, queue: members, scores, pick: running })
    }
    if (++sincePoll === POLL_EVERY) {
      sincePoll = 0
      if (run.cancelled()) return undefined
    }
    const position = at[running]
    const layerS = realNextS[position]
    const startS = now
    now += layerS
    busyS += layerS
    at[running] = position + 1
    remainingS[running] = predictedS[position + 1]
    executedS[running] += layerS
    lastRunS[running] = now
    recorder?.ran(running, startS, now)
    if (--layersLeft[running] === 0) {
      finishS[running] = now
      finished++
      departed?.(running)
      const last = --queue.length
      for (let i = place; i < last; i++) ids[i] = ids[i + 1]
      running = -1
    }
  }
  return {
    finishS,
    preemptions,
    decisions,
    busyS,
    ...(differing ? { differing: differing() } : {}),
    ...(recorder ? { segments: recorder.finish(), log: recorder.log } : {}),
  }
}

/** Scan in order of admission; a later request replaces the incumbent only on a strictly smaller key. */
export function smallestKey(
  queue: QueueState,
  key: (id: number, nowS: number) => number,
): (nowS: number) => number {
  const { ids } = queue
  return (nowS) => {
    let best = 0
    let bestKey = key(ids[0], nowS)
    for (let i = 1; i < queue.length; i++) {
      const candidate = key(ids[i], nowS)
      if (candidate < bestKey) {
        best = i
        bestKey = candidate
      }
    }
    return best
  }
}
