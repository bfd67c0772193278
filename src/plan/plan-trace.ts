import { createTrace, type Schedule, type Trace } from '../model/index.js'
import type { OperationDensities } from './density-samples.js'
import type { NetworkCosts } from './network-costs.js'

/**
 * The placed schedule of one inference as a sequence of steps that a request scheduler may interrupt between: one step
 * per distinct end of an operation, as long as the time since the step before, so that the steps of a sample add up to
 * the makespan. A sample of other densities than the mean stretches or shortens the step by the ratio of the operation
 * that ends it: exact on one core, an approximation where cores overlap.
 * @param kinds names of the kinds of core, in the order of the costs
 */
export function planTrace(
  name: string,
  { costs, ranges, latencyUs }: NetworkCosts,
  kinds: readonly string[],
  schedule: Pick<Schedule, 'endUs' | 'core'>,
  densities: OperationDensities,
): Trace {
  const order = schedule.endUs
    .map((endUs, i) => ({ endUs, i }))
    .sort((a, b) => a.endUs - b.endUs || a.i - b.i)
  const steps: { readonly us: number; readonly i: number; readonly kind: number }[] = []
  let reached = 0
  for (const { endUs, i } of order) {
    if (endUs > reached)
      steps.push({ us: endUs - reached, i, kind: kinds.indexOf(schedule.core[i]) })
    reached = Math.max(reached, endUs)
  }
  const sampleCount = densities.samples.length
  const latencyS = new Float64Array(sampleCount * steps.length)
  const sparsity = new Float64Array(latencyS.length)
  densities.samples.forEach((sample, s) => {
    steps.forEach(({ us, i, kind }, layer) => {
      const reference = costs[i][kind]?.latencyUs ?? 0
      const ratio = reference > 0 ? latencyUs(i, kind, sample) / reference : 1
      latencyS[s * steps.length + layer] = (us * ratio) / 1e6
      sparsity[s * steps.length + layer] = 1 - sample[ranges[i].last]
    })
  })
  return createTrace({ name, sampleCount, layerCount: steps.length, latencyS, sparsity })
}
