import type { LoopDim, Run } from '../../model/index.js'
import { countOf } from './factor-lattice.js'
import { includes } from './factor-runs.js'
import { LabelQueue } from './label-queue.js'
import { Labels, type LabelGoal } from './labels.js'
import type { OrderingSpace } from './ordering-space.js'
import type { SlideTerms } from './slide-terms.js'

/** One step of a mapping, from the inside out: place one more factor of an axis, or cut an operand's next boundary. */
export type Step = { readonly place: number } | { readonly cut: number }

/** The best mapping, or the proof bound reached when the search ended without one. */
export interface LabelOptimum {
  /** Undefined: none is within the limit, or the search was cancelled or ran out of its budget before it had found one. */
  readonly steps?: readonly Step[]
  readonly energyPj: number
  /** No mapping has a smaller objective. */
  readonly lowerBound: number
  /** No mapping is within the limit. */
  readonly exhausted: boolean
  readonly evaluations: number
  readonly dominated: number
}

const CANCEL_INTERVAL = 1024

/**
 * The mapping of least energy, by `searchLabels`.
 * @param limitPj mappings of more energy are of no interest: without a better one the search ends there
 */
export function searchEnergy(space: OrderingSpace, run: Run, limitPj = Infinity): LabelOptimum {
  const limit = { objective: limitPj, energyPj: limitPj }
  return searchLabels(space, { metric: 'energy', limit }, run)
}

/**
 * Shortest path over (multiset of loops below, next boundary of every operand, bits claimed in shared memories). What a
 * mapping costs is a sum over its cuts: its energy and, where cycles count and the busiest port decides them, the cycles
 * of every port. The estimate of what is missing is the sum of the operands' own bounds, which never overestimates, so
 * the first complete label that leaves the queue is optimal; of equal ones that of least energy. A label is dropped when
 * another one at the same place has spent no more of anything and claims no more of any memory.
 *
 * Where halos slide, what a cut of the input costs depends on the loops that follow. It is then made once for every run
 * of factors of a sliding loop that may follow, at the price of exactly that run, and the run is owed: nothing else may
 * be placed before it is. (A cut with loops above it that reuse the input may move up past them, so only runs that
 * follow at once need to be tried. A run that goes on beyond what was paid for costs less than was charged, and has a
 * label of its own.)
 * @param budget labels to look at
 */
