import type { OrderingSpace } from './ordering-space.js'

/**
 * Partial mappings as parallel arrays, growing lists of plain numbers. A label is at a place: multiset of loops below,
 * next boundary of every operand, whether outputs accumulate, and the run of factors that has to follow.
 */
export class EnergyLabels {
  readonly state: number[] = []
  readonly spent: number[] = []
  readonly estimate: number[] = []
  /** Steps taken. */
  readonly progress: number[] = []
  readonly parent: number[] = []
  /** The step that led here: an axis, or −1 − operand for a cut. */
  readonly action: number[] = []
  /** [label · operands + p]: boundary that operand p cuts next. */
  readonly next: number[] = []
  /** [label · memories + k]: bits claimed in memory k. */
  readonly claims: number[] = []
  readonly accumulating: number[] = []
  /** Number of the run that has to follow; 0: none. */
  readonly owed: number[] = []
  dominated = 0
  private readonly space: OrderingSpace
  private readonly operands: number
  private readonly memories: number
  private readonly runs: number
  private readonly seen = new Map<number, number[]>()

  constructor(space: OrderingSpace) {
    this.space = space
    this.operands = space.operands.length
    this.memories = space.capacityBits.length
    this.runs = (space.slides?.runs.runs.length ?? 0) + 1
  }

  /** Labels kept; numbers start at 0. */
  get count(): number {
    return this.state.length
  }

  /** Nothing placed, every operand's whole tensor claimed in its top memory. */
  first(): number {
    const { operands, memory, lattice, basePj } = this.space
    this.state.push(0)
    this.parent.push(-1)
    this.action.push(0)
    this.spent.push(basePj)
    this.progress.push(0)
    this.owed.push(0)
    for (let p = 0; p < this.operands; p++) this.next.push(1)
    for (let k = 0; k < this.memories; k++) this.claims.push(0)
    operands.forEach(({ depth, roomElements, bits, partialBits, accumulations }, p) => {
      const partial = depth === 1 && accumulations[0] > 1
      this.claims[memory[p][depth - 1]] +=
        roomElements[depth - 1][lattice.size - 1] * (partial ? partialBits : bits)
    })
    this.accumulating.push(operands[0].accumulations[0] > 1 ? 1 : 0)
    this.estimate.push(basePj)
    return 0
  }

  /** Appends what follows from a label by one step, otherwise equal to it. */
  copy(label: number, state: number, step: number): number {
    const fresh = this.state.length
    this.state.push(state)
    this.parent.push(label)
    this.action.push(step)
    this.spent.push(this.spent[label])
    this.progress.push(this.progress[label] + 1)
    this.accumulating.push(this.accumulating[label])
    this.owed.push(this.owed[label])
    for (let p = 0; p < this.operands; p++) this.next.push(this.next[label * this.operands + p])
    for (let k = 0; k < this.memories; k++) this.claims.push(this.claims[label * this.memories + k])
    this.estimate.push(0)
    return fresh
  }

  /** Forgets the labels from `label` on. */
  dropFrom(label: number): void {
    const { state, spent, estimate, progress, parent, action, accumulating, owed } = this
    for (const list of [state, spent, estimate, progress, parent, action, accumulating, owed]) {
      list.length = label
    }
    this.next.length = label * this.operands
    this.claims.length = label * this.memories
  }

  /** Least energy of what is missing from a label, or would be if it were at another state. */
  missingPj(label: number, state = this.state[label]): number {
    const { bounds } = this.space
    let sum = 0
    for (let p = 0; p < this.operands; p++) {
      sum += bounds[p][this.next[label * this.operands + p]][state]
    }
    return sum
  }

  /**
   * Whether a label is worth following: no other one at its place, or at the same place with no run to follow, has
   * spent no more energy and claims no more of any memory. It is then remembered.
   */
  settle(label: number): boolean {
    const key = this.keyOf(label)
    const here = this.seen.get(key)
    const owed = this.owed[label]
    const free = owed === 0 ? undefined : this.seen.get(key - owed)
    if (this.isDominated(label, here) || this.isDominated(label, free)) {
      this.dominated++
      return false
    }
    if (here === undefined) this.seen.set(key, [label])
    else here.push(label)
    return true
  }

  /** A memory whose operands have all been allocated claims nothing any more: labels then differ in less. */
  release(label: number): void {
    const { sharers, memory, operands } = this.space
    for (let k = 0; k < this.memories; k++) {
      if (this.claims[label * this.memories + k] === 0) continue
      const done = sharers[k].every((p) => {
        const m = memory[p].indexOf(k)
        return this.next[label * this.operands + p] > Math.min(m + 1, operands[p].depth - 1)
      })
      if (done) this.claims[label * this.memories + k] = 0
    }
  }

  private isDominated(label: number, others: readonly number[] | undefined): boolean {
    if (others === undefined) return false
    const { spent, claims, memories } = this
    for (const other of others) {
      if (spent[other] > spent[label]) continue
      let worse = true
      for (let k = 0; k < memories && worse; k++) {
        worse = claims[other * memories + k] <= claims[label * memories + k]
      }
      if (worse) return true
    }
    return false
  }

  private keyOf(label: number): number {
    let key = this.state[label]
    for (let p = 0; p < this.operands; p++) {
      key = key * (this.space.operands[p].depth + 1) + this.next[label * this.operands + p]
    }
    return (key * 2 + this.accumulating[label]) * this.runs + this.owed[label]
  }
}
