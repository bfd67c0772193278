/**
 * The union of periodic windows (`windowUnion`) without allocating: for periods that divide one another, as those of the
 * links of one port do.
 */
export class WindowCover {
  /** Windows by falling period. */
  private readonly period: Float64Array
  private readonly allowed: Float64Array
  /** Cycles that windows i and further cover in one period of window i, and those of i + 1 and further in its window. */
  private readonly inPeriod: Float64Array
  private readonly inAllowed: Float64Array
  private size = 0

  /** @param most windows at once */
  constructor(most: number) {
    this.period = new Float64Array(most)
    this.allowed = new Float64Array(most)
    this.inPeriod = new Float64Array(most)
    this.inAllowed = new Float64Array(most)
  }

  clear(): void {
    this.size = 0
  }

  /** Adds a window at the beginning of every period; of equal periods the widest window stays. */
  add(periodCycles: number, allowedCycles: number): void {
    const { period, allowed } = this
    let i = 0
    while (i < this.size && period[i] > periodCycles) i++
    if (i < this.size && period[i] === periodCycles) {
      if (allowed[i] < allowedCycles) allowed[i] = allowedCycles
      return
    }
    for (let j = this.size; j > i; j--) {
      period[j] = period[j - 1]
      allowed[j] = allowed[j - 1]
    }
    period[i] = periodCycles
    allowed[i] = allowedCycles
    this.size++
  }

  /** Cycles of the longest period that lie in some window. Call after the last `add`. */
  inLongestPeriod(): number {
    const { period, allowed, inPeriod, inAllowed } = this
    const last = this.size - 1
    inAllowed[last] = 0
    inPeriod[last] = allowed[last]
    for (let i = last - 1; i >= 0; i--) {
      const periods = period[i] / period[i + 1]
      inAllowed[i] = this.covered(i + 1, allowed[i])
      inPeriod[i] = allowed[i] + periods * inPeriod[i + 1] - inAllowed[i]
    }
    return inPeriod[0]
  }

  /** Cycles that only first windows (those that begin at 0) cover. Call after `inLongestPeriod`. */
  firstWindowsOnly(i = 0): number {
    let until = 0
    for (let j = i; j < this.size; j++) if (this.allowed[j] > until) until = this.allowed[j]
    let next = i
    while (next < this.size && this.period[next] >= until) next++
    if (next === this.size) return until
    return until - (this.covered(next, until) - this.firstWindowsOnly(next))
  }

  /** Cycles t < until in windows i and further. */
  private covered(i: number, until: number): number {
    const { period, allowed, inPeriod, inAllowed } = this
    let rest = until
    let sum = 0
    for (let j = i; j < this.size; j++) {
      if (rest >= period[j]) {
        const whole = Math.floor(rest / period[j])
        sum += whole * inPeriod[j]
        rest -= whole * period[j]
      }
      if (rest <= allowed[j]) return sum + rest
      sum += allowed[j] - inAllowed[j]
    }
    return sum
  }
}
