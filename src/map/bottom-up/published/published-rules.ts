import type { FoldedCost, TableMetric, TableProblem } from '../../../cost/scheduling-table/index.js'
import type { BottomUpRules, Stage } from '../bottom-up-rules.js'

const f32 = Math.fround

/** Bottom-up as NeuroSpector 1.4.1 runs it, defects included (specification §8.2). */
export const publishedRules: BottomUpRules = Object.freeze({
  degree: (factor: number) => countedPrimeFactors(factor) + 1,
  resetsCost: false,
  drifts: true,
  enumeratesRegister: true,
  score: publishedScore,
})

/** Prime factors with multiplicity, except a prime that is left at the end: 4 counts two, 6 one, 2 none (Q24). */
function countedPrimeFactors(n: number): number {
  let count = 0
  for (let i = 2; i < n; i++) {
    while (n % i === 0) {
      n /= i
      count++
    }
  }
  return count
}

function publishedScore(
  cost: FoldedCost,
  stage: Stage,
  metric: TableMetric,
  problem: TableProblem,
): number {
  switch (metric) {
    case 'energy':
      return energy(cost, stage, problem)
    case 'cycles':
      return cycles(cost, stage)
    case 'edp':
      // The published program knows no EDP; the product of its two scores is the nearest to it.
      return f32(energy(cost, stage, problem) * cycles(cost, stage))
  }
}

function energy(cost: FoldedCost, stage: Stage, problem: TableProblem): number {
  switch (stage) {
    case 'dram':
      // The two fills are interchanged (Q25).
      return f32(cost.dramPj + (problem.global.present ? cost.localLowerPj : cost.globalLowerPj))
    case 'global': {
      const fixed = f32(cost.globalUpperPj + cost.localLowerPj)
      const single = problem.macArray.x * problem.macArray.y === 1
      return single ? fixed : f32(fixed + cost.localUpperPj)
    }
    case 'local':
      return cost.localUpperPj
  }
}

function cycles(cost: FoldedCost, stage: Stage): number {
  switch (stage) {
    case 'dram':
      return f32(cost.dramCycles + cost.macCycles)
    case 'global':
      return f32(f32(cost.globalCycles + cost.localCycles) + cost.macCycles)
    case 'local':
      return f32(cost.localCycles + cost.macCycles)
  }
}
