import { transferUs, type PlaceProblem } from '../problem.js'

/** How the times of a task on the cores that can run it become one number. */
export type TimeMeasure = 'mean' | 'worst' | 'best' | 'median'

/** One time per task, over all cores (not kinds: four NPUs weigh four times). */
export function taskWeights(p: PlaceProblem, measure: TimeMeasure = 'mean'): Float64Array {
  const weights = new Float64Array(p.tasks)
  // Instances of an operation weigh the same.
  const first = new Map<number, number>()
  for (let t = 0; t < p.tasks; t++) {
    const same = first.get(p.weightKey[t])
    if (same !== undefined) {
      weights[t] = weights[same]
      continue
    }
    first.set(p.weightKey[t], t)
    const times: number[] = []
    for (let core = 0; core < p.cores; core++) {
      const time = p.timeUs[t * p.kinds + p.kindOfCore[core]]
      if (time !== Infinity) times.push(time)
    }
    if (measure === 'mean') weights[t] = times.reduce((a, b) => a + b, 0) / times.length
    else if (measure === 'worst') weights[t] = Math.max(...times)
    else if (measure === 'best') weights[t] = Math.min(...times)
    else weights[t] = times.sort((a, b) => a - b)[times.length >> 1]
  }
  return weights
}

/** Mean transfer time of an edge over all ordered pairs of different cores that may run its two ends. */
export function meanTransferUs(p: PlaceProblem, u: number, v: number, volume: number): number {
  if (!p.hasTransfers || volume === 0 || p.cores < 2) return 0
  let sum = 0
  let pairs = 0
  for (let a = 0; a < p.kinds; a++) {
    if (p.timeUs[u * p.kinds + a] === Infinity) continue
    const countA = p.firstCore[a + 1] - p.firstCore[a]
    for (let b = 0; b < p.kinds; b++) {
      if (p.timeUs[v * p.kinds + b] === Infinity) continue
      const count = countA * (p.firstCore[b + 1] - p.firstCore[b] - (a === b ? 1 : 0))
      sum += count * transferUs(p, a, b, volume)
      pairs += count
    }
  }
  return pairs === 0 ? 0 : sum / pairs
}

/** Mean transfer time per incoming edge, in the order of `pred`. */
export function edgeWeights(p: PlaceProblem): Float64Array {
  const weights = new Float64Array(p.pred.length)
  for (let t = 0; t < p.tasks; t++) {
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++)
      weights[e] = meanTransferUs(p, p.pred[e], t, p.predVolume[e])
  }
  return weights
}

/** Upward rank: longest path from the start of a task to the end, by mean times (Topcuoglu et al. 2002, eq. 8). */
export function upwardRank(
  p: PlaceProblem,
  weights: Float64Array = taskWeights(p),
  edges: Float64Array = edgeWeights(p),
): Float64Array {
  const rank = weights.slice()
  for (let i = p.tasks - 1; i >= 0; i--) {
    const t = p.order[i]
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      const u = p.pred[e]
      const through = weights[u] + edges[e] + rank[t]
      if (through > rank[u]) rank[u] = through
    }
  }
  return rank
}

/** Downward rank: longest path from the entry to the start of a task, by mean times (Topcuoglu et al. 2002, eq. 10). */
export function downwardRank(
  p: PlaceProblem,
  weights: Float64Array = taskWeights(p),
  edges: Float64Array = edgeWeights(p),
): Float64Array {
  const rank = new Float64Array(p.tasks)
  for (const t of p.order) {
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      const u = p.pred[e]
      rank[t] = Math.max(rank[t], rank[u] + weights[u] + edges[e])
    }
  }
  return rank
}

/** Tasks by descending key; ties in topological order, so a task never comes before its predecessors. */
export function byDescending(p: PlaceProblem, key: Float64Array): Int32Array {
  const position = new Int32Array(p.tasks)
  for (let i = 0; i < p.tasks; i++) position[p.order[i]] = i
  return p.order.slice().sort((a, b) => key[b] - key[a] || position[a] - position[b])
}
