import { hierarchicalProblem, type HierarchicalConventions } from '../../cost/hierarchical/index.js'
import type { HierarchicalAccelerator, Layer, SpatialUnrolling } from '../../model/index.js'
import { unrollings } from './unrollings.js'

/**
 * Unrollings worth trying when cycles count, or for a search without bounds: those with the fewest passes; of equal
 * ones, those with the least energy at the array. The accelerator's own unrolling is always among them.
 * @param limit how many to return
 */
export function spatialCandidates(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  conventions: HierarchicalConventions,
  limit: number,
): SpatialUnrolling[] {
  const [own, ...all] = unrollings(layer, accelerator)
  const ranked = all
    .map((unrolling) => ({ unrolling, passes: passes(layer, unrolling) }))
    .sort((a, b) => a.passes - b.passes)
    .slice(0, 4 * limit)
    .map((each) => {
      const problem = hierarchicalProblem(layer, accelerator, each.unrolling, conventions)
      const traffic = problem.operands.reduce(
        (sum, { memories, mean }) => sum + memories[0].readEnergyPj * mean.instances[1],
        0,
      )
      return { ...each, traffic }
    })
    .sort((a, b) => a.passes - b.passes || a.traffic - b.traffic)
    .map((each) => each.unrolling)
  return [own, ...ranked.slice(0, limit - 1)]
}

/** Iterations that are left to temporal loops. */
function passes({ dims }: Layer, unrolling: SpatialUnrolling): number {
  const left = { ...dims }
  for (const { dim, factor } of unrolling) left[dim] = Math.ceil(left[dim] / factor)
  return Object.values(left).reduce((product, each) => product * each, 1)
}
