import type { LatencyLines } from './latency-lines.js'
import type { OrderingSpace } from './ordering-space.js'

/**
 * A partial mapping: the multiset of loops below, the next boundary of every operand, the bits claimed in every memory,
 * whether outputs accumulate, and the run of factors that has to follow (0: none).
 */
export interface LabelDraft {
  state: number
  spentPj: number
  accumulating: 0 | 1
  owed: number
  /** Boundaries of the sliding operand that this step cuts before it places a factor. */
  slidingCuts: number
  readonly next: Int32Array
  readonly claims: Float64Array
  /** Cycles of every line that bounds latency; none where only energy counts. */
  readonly passed: Float64Array
  /** Ports that a cut has kept busy, as bits. */
  waited: number
}

/** What a search minimises; and the objective and the energy above which a mapping is of no interest. */
export interface LabelGoal {
  readonly metric: 'energy' | 'cycles' | 'edp'
  readonly limit: { readonly objective: number; readonly energyPj: number }
}

/** Lines of a label that are kept where they are compared. */
const SAMPLE = 6

/**
 * The partial mappings of a search, by number, as growing lists of plain numbers; and one that is being made, the draft.
 * A label's place is everything but what it spent, passed and claimed.
 */
export class Labels {
  readonly draft: LabelDraft
  /** Least objective of a mapping that goes on from a label, and its least energy. */
  readonly estimate: number[] = []
  readonly estimatePj: number[] = []
  /** Steps taken. */
  readonly progress: number[] = []
  readonly parent: number[] = []
  /** The step that led here: an axis, or −1 − operand for a cut; and the cuts made before it. */
  readonly action: number[] = []
  readonly slidingCuts: number[] = []
  dominated = 0
  private readonly state: number[] = []
  private readonly spentPj: number[] = []
  private readonly accumulating: (0 | 1)[] = []
  private readonly owed: number[] = []
  private readonly waited: number[] = []
  private readonly next: number[] = []
  private readonly claims: number[] = []
  private readonly passed: number[] = []
  private readonly space: OrderingSpace
  private readonly goal: LabelGoal
  private readonly lines: LatencyLines | undefined
  private readonly runs: number
  /**
   * What is known of the labels at a place, one after another: number, energy spent, and the cycles of some lines. Most
   * comparisons end with these, without a look at lists that are too long for the cache.
   */
  private readonly seen = new Map<number, number[]>()
  private readonly sample: readonly number[]

  /** Begins with the first draft: nothing placed, every operand's whole tensor claimed in its top memory. */
  constructor(space: OrderingSpace, goal: LabelGoal) {
    const { operands, memory, lattice, capacityBits } = space
    this.space = space
    this.goal = goal
    this.lines = goal.metric === 'energy' ? undefined : space.lines
    const lines = this.lines?.count ?? 0
    const some = Math.min(lines, SAMPLE)
    this.sample = Array.from({ length: some }, (_, i) => Math.floor((i * lines) / some))
    this.runs = (space.slides?.runs.runs.length ?? 0) + 1
    const claims = new Float64Array(capacityBits.length)
    operands.forEach(({ depth, roomElements, bits, partialBits, accumulations }, p) => {
      const partial = depth === 1 && accumulations[0] > 1
      claims[memory[p][depth - 1]] +=
        roomElements[depth - 1][lattice.size - 1] * (partial ? partialBits : bits)
    })
    this.draft = {
      state: 0,
      spentPj: space.basePj,
      accumulating: operands[0].accumulations[0] > 1 ? 1 : 0,
      owed: 0,
      slidingCuts: 0,
      next: new Int32Array(operands.length).fill(1),
      claims,
      passed: this.lines?.baseCycles.slice() ?? new Float64Array(0),
      waited: 0,
    }
  }

  /** Makes the draft equal to a label. */
  load(label: number): void {
    const { draft, next, claims, passed } = this
    draft.state = this.state[label]
    draft.spentPj = this.spentPj[label]
    draft.accumulating = this.accumulating[label]
    draft.owed = this.owed[label]
    draft.slidingCuts = 0
    draft.waited = this.waited[label]
    const operands = draft.next.length
    const memories = draft.claims.length
    for (let p = 0; p < operands; p++) draft.next[p] = next[label * operands + p]
    for (let k = 0; k < memories; k++) draft.claims[k] = claims[label * memories + k]
    const lines = draft.passed.length
    for (let k = 0; k < lines; k++) draft.passed[k] = passed[label * lines + k]
  }

