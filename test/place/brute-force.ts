import type { PlaceRequest } from '../../src/place/index.js'

/**
 * Shortest makespan by trying every order and every core: tasks are appended one by one, each at its earliest time
 * behind what its core already does. Some order appends the tasks of an optimal schedule by their starts, so the
 * optimum is among them.
 */
export function bruteForceMakespan(request: PlaceRequest): number {
  const { soc, costs } = request
  const { graph } = request.applications[0]
  const n = graph.operations.length
  const cores = soc.cores.flatMap((kind, k) =>
    Array.from({ length: kind.count }, () => ({ kind, k })),
  )
  const wires = soc.interconnect
  const start = new Array<number>(n).fill(-1)
  const end = new Array<number>(n).fill(-1)
  const on = new Array<number>(n).fill(-1)
  const free = new Array<number>(cores.length).fill(0)
  let best = Infinity
  const extend = (placed: number, makespan: number): void => {
    if (makespan >= best) return
    if (placed === n) {
      best = makespan
      return
    }
    for (let t = 0; t < n; t++) {
      if (on[t] >= 0) continue
      const incoming = graph.edges.filter((edge) => edge.to === t)
      if (incoming.some((edge) => on[edge.from] < 0)) continue
      for (let c = 0; c < cores.length; c++) {
        const cost = costs.cost(graph.operations[t], cores[c].kind)
        if (cost === undefined) continue
        let at = free[c]
        for (const { from, volume } of incoming) {
          const sent =
            on[from] === c || volume === 0 || wires === undefined
              ? 0
              : wires.latencyUs + volume * wires.usPerVolume[cores[on[from]].k][cores[c].k]
          at = Math.max(at, end[from] + sent)
        }
        const before = free[c]
        start[t] = at
        end[t] = at + cost.latencyUs
        on[t] = c
        free[c] = end[t]
        extend(placed + 1, Math.max(makespan, end[t]))
        free[c] = before
        on[t] = -1
      }
    }
  }
  extend(0, 0)
  return best
}
