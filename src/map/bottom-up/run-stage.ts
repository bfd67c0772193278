import { foldTable } from '../../cost/scheduling-table/index.js'
import { columnCount, row } from '../../model/index.js'
import { divisorsOf } from '../factor-lists.js'
import { foldOfRow } from '../fold-rows.js'
import { DriftingCounter } from './drifting-counter.js'
import { divides, innerChoices, singleChoice, type InnerChoices } from './inner-choices.js'
import { MostSplittable } from './most-splittable.js'
import { outerSpace, visitOuterSteps, type OuterSpace, type OuterStep } from './outer-steps.js'
import type { StageContext } from './stage-context.js'
import {
  compareBest,
  StepClasses,
  type Best,
  type StageRows,
  type StepClass,
} from './step-classes.js'

/** The survivors of a stage: the cheapest table (PM), and the cheapest that can still be split most (SP). */
export interface StageResult {
  readonly pm?: Int32Array
  readonly sp?: Int32Array
  readonly evaluations: number
  /** Choices that did not fit a buffer. */
  readonly tooLarge: number
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
  const { problem, rules, real } = context
  const last = begin === row.register
  const stageRows: StageRows = {
    end,
    begin: last ? undefined : begin,
    rows: Array.from({ length: end - begin }, (_, i) => begin + 1 + i).filter((r) => real[r]),
  }
  const dims = table.slice(end * columnCount, (end + 1) * columnCount)
  const space = outerSpace(dims, stageRows.rows)
  const choices = last ? singleChoice() : choicesOf(context, table, dims, end, begin)
  const classes = new StepClasses(context, table, space, choices, stageRows)
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
    const each = classes.of(step)
    if (each === undefined) return true
    if (rules.drifts) counter.beginPass(each.sizes)
    if (each.ties.length > 0 && compareBest(each.best, pmBest) < 0) {
      pmBest = each.best
      const ranks = each.ties.map((b) => rank(each, b))
      const first = each.ties[ranks.indexOf(Math.min(...ranks))]
      pm = assemble(table, space, stageRows, step, choices, first)
    }
    if (!last) {
      const known = scores.get(step.key) ?? new Map<number, number>()
      scores.set(step.key, known)
      const winner = spSelection.offer(
        dividing(choices, each.value, spSelection.degree),
        choices.degree,
        (b) => {
          const score = known.get(b)
          if (score !== undefined) return score
          const fresh = classes.score(step, each, b)
          known.set(b, fresh)
          return fresh
        },
        (b) => rank(each, b),
        rules.drifts && counter.revisitsStart,
      )
      if (winner !== undefined) sp = assemble(table, space, stageRows, step, choices, winner)
    }
    const registerStuck =
      last && rules.enumeratesRegister && !real[row.register] && counter.digits.some((d) => d !== 0)
    return !registerStuck
  })
  const { evaluations, tooLarge } = classes
  return { ...(pm ? { pm } : {}), ...(sp ? { sp } : {}), evaluations, tooLarge }
}

/** What may go into the inner level: with nothing unrolled in between, it has to fit the buffers. */
function choicesOf(
  { cost, rules }: StageContext,
  table: Int32Array,
  dims: Int32Array,
  end: number,
  begin: number,
): InnerChoices {
  const base = foldTable(table)
  const f = base.slice()
  const endFold = foldOfRow(end)
  const beginFold = foldOfRow(begin)
  return innerChoices(dims, rules.degree, (factors) => {
    f.set(base)
    f.set(factors, beginFold)
    for (let c = 0; c < columnCount; c++) f[endFold + c] = dims[c] / factors[c]
    cost.evaluate(f, 0)
    return cost.fits
  })
}

/** Choices of at least the given degree that can be taken out of what a step leaves. */
function dividing(choices: InnerChoices, value: Int32Array, degree: number): number[] {
  const found: number[] = []
  for (const b of choices.byDegree) {
    if (choices.degree[b] < degree) break
    if (divides(choices, b, value)) found.push(b)
  }
  return found
}

/** The table with one step and one inner choice taken. */
function assemble(
  table: Int32Array,
  space: OuterSpace,
  { end, begin, rows }: StageRows,
  step: OuterStep,
  choices: InnerChoices,
  b: number,
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
