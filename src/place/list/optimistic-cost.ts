import type { PlaceProblem } from '../problem.js'
import { edgeWeights } from './ranks.js'

/**
 * Optimistic cost table of PEFT, [task × kinds + kind]: the longest over successors of the shortest time from the
 * task's end on that kind to the end of the graph, transfers at their mean unless the successor stays on the core.
 */
export function optimisticCost(p: PlaceProblem): Float64Array {
  const edges = edgeWeights(p)
  const table = new Float64Array(p.tasks * p.kinds)
  for (let i = p.tasks - 1; i >= 0; i--) {
    const t = p.order[i]
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
      const u = p.pred[e]
      for (let kind = 0; kind < p.kinds; kind++) {
        let best = Infinity
        for (let other = 0; other < p.kinds; other++) {
          const time = p.timeUs[t * p.kinds + other]
          if (time === Infinity) continue
          const cost = table[t * p.kinds + other] + time + (other === kind ? 0 : edges[e])
          if (cost < best) best = cost
        }
        if (best > table[u * p.kinds + kind]) table[u * p.kinds + kind] = best
      }
    }
  }
  return table
}
