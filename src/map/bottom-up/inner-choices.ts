import { columnCount } from '../../model/index.js'
import { divisorsOf } from '../factor-lists.js'

/** What a stage may put into the inner level: divisors of the outer row's value, column by column. */
export interface InnerChoices {
  readonly count: number
  /** Eight factors per choice. */
  readonly factors: Int32Array
  readonly degree: Float64Array
  /** Numbers of the choices, highest degree first. */
  readonly byDegree: Int32Array
}

/**
 * All choices for a value, as far as `fits` accepts them. Buffers only fill up with larger factors, so a choice that
 * does not fit with the smallest surroundings never does.
 */
export function innerChoices(
  dims: ArrayLike<number>,
  degreeOf: (factor: number) => number,
  fits: (factors: Int32Array) => boolean,
): InnerChoices {
  const lists = Array.from({ length: columnCount }, (_, c) => divisorsOf(dims[c]))
  const found: number[] = []
  const current = new Int32Array(columnCount)
  const descend = (c: number): void => {
    if (c === columnCount) {
      found.push(...current)
      return
    }
    for (const divisor of lists[c]) {
      current[c] = divisor
      current.fill(1, c + 1)
      if (!fits(current)) break
      descend(c + 1)
    }
  }
  descend(0)
  const factors = Int32Array.from(found)
  const count = factors.length / columnCount
  const degree = new Float64Array(count).fill(1)
  const known = new Map<number, number>()
  for (let i = 0; i < factors.length; i++) {
    const factor = factors[i]
    const own = known.get(factor) ?? degreeOf(factor)
    known.set(factor, own)
    degree[(i / columnCount) | 0] *= own
  }
  const byDegree = Int32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => degree[b] - degree[a] || a - b,
  )
  return { count, factors, degree, byDegree }
}
