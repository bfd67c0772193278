import type { FoldedCost, TableMetric, TableProblem } from '../../cost/scheduling-table/index.js'
import { divisorsOf } from '../factor-lists.js'

/** A stage fixes the row of one memory level: what crosses from it to the next inner one. */
export type Stage = 'dram' | 'global' | 'local'

/** How the published bottom-up search and its repair differ (specification §8.2 and §12). */
export interface BottomUpRules {
  /** How many ways a factor can still be split further in: the freedom that the SP candidate keeps (Q24). */
  readonly degree: (factor: number) => number
  /** Whether a higher degree starts the comparison of costs anew (Q23). */
  readonly resetsCost: boolean
  /** Inner enumerations start where the last one stopped, one step further each time (Q26). */
  readonly drifts: boolean
  /** The last stage enumerates the register row, which must be ones, and never clears it (Q36). */
  readonly enumeratesRegister: boolean
  /** What the stage's choice costs as far as it is known (Q25, Q34). */
  readonly score: (
    cost: FoldedCost,
    stage: Stage,
    metric: TableMetric,
    problem: TableProblem,
  ) => number
}

/** The repaired search: every stage is scored by the terms that it fixes, with the leakage of their cycles. */
export const standardRules: BottomUpRules = Object.freeze({
  degree: (factor: number) => divisorsOf(factor).length,
  resetsCost: true,
  drifts: false,
  enumeratesRegister: false,
  score: standardScore,
})

function standardScore(
  cost: FoldedCost,
  stage: Stage,
  metric: TableMetric,
  problem: TableProblem,
): number {
  const cycles = stageCycles(cost, stage)
  if (metric === 'cycles') return cycles
  const rate = problem.staticPjPerCycle
  const leakage = (rate.mac + rate.local + rate.global + rate.dram) * cycles
  const energy = stageEnergy(cost, stage, problem) + leakage
  return metric === 'energy' ? energy : energy * cycles
}

function stageCycles(cost: FoldedCost, stage: Stage): number {
  switch (stage) {
    case 'dram':
      return cost.dramCycles + cost.macCycles
    case 'global':
      return cost.globalCycles + cost.localCycles + cost.macCycles
    case 'local':
      return cost.localCycles + cost.macCycles
  }
}

function stageEnergy(cost: FoldedCost, stage: Stage, problem: TableProblem): number {
  switch (stage) {
    case 'dram':
      return cost.dramPj + (problem.global.present ? cost.globalLowerPj : cost.localLowerPj)
    case 'global': {
      const fixed = cost.globalUpperPj + cost.localLowerPj
      const single = problem.macArray.x * problem.macArray.y === 1
      return single ? fixed : fixed + cost.localUpperPj
    }
    case 'local':
      return cost.localUpperPj
  }
}