export function searchLabels(
  space: OrderingSpace,
  goal: LabelGoal,
  run: Run,
  budget = Infinity,
): LabelOptimum {
  const { lattice, operands, slides, capacityBits } = space
  const lines = goal.metric === 'energy' ? undefined : space.lines
  const lineCount = lines?.count ?? 0
  const savedCycles = new Float64Array(lineCount)
  const labels = new Labels(space, goal)
  const { draft, estimate } = labels
  const count = operands.length
  const axes = lattice.axes.length
  const queue = new LabelQueue(labels)

  if (capacityBits.every((bits, k) => draft.claims[k] <= bits)) follow(-1, 0)
  let evaluations = 0
  while (queue.size > 0) {
    const label = queue.pop()
    evaluations++
    const { dominated } = labels
    if (evaluations > budget || (evaluations % CANCEL_INTERVAL === 0 && run.cancelled())) {
      const lowerBound = estimate[label]
      return { energyPj: Infinity, lowerBound, exhausted: false, evaluations, dominated }
    }
    labels.load(label)
    if (isComplete()) {
      const energyPj = draft.spentPj
      const steps = stepsTo(label, labels, slides?.p ?? 0)
      const lowerBound = estimate[label]
      return { steps, energyPj, lowerBound, exhausted: false, evaluations, dominated }
    }
    for (let p = 0; p < count; p++) {
      if (slides?.p === p) cutAndSlide(label, slides)
      if (draft.next[p] >= operands[p].depth) continue
      if (cut(p)) follow(label, -1 - p)
      labels.load(label)
    }
    for (let i = 0; i < axes; i++) {
      const { state, owed } = draft
      if (place(i, owed)) follow(label, i)
      draft.state = state
      draft.owed = owed
    }
  }
  const { dominated } = labels
  const lowerBound = goal.limit.objective
  return { energyPj: Infinity, lowerBound, exhausted: true, evaluations, dominated }

  function follow(parent: number, action: number): void {
    const label = labels.keep(parent, action)
    if (label >= 0) queue.push(label)
  }

  function isComplete(): boolean {
    if (draft.state !== lattice.size - 1) return false
    for (let p = 0; p < count; p++) if (draft.next[p] !== operands[p].depth) return false
    return true
  }

  /** Places a factor of axis i if there is one left, and it belongs to the run that has to follow, if any. */
  function place(i: number, following: number): boolean {
    if (countOf(lattice, draft.state, i) >= lattice.axes[i].count) return false
    if (following > 0) {
      const left = slides?.runs.after[following * axes + i] ?? -1
      if (left < 0) return false
      draft.owed = left
    }
    draft.state += lattice.stride[i]
    return true
  }

  /** Cuts the next boundary of operand p at the price of whole tiles, if there is room. */
  function cut(p: number): boolean {
    const b = draft.next[p]
    const { depth, roomElements, bits, partialBits, energyPj, accumulations } = operands[p]
    if (breaksRun(p, b)) return false
    const s = draft.state
    const at = space.memory[p][b - 1]
    const wide = p === 0 && draft.accumulating === 1
    draft.claims[at] += roomElements[b - 1][s] * (wide ? partialBits : bits)
    if (draft.claims[at] > capacityBits[at]) return false
    draft.next[p] = b + 1
    draft.spentPj += energyPj[b][s]
    if (lines !== undefined) {
      const cycles = lines.cycles[p][b]
      const fresh = lines.waits[p][b][s] & ~draft.waited
      for (let k = 0; k < lineCount; k++) {
        draft.passed[k] += cycles[s * lineCount + k]
        const bit = lines.waitBit[k]
        if (bit >= 0 && ((fresh >> bit) & 1) === 1) draft.passed[k] += lattice.cycles[s]
      }
      draft.waited |= fresh
    }
    if (p === 0) {
      draft.accumulating = accumulations[s] > 1 ? 1 : 0
      if (b === depth - 1 && draft.accumulating === 1) {
        // The whole output accumulates in its top memory: partial sums need the wider room there.
        const top = space.memory[p][depth - 1]
        draft.claims[top] += roomElements[depth - 1][lattice.size - 1] * (partialBits - bits)
        if (draft.claims[top] > capacityBits[top]) return false
      }
    }
    release()
    return true
  }

  /** A memory whose operands have all been allocated claims nothing any more: labels then differ in less. */
  function release(): void {
    for (let k = 0; k < capacityBits.length; k++) {
      if (draft.claims[k] === 0) continue
      const done = space.sharers[k].every((p) => {
        const m = space.memory[p].indexOf(k)
        return draft.next[p] > Math.min(m + 1, operands[p].depth - 1)
      })
      if (done) draft.claims[k] = 0
    }
  }

  /** Lanes of the array in between would make two of the run that has to follow. */
  function breaksRun(p: number, b: number): boolean {
    if (slides?.p !== p || draft.owed === 0) return false
    return slides.spread[b].has(slides.runs.runs[draft.owed - 1].dim)
  }

  /** Cuts one or more boundaries of the sliding operand at once, for every run that may follow, and begins that run. */
  function cutAndSlide(label: number, { p, runs, energyPj: { fresh } }: SlideTerms): void {
    const { state, owed } = draft
    const from = draft.next[p]
    const promised = owed === 0 ? undefined : runs.runs[owed - 1]
    for (let top = from; top < operands[p].depth; top++) {
      for (let r = 0; r < runs.runs.length; r++) {
        const { dim, factors, iterations } = runs.runs[r]
        if (promised !== undefined && promised.dim !== dim) continue
        if (!includes(lattice, lattice.size - 1 - state, factors)) continue
        if (promised !== undefined && !includes(lattice, factors, promised.factors)) continue
        let savedPj = 0
        for (let b = from; b <= top; b++) {
          const whole = operands[p].energyPj[b][state]
          savedPj += (whole - (fresh[b][top - b].get(dim)?.[state] ?? whole)) * (1 - 1 / iterations)
        }
        const savesTime = savesCycles(p, from, top, dim, iterations)
        if (savedPj <= 0 && !savesTime) continue
        for (let i = 0; i < axes; i++) {
          if (runs.after[(r + 1) * axes + i] < 0) continue
          labels.load(label)
          let fits = true
          while (fits && draft.next[p] <= top) fits = cut(p)
          if (!fits) break
          draft.slidingCuts = top - from + 1
          draft.spentPj -= savedPj
          for (let k = 0; k < lineCount; k++) draft.passed[k] -= savedCycles[k]
          if (place(i, r + 1)) follow(label, i)
        }
      }
    }
    labels.load(label)
  }

  /** Works out what sliding saves of every line; whether that is anything. */
  function savesCycles(p: number, from: number, top: number, dim: LoopDim, run: number): boolean {
    savedCycles.fill(0)
    if (lines?.sliding === undefined) return false
    for (let b = from; b <= top; b++) {
      const whole = lines.cycles[p][b]
      const fresh = lines.sliding.fresh[b][top - b].get(dim) ?? whole
      for (let k = 0; k < lineCount; k++) {
        const at = draft.state * lineCount + k
        savedCycles[k] += (whole[at] - fresh[at]) * (1 - 1 / run)
      }
    }
    return savedCycles.some((cycles) => cycles > 0)
  }
}

function stepsTo(label: number, labels: Labels, sliding: number): Step[] {
  const { parent, action, slidingCuts } = labels
  const steps: Step[] = []
  for (let at = label; parent[at] >= 0; at = parent[at]) {
    steps.push(action[at] >= 0 ? { place: action[at] } : { cut: -1 - action[at] })
    for (let n = 0; n < slidingCuts[at]; n++) steps.push({ cut: sliding })
  }
  return steps.reverse()
}
