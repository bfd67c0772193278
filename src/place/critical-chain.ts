import type { Schedule } from '../model/index.js'
import { startLagUs, type PlaceProblem } from './problem.js'

/**
 * Tasks of one chain that makes the schedule as long as it is, first to last: each starts when the one before it lets
 * it, by its data or by freeing the core. Begins where a task starts at its release or for no visible reason.
 */
export function criticalChain(p: PlaceProblem, schedule: Schedule): number[] {
  const { startUs, endUs } = schedule
  if (p.tasks === 0) return []
  const kindIndex = new Map(p.kindNames.map((name, k) => [name, k]))
  const kind = schedule.core.map((name) => kindIndex.get(name) ?? 0)
  const core = kind.map((k, t) => p.firstCore[k] + schedule.coreId[t])
  const before = new Int32Array(p.tasks).fill(-1)
  const last = new Int32Array(p.cores).fill(-1)
  const byStart = Array.from(startUs, (_, t) => t).sort((a, b) => startUs[a] - startUs[b])
  for (const t of byStart) {
    before[t] = last[core[t]]
    last[core[t]] = t
  }
  let at = 0
  for (let t = 1; t < p.tasks; t++) if (endUs[t] > endUs[at]) at = t
  const slack = 1e-9 * Math.max(1, endUs[at])
  const chain: number[] = []
  for (let steps = 0; at >= 0 && steps <= p.tasks; steps++) {
    chain.push(at)
    if (startUs[at] <= p.releaseUs[at] + slack) break
    let cause = -1
    for (let e = p.predStart[at]; e < p.predStart[at + 1]; e++) {
      const u = p.pred[e]
      const lag = startLagUs(p, u, kind[u], kind[at], core[u] === core[at], p.predVolume[e])
      if (startUs[u] + lag >= startUs[at] - slack) cause = u
    }
    const previous = before[at]
    if (cause < 0 && previous >= 0) {
      const free = startUs[previous] + p.heldUs[previous * p.kinds + kind[previous]]
      if (free >= startUs[at] - slack || endUs[previous] >= startUs[at] - slack) cause = previous
    }
    at = cause
  }
  return chain.reverse()
}
