import type { Directions } from './directions.js'
import type { EnergyAndLatency } from './objective.js'
import type { StackRange } from './stack-range.js'

/** A run of layers and the least that it costs as one stack, in each direction. */
export interface RangeCost extends StackRange {
  readonly least: ArrayLike<number>
}

/**
 * What the layers before and behind a stack cost at least, in any stacks. Every direction adds up over stacks, so that
 * dynamic programming over the layers finds its least value.
 */
export class CoverFloors {
  private readonly directions: Directions
  private readonly startingAt: readonly (readonly RangeCost[])[]
  private readonly endingAt: readonly (readonly RangeCost[])[]
  /** [direction][i]: layers 0 … i−1. */
  private readonly before: readonly Float64Array[]
  /** [direction][i]: layers i … end. */
  private readonly behind: readonly Float64Array[]
  private readonly values: Float64Array

  /**
   * @param count layers
   * @param ranges in which costs may change; `update` takes note of it
   */
  constructor(count: number, ranges: readonly RangeCost[], directions: Directions) {
    const layers = Array.from({ length: count }, (_, i) => i)
    const table = (): Float64Array[] =>
      Array.from({ length: directions.count }, () => new Float64Array(count + 1))
    this.directions = directions
    this.before = table()
    this.behind = table()
    this.values = new Float64Array(directions.count)
    this.startingAt = layers.map((i) => ranges.filter(({ first }) => first === i))
    this.endingAt = layers.map((i) => ranges.filter(({ last }) => last === i))
    this.update()
  }

  update(): void {
    const count = this.startingAt.length
    this.before.forEach((before, d) => {
      for (let i = 0; i < count; i++) {
        let least = Infinity
        for (const range of this.endingAt[i]) {
          least = Math.min(least, before[range.first] + range.least[d])
        }
        before[i + 1] = least
      }
    })
    this.behind.forEach((behind, d) => {
      for (let i = count - 1; i >= 0; i--) {
        let least = Infinity
        for (const range of this.startingAt[i]) {
          least = Math.min(least, behind[range.last + 1] + range.least[d])
        }
        behind[i] = least
      }
    })
  }

  /**
   * Least objective of a schedule in which these layers are one stack at this cost.
   * @param enough beyond this it need not be exact: any that is lower, but beyond this, too, will do
   */
  through(stack: StackRange, cost: EnergyAndLatency, enough = Infinity): number {
    const { directions, values } = this
    const last = values.length - 1
    const soon = directions.leastOfEnds(this.value(0, stack, cost), this.value(last, stack, cost))
    if (soon > enough) return soon
    for (let d = 0; d < values.length; d++) values[d] = this.value(d, stack, cost)
    return directions.leastObjective(values)
  }

  private value(d: number, { first, last }: StackRange, cost: EnergyAndLatency): number {
    return this.before[d][first] + this.directions.valueOf(d, cost) + this.behind[d][last + 1]
  }

  /** Least objective of any schedule. */
  get least(): number {
    return this.directions.leastObjective(this.behind.map((behind) => behind[0]))
  }
}
