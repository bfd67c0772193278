import type { Run } from '../../model/index.js'
import { EnergyLabels } from './energy-labels.js'
import { countOf } from './factor-lattice.js'
import { includes, type FactorRun } from './factor-runs.js'
import { LabelQueue } from './label-queue.js'
import type { OrderingSpace } from './ordering-space.js'
import type { SlideTerms } from './slide-terms.js'

/** One step of a mapping, from the inside out: place one more factor of an axis, or cut an operand's next boundary. */
export type Step = { readonly place: number } | { readonly cut: number }

/** The mapping of least energy, or the proof bound reached when the run was cancelled. */
export interface EnergyOptimum {
  /** Undefined: cancelled before a mapping was found, or none is within the limit. */
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
 *
 * Where halos slide, what a cut of the input costs depends on the loops that follow. It is then made once for every run
 * of factors of a sliding loop that may follow, at the price of exactly that run, and the run is owed: nothing else may
 * be placed before it is. (A cut with loops above it that reuse the input may move up past them, so only runs that
 * follow at once need to be tried. A run that goes on beyond what was paid for costs less than was charged, and has a
 * label of its own.)
 * @param limitPj mappings of more energy are of no interest: without a better one the search ends there
 */
export function searchEnergy(
  space: OrderingSpace,
  run: Run,
  limitPj: number = Infinity,
): EnergyOptimum {
  const { lattice, operands } = space
  const labels = new EnergyLabels(space)
  const { state, spent, estimate, progress, next, claims, accumulating, owed } = labels
  const count = operands.length
  const memories = space.capacityBits.length
  const axes = lattice.axes.length
  const queue = new LabelQueue(estimate, progress)

  const first = labels.first()
  estimate[first] += labels.missingPj(first)
  const fits = space.capacityBits.every((bits, k) => claims[k] <= bits)
  if (fits && estimate[first] < Infinity && labels.settle(first)) queue.push(first)

  let evaluations = 0
  while (queue.size > 0) {
    const label = queue.pop()
    evaluations++
    const { dominated } = labels
    if (estimate[label] > limitPj) {
      return { energyPj: Infinity, lowerBoundPj: limitPj, evaluations, dominated }
    }
    if (evaluations % CANCEL_INTERVAL === 0 && run.cancelled()) {
      return { energyPj: Infinity, lowerBoundPj: estimate[label], evaluations, dominated }
    }
    if (isComplete(label)) {
      const steps = stepsTo(label, labels)
      const energyPj = spent[label]
      return { steps, energyPj, lowerBoundPj: energyPj, evaluations, dominated }
    }
    for (let p = 0; p < count; p++) {
      if (space.slides?.p === p) cutAndSlide(label, space.slides)
      follow(labels.count, cut(label, p))
    }
    for (let i = 0; i < axes; i++) follow(labels.count, place(label, i, owed[label]))
  }
  const { dominated } = labels
  return { energyPj: Infinity, lowerBoundPj: Infinity, evaluations, dominated }

  function isComplete(label: number): boolean {
    if (state[label] !== lattice.size - 1) return false
    for (let p = 0; p < count; p++) if (next[label * count + p] !== operands[p].depth) return false
    return true
  }

  /** Puts the last label appended into the queue if it is worth it, else forgets those from `mark` on. */
  function follow(mark: number, label: number | undefined): void {
    if (label !== undefined) {
      estimate[label] = spent[label] + labels.missingPj(label)
      if (estimate[label] < Infinity && labels.settle(label)) {
        queue.push(label)
        return
      }
    }
    labels.dropFrom(mark)
  }

  /** Places a factor of axis i if there is one left, and it is one of the run that is owed, if any. */
  function place(label: number, i: number, run: number): number | undefined {
    const s = state[label]
    if (countOf(lattice, s, i) >= lattice.axes[i].count) return undefined
    const left = run === 0 ? 0 : (space.slides?.runs.after[run * axes + i] ?? -1)
    if (left < 0) return undefined
    if (labels.missingPj(label, s + lattice.stride[i]) === Infinity) return undefined
    const fresh = labels.copy(label, s + lattice.stride[i], i)
    owed[fresh] = left
    return fresh
  }

  /** Cuts the next boundary of operand p at the price of whole tiles, if there is room. */
  function cut(label: number, p: number): number | undefined {
    const b = next[label * count + p]
    const { depth, roomElements, bits, partialBits, energyPj, accumulations } = operands[p]
    if (b >= depth || breaksRun(label, p, b)) return undefined
    const s = state[label]
    const at = space.memory[p][b - 1]
    const wide = p === 0 && accumulating[label] === 1
    const claim =
      claims[label * memories + at] + roomElements[b - 1][s] * (wide ? partialBits : bits)
    if (claim > space.capacityBits[at]) return undefined
    const fresh = labels.copy(label, s, -1 - p)
    next[fresh * count + p] = b + 1
    claims[fresh * memories + at] = claim
    spent[fresh] += energyPj[b][s]
    if (p === 0) {
      accumulating[fresh] = accumulations[s] > 1 ? 1 : 0
      if (b === depth - 1 && accumulating[fresh] === 1) {
        // The whole output accumulates in its top memory: partial sums need the wider room there.
        const top = space.memory[p][depth - 1]
        const extra = roomElements[depth - 1][lattice.size - 1] * (partialBits - bits)
        claims[fresh * memories + top] += extra
        if (claims[fresh * memories + top] > space.capacityBits[top]) {
          labels.dropFrom(fresh)
          return undefined
        }
      }
    }
    labels.release(fresh)
    return fresh
  }

  /** Lanes of the array in between would make the run that is owed two. */
  function breaksRun(label: number, p: number, b: number): boolean {
    const { slides } = space
    if (slides?.p !== p || owed[label] === 0) return false
    return slides.spread[b].has(slides.runs.runs[owed[label] - 1].dim)
  }

  /** Cuts one or more boundaries of the sliding operand at once, for every run that may follow, and begins that run. */
  function cutAndSlide(label: number, slides: SlideTerms): void {
    const { p, runs } = slides
    const s = state[label]
    const promised = owed[label] === 0 ? undefined : runs.runs[owed[label] - 1]
    for (let top = next[label * count + p]; top < operands[p].depth; top++) {
      runs.runs.forEach((each, r) => {
        if (!includes(lattice, lattice.size - 1 - s, each.factors)) return
        if (promised !== undefined && promised.dim !== each.dim) return
        if (promised !== undefined && !includes(lattice, each.factors, promised.factors)) return
        const savedPj = savingPj(label, slides, top, each)
        if (savedPj <= 0) return
        for (let i = 0; i < axes; i++) {
          if (runs.after[(r + 1) * axes + i] < 0) continue
          const mark = labels.count
          let fresh: number | undefined = label
          for (let b = next[label * count + p]; b <= top && fresh !== undefined; b++) {
            fresh = cut(fresh, p)
          }
          if (fresh !== undefined) {
            spent[fresh] -= savedPj
            fresh = place(fresh, i, r + 1)
          }
          follow(mark, fresh)
        }
      })
    }
  }

  /** Energy by which the boundaries up to `top`, cut here, cost less when a run follows than with whole tiles. */
  function savingPj(label: number, { p, newPj }: SlideTerms, top: number, run: FactorRun): number {
    const s = state[label]
    let saved = 0
    for (let b = next[label * count + p]; b <= top; b++) {
      const whole = operands[p].energyPj[b][s]
      const slid = newPj[b][top - b].get(run.dim)?.[s] ?? whole
      saved += (whole - slid) * (1 - 1 / run.iterations)
    }
    return saved
  }
}

function stepsTo(label: number, { parent, action }: EnergyLabels): Step[] {
  const steps: Step[] = []
  for (let at = label; parent[at] >= 0; at = parent[at]) {
    steps.push(action[at] >= 0 ? { place: action[at] } : { cut: -1 - action[at] })
  }
  return steps.reverse()
}
