import type { Chooser } from '../policy.js'
import type { QueueState } from '../queue-state.js'
import { smallestKey } from '../run-by-choice.js'
import type { ServeSystem } from './serve-system.js'

/** The requests that wait for the accelerators of one group, by id, and the policy at work on them. */
export interface SchedulerView {
  readonly queue: QueueState
  readonly chooser: Chooser
  /** Place in the queue of the request that runs next; the queue is not empty. */
  readonly choose: (nowS: number) => number
  readonly mayRun: (id: number) => boolean
  join(id: number): void
  leave(id: number): void
}

/** Every view, and the index of that of each accelerator. */
export interface SchedulerViews {
  readonly views: readonly SchedulerView[]
  readonly ofMachine: readonly number[]
}

/**
 * One view per group of accelerators that may run the same networks: a request waits in the views of all groups that may
 * run it and leaves them together, so a policy never sees one that it cannot choose. All views share the state of requests.
 */
export function schedulerViews(
  state: QueueState,
  system: ServeSystem,
  start: (queue: QueueState) => Chooser,
): SchedulerViews {
  const { affinity } = system
  const { traceIndex } = state.stream
  const groups = new Map<string, number>()
  const views: SchedulerView[] = []
  const ofMachine = system.speeds.map((_, machine) => {
    const traces = affinity?.map((allowed) => allowed.includes(machine))
    const key = traces?.join() ?? 'all'
    const known = groups.get(key)
    if (known !== undefined) return known
    const mayRun = (id: number): boolean => traces?.[traceIndex[id]] ?? true
    groups.set(key, views.length)
    return views.push(createView(state, start, mayRun)) - 1
  })
  return { views, ofMachine }
}

function createView(
  state: QueueState,
  start: (queue: QueueState) => Chooser,
  mayRun: (id: number) => boolean,
): SchedulerView {
  const queue: QueueState = { ...state, ids: new Int32Array(state.ids.length), length: 0 }
  const chooser = start(queue)
  const hooks = chooser.kind === 'choice' ? chooser : undefined
  const { ids } = queue
  return {
    queue,
    chooser,
    choose: chooser.kind === 'choice' ? chooser.choose : smallestKey(queue, chooser.key),
    mayRun,
    join(id) {
      let place = queue.length++
      for (; place > 0 && ids[place - 1] > id; place--) ids[place] = ids[place - 1]
      ids[place] = id
      hooks?.joined?.(id)
    },
    leave(id) {
      hooks?.left?.(id)
      let place = queue.length - 1
      while (ids[place] !== id) place--
      ids.copyWithin(place, place + 1, queue.length--)
    },
  }
}
