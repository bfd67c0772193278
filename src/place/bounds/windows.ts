import { startLagUs, type PlaceProblem } from '../problem.js'

/** Earliest starts and shortest remaining ways, per task and kind and over kinds; true of every schedule. */
export interface Windows {
  /** [task × kinds + kind] earliest start on that kind; Infinity where it cannot run. */
  readonly headOn: Float64Array
  /** [task × kinds + kind] shortest time from the start of the task on that kind to the end of the schedule. */
  readonly tailOn: Float64Array
  readonly head: Float64Array
  readonly tail: Float64Array
  /** Shortest time from the moment the task frees its core to the end; may be slightly negative on a clock. */
  readonly tailAfter: Float64Array
}

/**
 * Heads and tails by longest paths in which every task picks its best kind for each neighbour's choice, so transfers
 * that cannot be avoided count. Two tasks of one kind may share a core and then transfer nothing.
 */
export function windows(p: PlaceProblem): Windows {
  const { tasks, kinds } = p
  const headOn = new Float64Array(tasks * kinds).fill(Infinity)
  const tailOn = new Float64Array(tasks * kinds).fill(Infinity)
  for (const t of p.order) {
    for (let k = 0; k < kinds; k++) {
      if (p.timeUs[t * kinds + k] === Infinity) continue
      let head = p.releaseUs[t]
      for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
        const u = p.pred[e]
        let best = Infinity
        for (let a = 0; a < kinds; a++) {
          if (headOn[u * kinds + a] === Infinity) continue
          const at = headOn[u * kinds + a] + startLagUs(p, u, a, k, a === k, p.predVolume[e])
          if (at < best) best = at
        }
        if (best > head) head = best
      }
      headOn[t * kinds + k] = head
    }
  }
  for (let i = tasks - 1; i >= 0; i--) {
    const t = p.order[i]
    for (let k = 0; k < kinds; k++) {
      if (p.timeUs[t * kinds + k] === Infinity) continue
      let tail = p.timeUs[t * kinds + k]
      for (let e = p.succStart[t]; e < p.succStart[t + 1]; e++) {
        const v = p.succ[e]
        let best = Infinity
        for (let b = 0; b < kinds; b++) {
          if (tailOn[v * kinds + b] === Infinity) continue
          const way = startLagUs(p, t, k, b, b === k, p.succVolume[e]) + tailOn[v * kinds + b]
          if (way < best) best = way
        }
        if (best > tail) tail = best
      }
      tailOn[t * kinds + k] = tail
    }
  }
  const head = new Float64Array(tasks)
  const tail = new Float64Array(tasks)
  const tailAfter = new Float64Array(tasks)
  for (let t = 0; t < tasks; t++) {
    head[t] = tail[t] = tailAfter[t] = Infinity
    for (let k = 0; k < kinds; k++) {
      const slot = t * kinds + k
      if (headOn[slot] === Infinity) continue
      head[t] = Math.min(head[t], headOn[slot])
      tail[t] = Math.min(tail[t], tailOn[slot])
      tailAfter[t] = Math.min(tailAfter[t], tailOn[slot] - p.heldUs[slot])
    }
  }
  return { headOn, tailOn, head, tail, tailAfter }
}
