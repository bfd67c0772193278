import type { Run } from '../../model/index.js'
import { Selection } from '../auto/selection.js'
import { hasWholeTimes, type PlaceProblem } from '../problem.js'
import { buildModel } from './build-model.js'
import { ClauseSolver } from './clause-solver.js'
import { StartBounds } from './start-bounds.js'

/** What the exact search ended with. */
export interface ExactResult {
  readonly best: Selection
  /** True when nothing shorter exists. */
  readonly proved: boolean
  readonly conflicts: number
  readonly decisions: number
}

/** Makespans closer together than this, relative, are taken as equal where times are not whole numbers. */
const RELATIVE_STEP = 1e-6

/**
 * Improves a selection until it is proved that nothing shorter exists: conflict-driven clause learning over cores and
 * orders with bounds on starts, the horizon one step below the best makespan each time one is found.
 * @param start evaluated; @param lowerBoundUs known bound: reaching it is proof enough
 * @param maxConflicts after which it gives up
 */
export function exact(
  p: PlaceProblem,
  start: Selection,
  lowerBoundUs: number,
  maxConflicts: number,
  run: Run,
): ExactResult | undefined {
  const built = buildModel(p, 80_000)
  if (built === undefined) return undefined
  const { model, variables, clauses } = built
  const step = makespanStep(p, start.makespanUs)
  const tolerance = Math.min(1e-3 * step, 1e-7 * Math.max(1, start.makespanUs))
  let bounds: StartBounds | undefined
  const solver = new ClauseSolver(variables, (owner) => {
    bounds = new StartBounds(model, owner, tolerance)
    return bounds
  })
  if (bounds === undefined) return undefined
  for (const clause of clauses) solver.addClause(clause)
  const best = new Selection(p)
  best.copy(start)
  best.evaluate()
  const result = (proved: boolean): ExactResult => ({
    best,
    proved,
    conflicts: solver.conflicts,
    decisions: solver.decisions,
  })
  for (;;) {
    if (best.makespanUs <= lowerBoundUs + step / 2) return result(true)
    followBest(best, solver, model)
    solver.reset()
    bounds.setHorizon(best.makespanUs - step)
    const left = maxConflicts - solver.conflicts
    const outcome = left <= 0 ? 'stopped' : solver.solve(left, run.cancelled)
    if (outcome === 'unsat') return result(true)
    if (outcome === 'stopped') return result(false)
    const core = new Int32Array(p.tasks)
    const startUs = new Float64Array(p.tasks)
    model.modes.forEach((mode, i) => {
      if (solver.value[mode.chosen] !== 1) return
      core[mode.task] = mode.core
      startUs[mode.task] = bounds?.low[i] ?? 0
    })
    best.load(core, startUs)
    best.evaluate()
    run.progress({ message: `exact search: ${best.makespanUs} µs, ${solver.conflicts} conflicts` })
  }
}

/** Least difference between two makespans: 1 for whole numbers, a small fraction otherwise. */
function makespanStep(p: PlaceProblem, makespanUs: number): number {
  return hasWholeTimes(p) ? 1 : RELATIVE_STEP * makespanUs
}

/** Decisions prefer what the best schedule does. */
function followBest(
  best: Selection,
  solver: ClauseSolver,
  model: {
    modes: readonly { task: number; core: number; chosen: number }[]
    orders: readonly { first: number; second: number; literal: number }[]
  },
): void {
  for (const mode of model.modes)
    solver.phase[mode.chosen >> 1] = best.core[mode.task] === mode.core ? 1 : -1
  for (const { first, second, literal } of model.orders) {
    if ((literal & 1) === 1) continue
    const together = best.core[first] === best.core[second]
    solver.phase[literal >> 1] = together && best.head[first] < best.head[second] ? 1 : -1
  }
}
