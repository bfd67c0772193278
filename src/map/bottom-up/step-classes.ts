import { foldTable, part } from '../../cost/scheduling-table/index.js'
import { columnCount, row } from '../../model/index.js'
import { divisorsOf } from '../factor-lists.js'
import { foldOfRow } from '../fold-rows.js'
import type { Stage } from './bottom-up-rules.js'
import { divides, type InnerChoices } from './inner-choices.js'
import type { OuterSpace, OuterStep } from './outer-steps.js'
import type { StageContext } from './stage-context.js'

const STAGE_OF = new Map<number, Stage>([
  [row.dram, 'dram'],
  [row.globalBuffer, 'global'],
  [row.localBuffer, 'local'],
])
const PARTS = { dram: part.dram | part.global, global: part.all, local: part.local } as const

/** What all outer steps that fold alike leave to the inner level, and the best that can be made of it. */
export interface StepClass {
  /** Value that is left for the stage's own row and the inner level. */
  readonly value: Int32Array
  readonly sizes: Int32Array
  readonly best: Best
  /** Choices of equal best rank. */
  readonly ties: readonly number[]
}

export interface Best {
  readonly score: number
  readonly product: number
  readonly spared: number
}

/** Rows that a stage distributes its factors over. */
export interface StageRows {
  /** Row of the stage, and of the next inner level; undefined where the inner level holds nothing. */
  readonly end: number
  readonly begin: number | undefined
  /** Rows between them and `end` itself, those that the accelerator has. */
  readonly rows: readonly number[]
}

/** Costs what the outer steps of a stage leave to the inner level; steps that fold alike are costed once. */
export class StepClasses {
  evaluations = 0
  tooLarge = 0
  private readonly context: StageContext
  private readonly space: OuterSpace
  private readonly choices: InnerChoices
  private readonly rows: readonly number[]
  private readonly base: Int32Array
  /** Factors of the table under evaluation, folded. */
  private readonly f: Int32Array
  private readonly endFold: number
  private readonly beginFold: number
  private readonly stage: Stage
  private readonly stationarity: 'none' | 'is' | 'ws' | 'os'
  private readonly classes = new Map<number, StepClass | undefined>()

  constructor(
    context: StageContext,
    table: Int32Array,
    space: OuterSpace,
    choices: InnerChoices,
    { end, begin, rows }: StageRows,
  ) {
    this.context = context
    this.space = space
    this.choices = choices
    this.rows = rows
    this.base = foldTable(table)
    this.f = this.base.slice()
    this.endFold = foldOfRow(end)
    this.beginFold = begin === undefined ? -1 : foldOfRow(begin)
    this.stage = STAGE_OF.get(end) as Stage
    this.stationarity =
      end === row.dram
        ? context.problem.globalStationarity
        : end === row.globalBuffer
          ? context.problem.localStationarity
          : 'none'
  }

  /** The class of an outer step; undefined where it does not fit. */
  of(step: OuterStep): StepClass | undefined {
    const { classes } = this
    if (classes.has(step.key)) return classes.get(step.key)
    const { cost } = this.context
    const value = this.setOuter(step)
    cost.evaluate(this.f, 0)
    const found = cost.fits ? this.explore(value) : undefined
    classes.set(step.key, found)
    return found
  }

  /** Costs one inner choice of a step of a class again. */
  score(step: OuterStep, { value }: StepClass, b: number): number {
    this.setOuter(step)
    return this.scoreOf(value, b)
  }

  private scoreOf(outer: Int32Array, b: number): number {
    const { f, endFold, beginFold, stage } = this
    const { cost, rules, metric, problem } = this.context
    const { factors } = this.choices
    for (let c = 0; c < columnCount; c++) {
      const factor = factors[b * columnCount + c]
      if (beginFold >= 0) f[beginFold + c] = factor
      f[endFold + c] = outer[c] / factor
    }
    cost.evaluate(f, PARTS[stage])
    this.evaluations++
    if (cost.fits) return rules.score(cost, stage, metric, problem)
    this.tooLarge++
    return Infinity
  }

  private setOuter(step: OuterStep): Int32Array {
    const { f, rows, endFold, beginFold } = this
    f.set(this.base)
    const value = new Int32Array(columnCount)
    for (let c = 0; c < columnCount; c++) {
      const { factors } = this.space.splits[c][step.digits[c]]
      for (let l = 0; l + 1 < rows.length; l++) {
        f[foldOfRow(rows[l]) + c] *= factors[l]
      }
      value[c] = factors[factors.length - 1]
      f[endFold + c] = value[c]
      if (beginFold >= 0) f[beginFold + c] = 1
    }
    return value
  }

  /** Scores every choice that divides what is left, and keeps the best by score, then by row, then by reuse. */
  private explore(value: Int32Array): StepClass {
    const { f, endFold, stationarity, choices } = this
    let best: Best = { score: Infinity, product: 0, spared: 0 }
    let ties: number[] = []
    for (let b = 0; b < choices.count; b++) {
      if (!divides(choices, b, value)) continue
      const score = this.scoreOf(value, b)
      if (score === Infinity) continue
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
    return { value, sizes, best, ties }
  }
}

/** Negative where `a` is better. */
export function compareBest(a: Best, b: Best): number {
  if (a.score !== b.score) return a.score < b.score ? -1 : 1
  if (a.product !== b.product) return a.product - b.product
  return b.spared - a.spared
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
