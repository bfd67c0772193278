import type { PlaceProblem } from '../problem.js'
import { placeInOrder, placeReady, type Cancelled } from './place-in-order.js'
import { byDescending, downwardRank, edgeWeights, taskWeights, upwardRank } from './ranks.js'
import { optimisticCost } from './optimistic-cost.js'
import { ScheduleBuilder } from './schedule-builder.js'

/** The core on which the task ends earliest; ties go to the lowest core number. */
export function earliestFinishCore(builder: ScheduleBuilder, task: number): number {
  let best = -1
  let bestEnd = Infinity
  for (let core = 0; core < builder.problem.cores; core++) {
    const end = builder.earliestEnd(task, core)
    if (end < bestEnd) {
      bestEnd = end
      best = core
    }
  }
  return best
}

/** HEFT (Topcuoglu, Hariri, Wu 2002): by upward rank, each to the core of earliest finish, with insertion. */
export function heft(p: PlaceProblem, cancelled: Cancelled): ScheduleBuilder {
  const builder = new ScheduleBuilder(p)
  const order = byDescending(p, upwardRank(p))
  placeInOrder(builder, order, cancelled, (task) => earliestFinishCore(builder, task))
  return builder
}

/**
 * CPOP (Topcuoglu, Hariri, Wu 2002): the tasks of one critical path go to the single core that runs the whole path
 * fastest, all others to the core of earliest finish; the ready task of highest rank goes first. A path task that the
 * chosen core cannot run is treated like any other.
 */
export function cpop(p: PlaceProblem, cancelled: Cancelled): ScheduleBuilder {
  const weights = taskWeights(p)
  const edges = edgeWeights(p)
  const up = upwardRank(p, weights, edges)
  const down = downwardRank(p, weights, edges)
  const priority = up.map((rank, t) => rank + down[t])
  const onPath = criticalPath(p, priority, up)
  let pathCore = 0
  let pathTime = Infinity
  for (let k = 0; k < p.kinds; k++) {
    if (p.firstCore[k] === p.firstCore[k + 1]) continue
    let total = 0
    for (let t = 0; t < p.tasks; t++)
      if (onPath[t]) total += Math.min(p.timeUs[t * p.kinds + k], 1e15)
    if (total < pathTime) {
      pathTime = total
      pathCore = p.firstCore[k]
    }
  }
  const builder = new ScheduleBuilder(p)
  placeReady(builder, priority, cancelled, (task) => {
    const fits = p.timeUs[task * p.kinds + p.kindOfCore[pathCore]] !== Infinity
    return onPath[task] && fits ? pathCore : earliestFinishCore(builder, task)
  })
  return builder
}

/** PEFT (Arabnejad, Barbosa 2014): optimistic cost table as rank, core by earliest finish plus optimistic remainder. */
export function peft(p: PlaceProblem, cancelled: Cancelled): ScheduleBuilder {
  const table = optimisticCost(p)
  const rank = new Float64Array(p.tasks)
  for (let t = 0; t < p.tasks; t++) {
    let sum = 0
    let count = 0
    for (let core = 0; core < p.cores; core++) {
      const kind = p.kindOfCore[core]
      if (p.timeUs[t * p.kinds + kind] === Infinity) continue
      sum += table[t * p.kinds + kind]
      count++
    }
    rank[t] = sum / count
  }
  const builder = new ScheduleBuilder(p)
  placeReady(builder, rank, cancelled, (task) => {
    let best = -1
    let bestEnd = Infinity
    for (let core = 0; core < p.cores; core++) {
      const end = builder.earliestEnd(task, core)
      if (end === Infinity) continue
      const total = end + table[task * p.kinds + p.kindOfCore[core]]
      if (total < bestEnd) {
        bestEnd = total
        best = core
      }
    }
    return best
  })
  return builder
}

/** Marks one critical path: from the entry of highest priority along successors of equal priority. */
function criticalPath(p: PlaceProblem, priority: Float64Array, up: Float64Array): Uint8Array {
  const onPath = new Uint8Array(p.tasks)
  let task = -1
  for (const t of p.order) {
    const entry = p.predStart[t] === p.predStart[t + 1]
    if (entry && (task < 0 || priority[t] > priority[task])) task = t
  }
  const length = up[task]
  while (task >= 0) {
    onPath[task] = 1
    let next = -1
    for (let e = p.succStart[task]; e < p.succStart[task + 1]; e++) {
      const v = p.succ[e]
      if (Math.abs(priority[v] - length) > 1e-9 * length) continue
      if (next < 0 || v < next) next = v
    }
    task = next
  }
  return onPath
}
