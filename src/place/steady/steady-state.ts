import { lowerBounds } from '../bounds/lower-bounds.js'
import { loadBound } from '../bounds/load-bound.js'
import { resourcePrices } from '../bounds/resource-price.js'
import { windows } from '../bounds/windows.js'
import type { PlaceProblem } from '../problem.js'

/** What endless operation can reach: one input of every network per period. */
export interface SteadyState {
  /** No schedule has a shorter period on average: the resource LP. */
  readonly boundUs: number
  /** Period of the modulo schedule below, per input. */
  readonly periodUs: number
  /** Inputs that one table of the modulo schedule holds. */
  readonly inputsPerTable: number
  /** Tables that one input lives through: inputs in flight = stages × inputs per table. */
  readonly stages: number
  readonly inFlight: number
  /** Longest time from the start of an input's first operation to the end of its last. */
  readonly responseUs: number
  /** Start within the table and stage of every operation, [input × operations + operation]. */
  readonly offsetUs: readonly number[]
  readonly stage: readonly number[]
  readonly core: readonly number[]
}

/** Largest number of inputs per table that is tried; operations of a table are bounded too. */
const MOST_INPUTS = 12
const MOST_INSTANCES = 4000

/**
 * A modulo schedule by retiming: the operations of an input are cut along the longest path into stages that run in
 * different tables, so within one table only operations of the same stage and input wait for each other. A table holds
 * as many inputs as the core counts need to share the work evenly; its length is the period times these inputs. More
 * stages loosen the table and lengthen the response; the fewest that reach the shortest table found are kept.
 * @param p one input per network; transfers, memory and releases play no part
 */
export function steadyState(p: PlaceProblem): SteadyState {
  const price = resourcePrices(p, 1500)
  const noWindows = {
    ...windows(p),
    head: new Float64Array(p.tasks),
    tailAfter: new Float64Array(p.tasks),
  }
  let boundUs = loadBound(p, noWindows, price)
  for (let k = 0; k < p.kinds; k++) {
    const count = p.firstCore[k + 1] - p.firstCore[k]
    if (count === 0) continue
    const alone = new Float64Array(p.kinds)
    alone[k] = 1 / count
    boundUs = Math.max(boundUs, loadBound(p, noWindows, alone))
  }
  const pathUs = lowerBounds(p).criticalPathUs
  let best: SteadyState | undefined
  for (let inputs = 1; inputs <= MOST_INPUTS && inputs * p.tasks <= MOST_INSTANCES; inputs++) {
    const kindOf = shareWork(p, inputs, price)
    const fewest = Math.max(1, Math.ceil(pathUs / (boundUs * inputs)))
    for (let stages = fewest; stages <= fewest + 12; stages++) {
      const table = fillTable(p, inputs, stages, kindOf, boundUs)
      if (best !== undefined && table.periodUs >= best.periodUs * (1 - 1e-6)) continue
      best = table
      if (best.periodUs <= boundUs * (1 + 1e-9)) return best
    }
  }
  return best ?? fillTable(p, 1, 1, shareWork(p, 1, price), boundUs)
}

/**
 * Kind per instance of the table: by price, cheapest first; instances that are as cheap elsewhere are dealt out so
 * that the loads per core stay level.
 */
function shareWork(p: PlaceProblem, inputs: number, price: Float64Array): Int32Array {
  const kindOf = new Int32Array(inputs * p.tasks)
  const load = new Float64Array(p.kinds)
  const choices: { slot: number; task: number; spread: number }[] = []
  for (let b = 0; b < inputs; b++) {
    for (let t = 0; t < p.tasks; t++) {
      const costs = Array.from({ length: p.kinds }, (_, k) => price[k] * p.heldUs[t * p.kinds + k])
      const sorted = costs.filter(Number.isFinite).sort((x, y) => x - y)
      choices.push({ slot: b * p.tasks + t, task: t, spread: (sorted[1] ?? 1e15) - sorted[0] })
    }
  }
  // Those with the most to lose choose first; the indifferent fill up what is left.
  choices.sort((a, b) => b.spread - a.spread || a.slot - b.slot)
  for (const { slot, task, spread } of choices) {
    let best = -1
    let bestValue = Infinity
    const firm = spread > 0.05 * Math.max(...price) * p.heldUs[task * p.kinds]
    for (let k = 0; k < p.kinds; k++) {
      const held = p.heldUs[task * p.kinds + k]
      const count = p.firstCore[k + 1] - p.firstCore[k]
      if (held === Infinity || count === 0) continue
      const value = firm ? price[k] * held : (load[k] + held) / count
      if (value < bestValue || (value === bestValue && best < 0)) {
        bestValue = value
        best = k
      }
    }
    kindOf[slot] = best
    load[best] += p.heldUs[task * p.kinds + best]
  }
  return kindOf
}

