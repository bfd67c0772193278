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
  let found = new Int32Array(columnCount * 256)
  let length = 0
  const current = new Int32Array(columnCount)
  const descend = (c: number): void => {
    if (c === columnCount) {
      if (length === found.length) {
        const larger = new Int32Array(2 * length)
        larger.set(found)
        found = larger
      }
      found.set(current, length)
      length += columnCount
      return
    }
    for (const divisor of lists[c]) {
      current[c] = divisor
      current.fill(1, c + 1)
      // A column that cannot vary leaves the tile as it was.
      if (lists[c].length > 1 && !fits(current)) break
      descend(c + 1)
    }
  }
  if (fits(current.fill(1))) descend(0)
  const factors = found.slice(0, length)
  const count = length / columnCount
  const degree = new Float64Array(count).fill(1)
  const known = new Map(lists.flat().map((factor) => [factor, degreeOf(factor)]))
  for (let i = 0; i < length; i++) degree[(i / columnCount) | 0] *= known.get(factors[i]) ?? 1
  const byDegree = Int32Array.from({ length: count }, (_, i) => i).sort(
    (a, b) => degree[b] - degree[a] || a - b,
  )
  return { count, factors, degree, byDegree }
}

/** The one choice where nothing goes further in. */
export function singleChoice(): InnerChoices {
  return {
    count: 1,
    factors: new Int32Array(columnCount).fill(1),
    degree: Float64Array.of(1),
    byDegree: Int32Array.of(0),
  }
}

/** Whether choice b can be taken out of what is left in every column. */
export function divides(choices: InnerChoices, b: number, value: Int32Array): boolean {
  const { factors } = choices
  const at = b * columnCount
  for (let c = 0; c < columnCount; c++) if (value[c] % factors[at + c] !== 0) return false
  return true
}
