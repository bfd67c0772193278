/** Selects the candidate with the highest degree, and among these by cost, in the order in which they are visited. */
export class MostSplittable {
  degree = 0
  private score = Infinity
  private readonly resets: boolean

  constructor(resets: boolean) {
    this.resets = resets
  }

  /**
   * Offers the choices of one step and returns the one selected, if any.
   * @param startTwice the choice visited first is visited once more at the end
   */
  offer(
    choices: readonly number[],
    degrees: Float64Array,
    scoreOf: (b: number) => number,
    rankOf: (b: number) => number,
    startTwice: boolean,
  ): number | undefined {
    let selected: number | undefined
    const ordered =
      choices.length > 1
        ? choices
            .map((b) => ({ b, rank: rankOf(b) }))
            .sort((x, y) => x.rank - y.rank)
            .map(({ b }) => b)
        : choices
    const visit = (b: number): void => {
      const degree = degrees[b]
      if (degree < this.degree) return
      const score = scoreOf(b)
      if (score === Infinity) return
      if (degree > this.degree) {
        this.degree = degree
        if (this.resets) this.score = score
        selected = b
      } else if (score < this.score) {
        this.score = score
        selected = b
      }
    }
    ordered.forEach(visit)
    if (startTwice && ordered.length > 0 && rankOf(ordered[0]) === 0) visit(ordered[0])
    return selected
  }
}
