import { createTrace, type Schedule, type Trace } from '../model/index.js'
import { densityRatio, type ResolvedCore } from './chip.js'
import type { NetworkCosts } from './network-costs.js'

/**
 * The placed schedule of one inference as a sequence of steps that a request scheduler may interrupt between: one step
 * per distinct end of an operation, as long as the time since the step before, so that the steps of a sample add up to
 * the makespan. A sample of another density than the mean stretches or shortens the step by the ratio of the operation
 * that ends it: exact on one core, an approximation where cores overlap.
 */
export function planTrace(
  costs: NetworkCosts,
  cores: readonly ResolvedCore[],
  schedule: Pick<Schedule, 'endUs' | 'core'>,
  densities: readonly number[],
): Trace {
  const order = schedule.endUs
    .map((endUs, i) => ({ endUs, i }))
    .sort((a, b) => a.endUs - b.endUs || a.i - b.i)
  const steps: { readonly us: number; readonly i: number }[] = []
  let reached = 0
  for (const { endUs, i } of order) {
    if (endUs > reached) steps.push({ us: endUs - reached, i })
    reached = Math.max(reached, endUs)
  }
  const core = new Map(cores.map((each) => [each.core.name, each.core]))
  const latencyS = new Float64Array(densities.length * steps.length)
  const sparsity = new Float64Array(latencyS.length)
  densities.forEach((density, sample) => {
    steps.forEach(({ us, i }, layer) => {
      const runs = core.get(schedule.core[i])
      const isLayer = costs.nodes[i].work.kind === 'layer'
      const ratio = runs ? densityRatio(runs, isLayer, density, costs.settings.density.mean) : 1
      latencyS[sample * steps.length + layer] = (us * ratio) / 1e6
      sparsity[sample * steps.length + layer] = 1 - density
    })
  })
  return createTrace({
    name: costs.settings.name,
    sampleCount: densities.length,
    layerCount: steps.length,
    latencyS,
    sparsity,
  })
}
