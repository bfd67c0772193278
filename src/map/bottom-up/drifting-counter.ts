import { columnCount } from '../../model/index.js'

/** Position of an inner enumeration: one digit per column, G fastest; a pass leaves it one step further than before (Q26). */
export class DriftingCounter {
  readonly digits = new Int32Array(columnCount)
  private passes = 0

  /**
   * Starts a pass over spaces of the given sizes. Afterwards `digits` is where the pass begins (and, but for the first,
   * ends once more).
   */
  beginPass(sizes: Int32Array): void {
    if (this.passes++ === 0) return
    const { digits } = this
    digits[columnCount - 1]++
    for (let c = columnCount - 1; c >= 0; c--) {
      // Also a digit left over from a larger space: it is cleared and carries.
      if (digits[c] < sizes[c]) continue
      digits[c] = 0
      if (c > 0) digits[c - 1]++
    }
  }

  /** Whether the pass begun last visits its first position twice. */
  get revisitsStart(): boolean {
    return this.passes > 1
  }

  /** When the position with these digits is visited in the pass begun last; 0 = first. */
  rankOf(position: ArrayLike<number>, sizes: Int32Array): number {
    let count = 1
    let at = 0
    let start = 0
    for (let c = 0; c < columnCount; c++) {
      count *= sizes[c]
      at = at * sizes[c] + position[c]
      start = start * sizes[c] + this.digits[c]
    }
    if (this.passes === 1) start = 1
    return (at - start + count) % count
  }
}
