import type { Run } from '../../model/index.js'
import { countOf } from './factor-lattice.js'
import { LabelQueue } from './label-queue.js'
import type { OrderingSpace } from './ordering-space.js'

/** One step of a mapping, from the inside out: place one more factor of an axis, or cut an operand's next boundary. */
export type Step = { readonly place: number } | { readonly cut: number }

/** The mapping of least energy, or the proof bound reached when the run was cancelled. */
export interface EnergyOptimum {
  /** Undefined: cancelled before a mapping was found. */
  readonly steps?: readonly Step[]
  readonly energyPj: number
  readonly lowerBoundPj: number
  readonly evaluations: number
  readonly dominated: number
}

const CANCEL_INTERVAL = 1024

/**
 * Shortest path over (multiset of loops below, next boundary of every operand, bits claimed in shared memories). The
 * estimate of what is missing is the sum of the operands' own bounds, which never overestimates, so the first complete
 * label that leaves the queue is optimal. A label is dropped when another one at the same place has spent no more energy
 * and claims no more of any memory.
 */
export function searchEnergy(space: OrderingSpace, run: Run): EnergyOptimum {
  const { lattice, operands, bounds } = space
  const count = operands.length
  const memories = space.capacityBits.length
  // Labels as parallel arrays: growing lists of plain numbers.
  const state: number[] = []
  const spent: number[] = []
  const estimate: number[] = []
  const progress: number[] = []
  const parent: number[] = []
  const action: number[] = []
  const next: number[] = []
  const claims: number[] = []
  const accumulating: number[] = []
  const queue = new LabelQueue(estimate, progress)
  const seen = new Map<number, number[]>()
  let dominated = 0

  const keyOf = (label: number): number => {
    let key = state[label]
    for (let p = 0; p < count; p++) key = key * (operands[p].depth + 1) + next[label * count + p]
    return key * 2 + accumulating[label]
  }

  const bitsOf = (p: number, label: number): number =>
    p === 0 && accumulating[label] === 1 ? operands[p].partialBits : operands[p].bits

  /** Registers the label just appended unless a seen one is as good. */
  const settle = (label: number): void => {
    const key = keyOf(label)
    const others = seen.get(key)
    if (others !== undefined) {
      for (const other of others) {
        if (spent[other] > spent[label]) continue
        let worse = true
        for (let k = 0; k < memories && worse; k++) {
          worse = claims[other * memories + k] <= claims[label * memories + k]
        }
        if (worse) {
          dominated++
          drop()
          return
        }
      }
      others.push(label)
    } else {
      seen.set(key, [label])
    }
    queue.push(label)
  }
  const drop = (): void => {
    for (const list of [state, spent, estimate, progress, parent, action, accumulating]) list.pop()
    next.length -= count
    claims.length -= memories
  }
  const missing = (s: number, at: number): number => {
    let sum = 0
    for (let p = 0; p < count; p++) sum += bounds[p][next[at + p]][s]
    return sum
  }

  // The first label: nothing placed, every operand's whole tensor claimed in its top memory.
  state.push(0)
  parent.push(-1)
  action.push(0)
  spent.push(space.basePj)
  for (let p = 0; p < count; p++) next.push(1)
  for (let k = 0; k < memories; k++) claims.push(0)
  operands.forEach(({ depth, roomElements, bits, partialBits, accumulations }, p) => {
    const partial = depth === 1 && accumulations[0] > 1
    claims[space.memory[p][depth - 1]] +=
      roomElements[depth - 1][lattice.size - 1] * (partial ? partialBits : bits)
  })
  accumulating.push(operands[0].accumulations[0] > 1 ? 1 : 0)
  progress.push(0)
  estimate.push(spent[0] + missing(0, 0))
  for (let k = 0; k < memories; k++) if (claims[k] > space.capacityBits[k]) estimate[0] = Infinity
  if (estimate[0] < Infinity) settle(0)

  let evaluations = 0
  while (queue.size > 0) {
    const label = queue.pop()
    evaluations++
    if (evaluations % CANCEL_INTERVAL === 0 && run.cancelled()) {
      return { energyPj: Infinity, lowerBoundPj: estimate[label], evaluations, dominated }
    }
    const s = state[label]
    let complete = s === lattice.size - 1
    for (let p = 0; p < count && complete; p++)
      complete = next[label * count + p] === operands[p].depth
    if (complete) {
      return {
        steps: stepsTo(label, parent, action),
        energyPj: spent[label],
        lowerBoundPj: spent[label],
        evaluations,
        dominated,
      }
    }
    for (let p = 0; p < count; p++) extendByCut(label, p)
    for (let i = 0; i < lattice.axes.length; i++) {
      if (countOf(lattice, s, i) < lattice.axes[i].count) extendByFactor(label, i)
    }
  }
  return { energyPj: Infinity, lowerBoundPj: Infinity, evaluations, dominated }

  function copy(label: number, s: number, step: number): number {
    const fresh = state.length
    state.push(s)
    parent.push(label)
    action.push(step)
    spent.push(spent[label])
    progress.push(progress[label])
    accumulating.push(accumulating[label])
    for (let p = 0; p < count; p++) next.push(next[label * count + p])
    for (let k = 0; k < memories; k++) claims.push(claims[label * memories + k])
    estimate.push(0)
    return fresh
  }

  function extendByFactor(label: number, i: number): void {
    const s = state[label] + lattice.stride[i]
    const rest = missing(s, label * count)
    if (rest === Infinity) return
    const fresh = copy(label, s, i)
    progress[fresh]++
    estimate[fresh] = spent[fresh] + rest
    settle(fresh)
  }

  function extendByCut(label: number, p: number): void {
    const b = next[label * count + p]
    const { depth, roomElements, energyPj, accumulations } = operands[p]
    if (b >= depth) return
    const s = state[label]
    const at = space.memory[p][b - 1]
    const claim = claims[label * memories + at] + roomElements[b - 1][s] * bitsOf(p, label)
    if (claim > space.capacityBits[at]) return
    const fresh = copy(label, s, -1 - p)
    next[fresh * count + p] = b + 1
    claims[fresh * memories + at] = claim
    spent[fresh] += energyPj[b][s]
    progress[fresh]++
    if (p === 0) {
      accumulating[fresh] = accumulations[s] > 1 ? 1 : 0
      if (b === depth - 1 && accumulating[fresh] === 1) {
        // The whole output accumulates in its top memory: partial sums need the wider room there.
        const top = space.memory[p][depth - 1]
        const extra =
          roomElements[depth - 1][lattice.size - 1] * (operands[p].partialBits - operands[p].bits)
        claims[fresh * memories + top] += extra
        if (claims[fresh * memories + top] > space.capacityBits[top]) {
          drop()
          return
        }
      }
    }
    release(fresh)
    estimate[fresh] = spent[fresh] + missing(s, fresh * count)
    if (estimate[fresh] === Infinity) drop()
    else settle(fresh)
  }

  /** A memory whose operands have all been allocated claims nothing any more: labels then differ in less. */
  function release(label: number): void {
    for (let k = 0; k < memories; k++) {
      if (claims[label * memories + k] === 0) continue
      const done = space.sharers[k].every((p) => {
        const m = space.memory[p].indexOf(k)
        return next[label * count + p] > Math.min(m + 1, operands[p].depth - 1)
      })
      if (done) claims[label * memories + k] = 0
    }
  }
}

function stepsTo(label: number, parent: readonly number[], action: readonly number[]): Step[] {
  const steps: Step[] = []
  for (let at = label; parent[at] >= 0; at = parent[at]) {
    steps.push(action[at] >= 0 ? { place: action[at] } : { cut: -1 - action[at] })
  }
  return steps.reverse()
}