/** List schedule of one table; its length is the table's period. */
function fillTable(
  p: PlaceProblem,
  inputs: number,
  stages: number,
  kindOf: Int32Array,
  boundUs: number,
): SteadyState {
  const n = inputs * p.tasks
  const held = (slot: number): number => p.heldUs[(slot % p.tasks) * p.kinds + kindOf[slot]]
  const head = new Float64Array(n)
  const tail = new Float64Array(n)
  let longest = 0
  for (let b = 0; b < inputs; b++) {
    for (const t of p.order) {
      const slot = b * p.tasks + t
      for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++) {
        const u = b * p.tasks + p.pred[e]
        head[slot] = Math.max(head[slot], head[u] + held(u))
      }
      longest = Math.max(longest, head[slot] + held(slot))
    }
  }
  // Cutting by the middle of the operation on the longest path keeps predecessors in the same or an earlier stage.
  const stage = Array.from({ length: n }, (_, slot) =>
    Math.min(stages - 1, Math.floor((stages * head[slot]) / longest)),
  )
  for (let b = 0; b < inputs; b++) {
    for (let i = p.tasks - 1; i >= 0; i--) {
      const t = p.order[i]
      const slot = b * p.tasks + t
      let way = 0
      for (let e = p.succStart[t]; e < p.succStart[t + 1]; e++) {
        const v = b * p.tasks + p.succ[e]
        if (stage[v] === stage[slot]) way = Math.max(way, tail[v])
      }
      tail[slot] = way + held(slot)
    }
  }
  const pending = new Int32Array(n)
  const ready: number[] = []
  for (let slot = 0; slot < n; slot++) {
    const t = slot % p.tasks
    for (let e = p.predStart[t]; e < p.predStart[t + 1]; e++)
      if (stage[slot - t + p.pred[e]] === stage[slot]) pending[slot]++
    if (pending[slot] === 0) ready.push(slot)
  }
  const offsetUs = new Array<number>(n).fill(0)
  const core = new Array<number>(n).fill(0)
  const running = new Int32Array(p.cores).fill(-1)
  const freeUs = new Float64Array(p.cores)
  let now = 0
  let lengthUs = 0
  for (let left = n; left > 0;) {
    for (let c = 0; c < p.cores; c++) {
      if (running[c] >= 0) continue
      let best = -1
      for (let i = 0; i < ready.length; i++) {
        if (kindOf[ready[i]] !== p.kindOfCore[c]) continue
        if (best < 0 || tail[ready[i]] > tail[ready[best]]) best = i
      }
      if (best < 0) continue
      const slot = ready[best]
      ready[best] = ready[ready.length - 1]
      ready.pop()
      offsetUs[slot] = now
      core[slot] = c
      running[c] = slot
      freeUs[c] = now + held(slot)
      lengthUs = Math.max(lengthUs, freeUs[c])
    }
    let next = Infinity
    for (let c = 0; c < p.cores; c++) if (running[c] >= 0) next = Math.min(next, freeUs[c])
    now = next
    for (let c = 0; c < p.cores; c++) {
      const slot = running[c]
      if (slot < 0 || freeUs[c] > now) continue
      running[c] = -1
      left--
      const t = slot % p.tasks
      for (let e = p.succStart[t]; e < p.succStart[t + 1]; e++) {
        const v = slot - t + p.succ[e]
        if (stage[v] === stage[slot] && --pending[v] === 0) ready.push(v)
      }
    }
  }
  let responseUs = 0
  for (let b = 0; b < inputs; b++) {
    let first = Infinity
    let end = 0
    for (let t = 0; t < p.tasks; t++) {
      const slot = b * p.tasks + t
      first = Math.min(first, stage[slot] * lengthUs + offsetUs[slot])
      end = Math.max(end, stage[slot] * lengthUs + offsetUs[slot] + held(slot))
    }
    responseUs = Math.max(responseUs, end - first)
  }
  return {
    boundUs,
    periodUs: lengthUs / inputs,
    inputsPerTable: inputs,
    stages,
    inFlight: stages * inputs,
    responseUs,
    offsetUs,
    stage,
    core,
  }
}
