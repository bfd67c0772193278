import { columnCount, row } from '../../model/index.js'
import type { TableProblem } from '../../cost/scheduling-table/index.js'
import { factorings } from '../factor-lists.js'
import { sideOfRow } from '../fold-rows.js'

/** One way to split a column's factor over the rows of a stage, and what its arrays and level do with it. */
interface Split {
  /** Factor per outer row, the stage's own row last. */
  readonly factors: readonly number[]
  /** Number of the split among those with the same folded factors. */
  readonly fold: number
}

/** Everything about the outer enumeration of a stage that does not change while it runs. */
export interface OuterSpace {
  readonly rows: readonly number[]
  readonly splits: readonly (readonly Split[])[]
  /** Weight of each column's `fold` in the number of a class. */
  readonly weights: readonly number[]
}

/** Rows that fold into one: the sides of an array, and each level by itself. */
const GROUP_OF = new Map<number, number>([
  [row.macX, 0],
  [row.macY, 0],
  [row.localBuffer, 4],
  [row.peX, 1],
  [row.peY, 1],
  [row.globalBuffer, 2],
  [row.chipX, 3],
  [row.chipY, 3],
])

/** The splits of every column's factor over the given rows (innermost first, the stage's own row last). */
export function outerSpace(dims: ArrayLike<number>, rows: readonly number[]): OuterSpace {
  const splits = Array.from({ length: columnCount }, (_, c) => splitsOf(dims[c], rows))
  const weights: number[] = []
  let weight = 1
  for (const column of splits) {
    weights.push(weight)
    weight *= Math.max(...column.map((split) => split.fold)) + 1
  }
  return { rows, splits, weights }
}

function splitsOf(n: number, rows: readonly number[]): Split[] {
  const folds = new Map<string, number>()
  return factorings(n, rows.length).map((factors) => {
    const products = [1, 1, 1, 1, 1]
    rows.slice(0, -1).forEach((r, level) => {
      products[GROUP_OF.get(r) ?? 0] *= factors[level]
    })
    const key = products.join()
    const fold = folds.get(key) ?? folds.size
    folds.set(key, fold)
    return { factors, fold }
  })
}

/** One step of the outer enumeration. */
export interface OuterStep {
  /** Index of the split of each column. */
  readonly digits: Int32Array
  /** Equal for steps with the same folded factors. */
  readonly key: number
}

/**
 * Visits every step whose arrays are large enough, in the published order: K slowest, G fastest, and the very first
 * step (everything in the stage's own row) last. The step object is reused.
 * @param visit returns false to stop
 */
export function visitOuterSteps(
  space: OuterSpace,
  problem: TableProblem,
  visit: (step: OuterStep) => boolean,
): void {
  const limits = space.rows.map((r) => sideOfRow(problem, r))
  const levels = limits.length
  const digits = new Int32Array(columnCount)
  const used = new Float64Array((columnCount + 1) * levels).fill(1)
  let key = 0
  let first = true
  const descend = (c: number): boolean => {
    if (c === columnCount) {
      if (first) {
        first = false
        return true
      }
      return visit({ digits, key })
    }
    const splits = space.splits[c]
    for (let d = 0; d < splits.length; d++) {
      const { factors, fold } = splits[d]
      let fits = true
      for (let l = 0; l < levels; l++) {
        const product = used[c * levels + l] * factors[l]
        used[(c + 1) * levels + l] = product
        if (product > limits[l]) fits = false
      }
      if (!fits) continue
      digits[c] = d
      key += fold * space.weights[c]
      const go = descend(c + 1)
      key -= fold * space.weights[c]
      if (!go) return false
    }
    return true
  }
  if (descend(0)) visit({ digits: new Int32Array(columnCount), key: 0 })
}
