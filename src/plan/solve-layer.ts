import { InfeasibleError } from '../base/index.js'
import { hierarchical, schedulingTable } from '../cost/index.js'
import { optimalOrdering, searchOptimal } from '../map/index.js'
import { tableLayer, type Run } from '../model/index.js'
import type { LayerCost, LayerProblem } from './layer-problem.js'

/**
 * Maps a loop nest as well as it can be mapped, in standard semantics.
 * @returns null when the accelerator cannot run it: pooling or additions on a multiply-accumulate model, or no mapping fits
 */
export function solveLayer(problem: LayerProblem, run: Run): LayerCost | null {
  try {
    return problem.accelerator.kind === 'table-accelerator'
      ? onTable(problem, run)
      : onHierarchy(problem, run)
  } catch (error) {
    if (error instanceof InfeasibleError) return null
    throw error
  }
}

function onTable(
  { layer, accelerator, metric, dataflow }: LayerProblem,
  run: Run,
): LayerCost | null {
  const nest = tableLayer(layer)
  if (nest === undefined || accelerator.kind !== 'table-accelerator') return null
  const conventions = schedulingTable.standard
  const found = searchOptimal(accelerator, nest, { metric, dataflow, conventions }, run)
  const { latencyCycles: cycles, energyPj } = found.value.cost
  const { status, objective, lowerBound } = found
  return { latencyCycles: cycles.total, energyPj, status, objective, lowerBound }
}

function onHierarchy({ layer, accelerator, metric }: LayerProblem, run: Run): LayerCost | null {
  if (accelerator.kind !== 'hierarchical-accelerator') return null
  const found = optimalOrdering(
    hierarchical.hierarchicalProblem(layer, accelerator),
    { metric },
    run,
  )
  const { energyPj, latency } = found.value.cost
  const { status, objective, lowerBound } = found
  return { latencyCycles: latency.totalCycles, energyPj, status, objective, lowerBound }
}
