import type { LoopDim } from '../../model/index.js'
import type { OrderingSpace } from './ordering-space.js'

/** The run of a sliding loop that follows a cut of the operand that slides. */
interface SlideRun {
  /** Undefined: the cut was the last step. */
  readonly dim: LoopDim | undefined
  /** Whether the last step but other cuts was such a cut. */
  readonly atCut: boolean
}

/**
 * Tells partial mappings apart by what can still matter. Two of them that have the same loops below and the same loops
 * below every cut made so far differ only in the runs of loops right below each cut: a run that reuses the operand (the
 * shorter, the longer its memory may be refilled without double buffering) or one that renews it (the longer, the less
 * has to stay while it is refilled). One that is at least as good in every run costs no more, however both go on. Where
 * halos slide, the runs of sliding loops that follow the cuts of their operand must be the same, too.
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
  private readonly slider: number
  private slide: SlideRun | undefined
  private readonly slidesBefore: (SlideRun | undefined)[] = []

  constructor(space: OrderingSpace) {
    this.space = space
    this.operands = space.operands.length
    this.slider = space.slides?.p ?? -1
    this.open = space.operands.map(() => 1)
  }

  /** A factor of axis i is placed at a state. */
  place(i: number, state: number): void {
    const { lattice, problem } = this.space
    const { dim, prime } = lattice.axes[i]
    this.undo.push([...this.open])
    this.path.push(this.path[this.path.length - 1])
    this.slidesBefore.push(this.slide)
    if (this.slide !== undefined) this.slide = this.slideOn(this.slide, dim, state)
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
    this.path.pop()
    this.slide = this.slidesBefore.pop()
  }

  /** The run as it goes on with a loop, or undefined when it ends; that it ends at this state becomes part of the path. */
  private slideOn({ dim, atCut }: SlideRun, next: LoopDim, state: number): SlideRun | undefined {
    const axes = this.space.problem.operands[this.slider].operand.sliding
    const slides = axes.some((axis) => axis.output === next || axis.kernel === next)
    if (slides && (dim ?? next) === next) return { dim: next, atCut: false }
    this.path[this.path.length - 1] = this.sequence(this.operands, state)
    return slides && atCut ? { dim: next, atCut: false } : undefined
  }

  /** Operand p is cut at a state. */
  cut(p: number, state: number): void {
    this.path.push(this.sequence(p, state))
    this.closed.push(this.open[p])
    this.open[p] = 1
    this.slidesBefore.push(this.slide)
    if (p === this.slider) this.slide = { dim: this.slide?.dim, atCut: true }
  }

  /** The last cut, of operand p, is taken back. */
  uncut(p: number): void {
    this.path.pop()
    this.open[p] = this.closed.pop() ?? 1
    this.slide = this.slidesBefore.pop()
  }

  /** The number of a sequence that goes on from the present one with a cut of an operand, or the end of a run. */
  private sequence(event: number, state: number): number {
    const { path, sequences, operands, space } = this
    const key = (path[path.length - 1] * (operands + 1) + event) * space.lattice.size + state
    const known = sequences.get(key) ?? sequences.size + 1
    sequences.set(key, known)
    return known
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