  /** Least energy of what is missing when the draft's operands stand where they do, at a state. */
  missingPj(state: number): number {
    const { bounds } = this.space
    const { next } = this.draft
    let sum = 0
    for (let p = 0; p < next.length; p++) sum += bounds[p][next[p]][state]
    return sum
  }

  /** Least cycles of a mapping that goes on from the draft: those of its longest line. */
  private leastCycles({ bounds, count }: LatencyLines): number {
    const { passed, next, state } = this.draft
    let most = 0
    for (let k = 0; k < count; k++) {
      let cycles = passed[k]
      for (let p = 0; p < next.length; p++) cycles += bounds[p][next[p]][state * count + k]
      if (cycles > most) most = cycles
    }
    return Math.ceil(most)
  }

  /**
   * Turns the draft into a label, unless nothing can come of it: another one at its place, or at the same place with no
   * run to follow, has spent no more energy and no more cycles of any line, and claims no more of any memory.
   * @returns the label's number, or −1
   */
  keep(parent: number, action: number): number {
    const { draft, lines, goal } = this
    const energyPj = draft.spentPj + this.missingPj(draft.state)
    if (energyPj === Infinity) return -1
    const cycles = lines === undefined ? 0 : this.leastCycles(lines)
    const estimate =
      goal.metric === 'energy' ? energyPj : goal.metric === 'cycles' ? cycles : energyPj * cycles
    const { limit } = goal
    if (estimate > limit.objective) return -1
    if (estimate === limit.objective && energyPj > limit.energyPj) return -1
    const place = this.placeOf(draft)
    const here = this.seen.get(place)
    if (
      (here !== undefined && this.dominates(here)) ||
      (draft.owed > 0 && this.dominates(this.seen.get(place - draft.owed) ?? []))
    ) {
      this.dominated++
      return -1
    }
    const label = this.state.length
    const known = here ?? []
    if (here === undefined) this.seen.set(place, known)
    known.push(label, draft.spentPj)
    for (const line of this.sample) known.push(draft.passed[line])
    this.parent.push(parent)
    this.action.push(action)
    this.slidingCuts.push(draft.slidingCuts)
    this.progress.push(parent < 0 ? 0 : this.progress[parent] + draft.slidingCuts + 1)
    this.estimate.push(estimate)
    this.estimatePj.push(energyPj)
    this.state.push(draft.state)
    this.spentPj.push(draft.spentPj)
    this.accumulating.push(draft.accumulating)
    this.owed.push(draft.owed)
    this.waited.push(draft.waited)
    for (const boundary of draft.next) this.next.push(boundary)
    for (const bits of draft.claims) this.claims.push(bits)
    for (const cycles of draft.passed) this.passed.push(cycles)
    return label
  }

  /** Whether one of the labels known at the draft's place is as good as it. */
  private dominates(known: readonly number[]): boolean {
    const { sample, draft } = this
    const width = 2 + sample.length
    for (let at = 0; at < known.length; at += width) {
      if (known[at + 1] > draft.spentPj) continue
      let k = 0
      while (k < sample.length && known[at + 2 + k] <= draft.passed[sample[k]]) k++
      if (k === sample.length && this.isNoWorse(known[at])) return true
    }
    return false
  }

  /** Whether a label claims, waits for and has passed no more than the draft. */
  private isNoWorse(other: number): boolean {
    const { claims, passed, draft } = this
    const memories = draft.claims.length
    const lines = draft.passed.length
    if ((draft.waited & ~this.waited[other]) !== 0) return false
    for (let k = 0; k < memories; k++) {
      if (claims[other * memories + k] > draft.claims[k]) return false
    }
    for (let k = 0; k < lines; k++) {
      if (passed[other * lines + k] > draft.passed[k]) return false
    }
    return true
  }

  private placeOf({ state, next, accumulating, owed }: LabelDraft): number {
    const { operands } = this.space
    let place = state
    for (let p = 0; p < next.length; p++) place = place * (operands[p].depth + 1) + next[p]
    return (place * 2 + accumulating) * this.runs + owed
  }
}
