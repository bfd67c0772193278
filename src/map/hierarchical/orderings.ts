/**
 * All distinct orderings of a multiset, each from the one before by moving one element to the front ("cool-lex" order,
 * Williams 2009), in the order of the published search (specification §8.3): ties between mappings are decided by it.
 * `current` changes in place; element 0 is the innermost loop.
 *
 * @example
 * const orderings = new Orderings([1, 0, 0])
 * do use(orderings.current)
 * while (orderings.next())
 */
export class Orderings {
  readonly current: number[]
  private prefix: number

  /** @param elements ranks of the elements; equal ranks are the same element */
  constructor(elements: readonly number[]) {
    this.current = [...elements].sort((a, b) => b - a)
    this.prefix = elements.length - 2
  }

  /** Goes to the next ordering; false after the last one. */
  next(): boolean {
    const a = this.current
    const last = a.length - 1
    const j = this.prefix + 1
    if (last < 1 || (j === last && a[j] >= a[0])) return false
    const k = j < last && a[this.prefix] >= a[j + 1] ? j + 1 : j
    const head = a[0]
    const moved = a[k]
    for (let i = k; i > 0; i--) a[i] = a[i - 1]
    a[0] = moved
    this.prefix = moved < head ? 0 : this.prefix + 1
    return true
  }
}

/** Number of distinct orderings: n! over the factorials of the multiplicities. */
export function orderingCount(elements: readonly number[]): number {
  const seen = new Map<number, number>()
  let count = 1
  elements.forEach((element, i) => {
    const times = (seen.get(element) ?? 0) + 1
    seen.set(element, times)
    count = (count * (i + 1)) / times
  })
  return Math.round(count)
}
