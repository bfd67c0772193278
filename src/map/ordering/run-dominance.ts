import type { OrderingSpace } from './ordering-space.js'

/**
 * Tells partial mappings apart by what can still matter. Two of them that have the same loops below and the same loops
 * below every cut made so far differ only in the runs of loops right below each cut: a run that reuses the operand (the
 * shorter, the longer its memory may be refilled without double buffering) or one that renews it (the longer, the less
 * has to stay while it is refilled). One that is at least as good in every run costs no more, however both go on.
 */
export class RunDominance {
  private readonly space: OrderingSpace
  private readonly operands: number
  /** Numbers of sequences of cuts, by number of the shorter sequence and last cut. */
  private readonly sequences = new Map<number, number>()
  private readonly seen = new Map<number, number[][]>()
  /** Runs below the cuts made so far, and those that go on: n iterations that renew, −n that reuse, 1 for neither. */
  private readonly closed: number[] = []
  private readonly open: number[]
  private readonly undo: number[][] = []
  private readonly path: number[] = [0]

  constructor(space: OrderingSpace) {
    this.space = space
    this.operands = space.operands.length
    this.open = space.operands.map(() => 1)
  }

  /** A factor of axis i is placed. */
  place(i: number): void {
    const { lattice, problem } = this.space
    const { dim, prime } = lattice.axes[i]
    this.undo.push([...this.open])
    problem.operands.forEach(({ operand }, p) => {
      const slides = operand.sliding.some((axis) => axis.output === dim || axis.kernel === dim)
      const before = this.open[p]
      if (operand.irrelevant.includes(dim)) this.open[p] = Math.min(before, -1) * prime
      else this.open[p] = slides ? 1 : Math.max(before, 1) * prime
    })
  }

  /** The last factor is taken away again. */
  displace(): void {
    const before = this.undo.pop() ?? []
    before.forEach((run, p) => (this.open[p] = run))
  }

  /** Operand p is cut at a state. */
  cut(p: number, state: number): void {
    const key =
      (this.path[this.path.length - 1] * this.operands + p) * this.space.lattice.size + state
    let sequence = this.sequences.get(key)
    if (sequence === undefined) {
      sequence = this.sequences.size + 1
      this.sequences.set(key, sequence)
    }
    this.path.push(sequence)
    this.closed.push(this.open[p])
    this.open[p] = 1
  }

  /** The last cut, of operand p, is taken back. */
  uncut(p: number): void {
    this.path.pop()
    this.open[p] = this.closed.pop() ?? 1
  }

  /** Iterations right below the next cut of operand p that reuse it. */
  reuse(p: number): number {
    return Math.max(-this.open[p], 1)
  }

  /** Whether one as good has been here before; remembers this one otherwise. */
  isDominated(state: number): boolean {
    const key = this.path[this.path.length - 1] * this.space.lattice.size + state
    const runs = [...this.closed, ...this.open]
    const others = this.seen.get(key)
    if (others === undefined) {
      this.seen.set(key, [runs])
      return false
    }
    for (const other of others) {
      let worse = true
      for (let k = 0; k < runs.length && worse; k++) worse = other[k] >= runs[k]
      if (worse) return true
    }
    others.push(runs)
    return false
  }
}
