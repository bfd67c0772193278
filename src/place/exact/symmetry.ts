import type { PlaceProblem } from '../problem.js'

/** Groups of cores that can be renumbered among themselves without changing any schedule's length. */
export function interchangeableCores(p: PlaceProblem): number[][] {
  const groups: number[][] = []
  for (let core = 0; core < p.cores; core++) {
    const group = groups.find((each) => each.every((other) => swappable(p, core, other)))
    if (group === undefined) groups.push([core])
    else group.push(core)
  }
  return groups.filter((group) => group.length > 1)
}

function swappable(p: PlaceProblem, a: number, b: number): boolean {
  const x = p.kindOfCore[a]
  const y = p.kindOfCore[b]
  if (x === y) return true
  // Kinds of several cores are swapped as a whole or not at all; only single cores are compared across kinds.
  if (p.firstCore[x + 1] - p.firstCore[x] > 1 || p.firstCore[y + 1] - p.firstCore[y] > 1)
    return false
  for (let t = 0; t < p.tasks; t++)
    if (p.timeUs[t * p.kinds + x] !== p.timeUs[t * p.kinds + y]) return false
  if (!p.hasTransfers) return true
  const cost = (from: number, to: number): number => p.usPerVolume[from * p.kinds + to]
  if (cost(x, y) !== cost(y, x)) return false
  for (let k = 0; k < p.kinds; k++) {
    if (k === x || k === y) continue
    if (cost(x, k) !== cost(y, k) || cost(k, x) !== cost(k, y)) return false
  }
  return true
}

/**
 * Pairs of tasks of which the first may be taken to start no later: equal times, releases and neighbours with equal
 * volumes; and the first operations of successive inputs of a network that arrive together.
 */
export function twinTasks(p: PlaceProblem): [number, number][] {
  const pairs: [number, number][] = []
  const lastOf = new Map<string, number>()
  for (const t of p.order) {
    const neighbours = (start: Int32Array, other: Int32Array, volume: Float64Array): string =>
      Array.from({ length: start[t + 1] - start[t] }, (_, i) => {
        const e = start[t] + i
        return `${other[e]}/${volume[e]}`
      })
        .sort()
        .join(' ')
    const times = p.timeUs.subarray(t * p.kinds, (t + 1) * p.kinds).join(' ')
    const key = [
      times,
      p.releaseUs[t],
      neighbours(p.predStart, p.pred, p.predVolume),
      neighbours(p.succStart, p.succ, p.succVolume),
    ].join('|')
    const twin = lastOf.get(key)
    if (twin !== undefined) pairs.push([twin, t])
    lastOf.set(key, t)
  }
  for (let t = 0; t < p.tasks; t++) {
    if (p.operation[t] !== 0 || p.input[t] === 0) continue
    const { operations } = p.request.applications[p.application[t]].graph
    const before = t - operations.length
    const single = operations.length === 1
    if (!single && p.releaseUs[before] === p.releaseUs[t]) pairs.push([before, t])
  }
  return pairs
}
