import type { EnergyAndLatency } from './objective.js'
import type { StackRange } from './stack-range.js'

/** A run of layers and what it costs at least as one stack. */
export type RangeCost = StackRange & EnergyAndLatency

/** What the layers before and behind a stack cost at least, in any stacks; energy and latency each by itself. */
export class CoverFloors {
  /** [i]: layers 0 … i−1. */
  private readonly before: { readonly pj: Float64Array; readonly cycles: Float64Array }
  /** [i]: layers i … end. */
  private readonly behind: { readonly pj: Float64Array; readonly cycles: Float64Array }
  private readonly startingAt: readonly RangeCost[][]
  private readonly endingAt: readonly RangeCost[][]

  /** @param ranges in which costs may change; `update` takes note of it */
  constructor(
    private readonly count: number,
    ranges: readonly RangeCost[],
  ) {
    const table = (): { pj: Float64Array; cycles: Float64Array } => ({
      pj: new Float64Array(count + 1),
      cycles: new Float64Array(count + 1),
    })
    this.before = table()
    this.behind = table()
    this.startingAt = Array.from({ length: count }, (_, i) =>
      ranges.filter(({ first }) => first === i),
    )
    this.endingAt = Array.from({ length: count }, (_, i) => ranges.filter(({ last }) => last === i))
    this.update()
  }

  update(): void {
    const { before, behind, count } = this
    for (let i = 0; i < count; i++) {
      let [pj, cycles] = [Infinity, Infinity]
      for (const each of this.endingAt[i]) {
        pj = Math.min(pj, before.pj[each.first] + each.energyPj)
        cycles = Math.min(cycles, before.cycles[each.first] + each.latencyCycles)
      }
      before.pj[i + 1] = pj
      before.cycles[i + 1] = cycles
    }
    for (let i = count - 1; i >= 0; i--) {
      let [pj, cycles] = [Infinity, Infinity]
      for (const each of this.startingAt[i]) {
        pj = Math.min(pj, behind.pj[each.last + 1] + each.energyPj)
        cycles = Math.min(cycles, behind.cycles[each.last + 1] + each.latencyCycles)
      }
      behind.pj[i] = pj
      behind.cycles[i] = cycles
    }
  }

  /** What a schedule costs at least in which these layers are one stack at this cost. */
  through(
    { first, last }: StackRange,
    { energyPj, latencyCycles }: EnergyAndLatency,
  ): EnergyAndLatency {
    return {
      energyPj: this.before.pj[first] + energyPj + this.behind.pj[last + 1],
      latencyCycles: this.before.cycles[first] + latencyCycles + this.behind.cycles[last + 1],
    }
  }

  /** What any schedule costs at least. */
  get least(): EnergyAndLatency {
    return { energyPj: this.behind.pj[0], latencyCycles: this.behind.cycles[0] }
  }
}
