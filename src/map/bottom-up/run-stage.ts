// Longer than most files: the two selections of a stage share one walk, and their order of ties is its whole meaning.
import {
  foldTable,
  part,
  type FoldedCost,
  type TableMetric,
  type TableProblem,
} from '../../cost/scheduling-table/index.js'
import { columnCount, row } from '../../model/index.js'
import { divisorsOf } from '../factor-lists.js'
import { foldOfRow } from '../fold-rows.js'
import type { BottomUpRules, Stage } from './bottom-up-rules.js'
import { DriftingCounter } from './drifting-counter.js'
import { innerChoices, type InnerChoices } from './inner-choices.js'
import { outerSpace, visitOuterSteps, type OuterSpace, type OuterStep } from './outer-steps.js'

/** What the stages of one search share. */
export interface StageContext {
  readonly problem: TableProblem
  readonly cost: FoldedCost
  readonly rules: BottomUpRules
  readonly metric: TableMetric
  /** Rows that the accelerator has. */
  readonly real: readonly boolean[]
}

/** The survivors of a stage: the cheapest table (PM), and the cheapest that can still be split most (SP). */
export interface StageResult {
  readonly pm?: Int32Array
  readonly sp?: Int32Array
  readonly evaluations: number
  /** Choices that did not fit a buffer. */
  readonly tooLarge: number
}

const STAGE_OF = new Map<number, Stage>([
  [row.dram, 'dram'],
  [row.globalBuffer, 'global'],
  [row.localBuffer, 'local'],
])
const PARTS = { dram: part.dram | part.global, global: part.all, local: part.local } as const
/** Costs of the inner choices of all outer steps that fold alike. */
interface StepClass {
  readonly inner: readonly number[]
  /** Value that is left for the stage's own row and the inner level. */
  readonly value: Int32Array
  readonly sizes: Int32Array
  readonly best: Best
  /** Choices of equal best rank. */
  readonly ties: readonly number[]
}

interface Best {
  readonly score: number
  readonly product: number
  readonly spared: number
}

/**
 * One stage (specification §8.2): splits the factors in row `end` over the arrays inside it, row `end` itself and the
 * next inner level `begin`. Equals the plain enumeration (see the oracle in the tests) in every choice, but evaluates
 * steps that fold alike once and looks at the order of the enumeration only where it decides a tie.
 */
