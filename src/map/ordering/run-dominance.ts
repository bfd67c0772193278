import type { LoopDim } from '../../model/index.js'
import type { OrderingSpace } from './ordering-space.js'

/** The run of a sliding loop that follows a cut of the operand that slides. */
interface SlideRun {
  /** Undefined: the cut was the last step. */
  readonly dim: LoopDim | undefined
  /** Whether the last step but other cuts was such a cut. */
  readonly atCut: boolean
}

/** Whether a loop over an axis leaves an operand's data as they are, replaces them, or lets them slide. */
type Effect = 'reuses' | 'renews' | 'slides'

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
  /** Runs of those that were here before, one after another. */
  private readonly seen = new Map<number, number[]>()
  /**
   * Runs that go on, of every operand, then those below the cuts made so far: n iterations that renew, −n that reuse, 1 for
   * neither.
   */
  private readonly runs: number[]
  /** [axis, operand]: what a factor makes of the run that goes on. */
  private readonly effects: readonly Effect[]
  private readonly undo: number[] = []
  private readonly path: number[] = [0]
  private readonly slider: number
  private slide: SlideRun | undefined
  private readonly slidesBefore: (SlideRun | undefined)[] = []

  constructor(space: OrderingSpace) {
    this.space = space
    this.operands = space.operands.length
    this.slider = space.slides?.p ?? -1
    this.runs = space.operands.map(() => 1)
    this.effects = space.lattice.axes.flatMap(({ dim }) =>
      space.problem.operands.map(({ operand }): Effect => {
        if (operand.irrelevant.includes(dim)) return 'reuses'
        const slides = operand.sliding.some((axis) => axis.output === dim || axis.kernel === dim)
        return slides ? 'slides' : 'renews'
      }),
    )
  }

  /** A factor of axis i is placed at a state. */
  place(i: number, state: number): void {
    const { runs, effects, operands, undo } = this
    const { dim, prime } = this.space.lattice.axes[i]
    this.path.push(this.path[this.path.length - 1])
    this.slidesBefore.push(this.slide)
    if (this.slide !== undefined) this.slide = this.slideOn(this.slide, dim, state)
    for (let p = 0; p < operands; p++) {
      const before = runs[p]
      undo.push(before)
      const effect = effects[i * operands + p]
      if (effect === 'reuses') runs[p] = Math.min(before, -1) * prime
      else runs[p] = effect === 'slides' ? 1 : Math.max(before, 1) * prime
    }
  }

  /** The last factor is taken away again. */
  displace(): void {
    for (let p = this.operands - 1; p >= 0; p--) this.runs[p] = this.undo.pop() ?? 1
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
    this.runs.push(this.runs[p])
    this.runs[p] = 1
    this.slidesBefore.push(this.slide)
    if (p === this.slider) this.slide = { dim: this.slide?.dim, atCut: true }
  }

  /** The last cut, of operand p, is taken back. */
  uncut(p: number): void {
    this.path.pop()
    this.runs[p] = this.runs.pop() ?? 1
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
    const { runs, seen } = this
    const key = this.path[this.path.length - 1] * this.space.lattice.size + state
    const others = seen.get(key)
    if (others === undefined) {
      seen.set(key, runs.slice())
      return false
    }
    for (let other = 0; other < others.length; other += runs.length) {
      let k = 0
      while (k < runs.length && others[other + k] >= runs[k]) k++
      if (k === runs.length) return true
    }
    for (const run of runs) others.push(run)
    return false
  }
}