export function runStage(
  context: StageContext,
  table: Int32Array,
  end: number,
  begin: number,
): StageResult {
  const { problem, cost, rules, metric, real } = context
  const stage = STAGE_OF.get(end) as Stage
  const last = begin === row.register
  const rows = Array.from({ length: end - begin }, (_, i) => begin + 1 + i).filter((r) => real[r])
  const dims = table.slice(end * columnCount, (end + 1) * columnCount)
  const space = outerSpace(dims, rows)
  const base = foldTable(table)
  const endFold = foldOfRow(end)
  const beginFold = last ? -1 : foldOfRow(begin)
  const f = base.slice()
  let evaluations = 0
  let tooLarge = 0

  const choices = last
    ? singleChoice()
    : innerChoices(dims, rules.degree, (factors) => {
        f.set(base)
        f.set(factors, beginFold)
        for (let c = 0; c < columnCount; c++) f[endFold + c] = dims[c] / factors[c]
        cost.evaluate(f, 0)
        return cost.fits
      })

  const stationarity =
    end === row.dram
      ? problem.globalStationarity
      : end === row.globalBuffer
        ? problem.localStationarity
        : 'none'
  const scoreOf = (outer: StepClass['value'], b: number): number => {
    for (let c = 0; c < columnCount; c++) {
      const factor = choices.factors[b * columnCount + c]
      if (beginFold >= 0) f[beginFold + c] = factor
      f[endFold + c] = outer[c] / factor
    }
    cost.evaluate(f, PARTS[stage])
    evaluations++
    if (cost.fits) return rules.score(cost, stage, metric, problem)
    tooLarge++
    return Infinity
  }

  const setOuter = (step: OuterStep): Int32Array => {
    f.set(base)
    const value = new Int32Array(columnCount)
    for (let c = 0; c < columnCount; c++) {
      const { factors } = space.splits[c][step.digits[c]]
      for (let l = 0; l + 1 < rows.length; l++) {
        f[foldOfRow(rows[l]) + c] *= factors[l]
      }
      value[c] = factors[factors.length - 1]
      f[endFold + c] = value[c]
      if (beginFold >= 0) f[beginFold + c] = 1
    }
    return value
  }

  const classes = new Map<number, StepClass | undefined>()
  const classOf = (step: OuterStep): StepClass | undefined => {
    if (classes.has(step.key)) return classes.get(step.key)
    const value = setOuter(step)
    cost.evaluate(f, 0)
    const found = cost.fits ? explore(value) : undefined
    classes.set(step.key, found)
    return found
  }

  /** Scores every choice that divides what is left, and keeps the best by score, then by row, then by reuse. */
  const explore = (value: Int32Array): StepClass => {
    const inner: number[] = []
    let best: Best = { score: Infinity, product: 0, spared: 0 }
    let ties: number[] = []
    for (let b = 0; b < choices.count; b++) {
      if (!divides(choices, b, value)) continue
      const score = scoreOf(value, b)
      if (score === Infinity) continue
      inner.push(b)
      if (score > best.score) continue
      const own: Best = {
        score,
        product: rowProductOf(f, endFold),
        spared: sparedBy(f, endFold, stationarity),
      }
      const order = compareBest(own, best)
      if (order < 0) {
        best = own
        ties = [b]
      } else if (order === 0) {
        ties.push(b)
      }
    }
    const sizes = Int32Array.from(value, (n) => divisorsOf(n).length)
    return { inner, value, sizes, best, ties }
  }

  const counter = new DriftingCounter()
  const position = new Int32Array(columnCount)
  const rank = (each: StepClass, b: number): number => {
    for (let c = 0; c < columnCount; c++) {
      position[c] = last
        ? 0
        : divisorsOf(each.value[c]).indexOf(choices.factors[b * columnCount + c])
    }
    if (rules.drifts) return counter.rankOf(position, each.sizes)
    return position.reduce((at, digit, c) => at * each.sizes[c] + digit, 0)
  }

  let pm: Int32Array | undefined
  let pmBest: Best = { score: Infinity, product: 0, spared: 0 }
  const spSelection = new MostSplittable(rules.resetsCost)
  let sp: Int32Array | undefined
  const scores = new Map<number, Map<number, number>>()

  visitOuterSteps(space, problem, (step) => {
    const each = classOf(step)
    if (each === undefined) return true
    if (rules.drifts) counter.beginPass(each.sizes)
    if (each.ties.length > 0 && compareBest(each.best, pmBest) < 0) {
      pmBest = each.best
      const ranks = each.ties.map((b) => rank(each, b))
      pm = buildTable(step, each.ties[ranks.indexOf(Math.min(...ranks))])
    }
    if (!last) {
      const known = scores.get(step.key) ?? new Map<number, number>()
      scores.set(step.key, known)
      const winner = spSelection.offer(
        relevant(each, spSelection.degree),
        choices.degree,
        (b) => {
          const score = known.get(b)
          if (score !== undefined) return score
          setOuter(step)
          const fresh = scoreOf(each.value, b)
          known.set(b, fresh)
          return fresh
        },
        (b) => rank(each, b),
        rules.drifts && counter.revisitsStart,
      )
      if (winner !== undefined) sp = buildTable(step, winner)
    }
    const registerStuck =
      last && rules.enumeratesRegister && !real[row.register] && counter.digits.some((d) => d !== 0)
    return !registerStuck
  })
  return { ...(pm ? { pm } : {}), ...(sp ? { sp } : {}), evaluations, tooLarge }

  /** Choices of at least the given degree that a step can make. */
  function relevant(each: StepClass, degree: number): number[] {
    const found: number[] = []
    for (const b of choices.byDegree) {
      if (choices.degree[b] < degree) break
      if (divides(choices, b, each.value)) found.push(b)
    }
    return found
  }

  function buildTable(step: OuterStep, b: number): Int32Array {
    return assemble(table, space, rows, step, choices, b, end, last ? undefined : begin)
  }
}

/** Selects the candidate with the highest degree, and among these by cost, in the order in which they are visited. */
class MostSplittable {
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

function compareBest(a: Best, b: Best): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1
  if (a.product !== b.product) return a.product - b.product
  return b.spared - a.spared
}

function singleChoice(): InnerChoices {
  return {
    count: 1,
    factors: new Int32Array(columnCount).fill(1),
    degree: Float64Array.of(1),
    byDegree: Int32Array.of(0),
  }
}

function divides(choices: InnerChoices, b: number, value: Int32Array): boolean {
  const { factors } = choices
  const at = b * columnCount
  for (let c = 0; c < columnCount; c++) if (value[c] % factors[at + c] !== 0) return false
  return true
}

function rowProductOf(f: Int32Array, at: number): number {
  let product = 1
  for (let c = 0; c < columnCount; c++) product *= f[at + c]
  return product
}

/** Iterations of the stage's own row that the inner buffer's stationarity spares; no fallback for K = 1 here. */
function sparedBy(f: Int32Array, at: number, stationarity: 'none' | 'is' | 'ws' | 'os'): number {
  switch (stationarity) {
    case 'none':
      return 1
    case 'is':
      return f[at]
    case 'ws':
      return f[at + 1] * f[at + 2] * f[at + 3]
    case 'os':
      return f[at + 4] * f[at + 5] * f[at + 6]
  }
}

function assemble(
  table: Int32Array,
  space: OuterSpace,
  rows: readonly number[],
  step: OuterStep,
  choices: InnerChoices,
  b: number,
  end: number,
  begin: number | undefined,
): Int32Array {
  const built = table.slice()
  for (let c = 0; c < columnCount; c++) {
    const { factors } = space.splits[c][step.digits[c]]
    rows.forEach((r, l) => (built[r * columnCount + c] = factors[l]))
    const inner = choices.factors[b * columnCount + c]
    built[end * columnCount + c] /= inner
    if (begin !== undefined) built[begin * columnCount + c] = inner
  }
  return built
}
