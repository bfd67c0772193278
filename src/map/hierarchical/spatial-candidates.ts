import { hierarchicalProblem, type HierarchicalConventions } from '../../cost/hierarchical/index.js'
import {
  loopDims,
  unrollingOf,
  type HierarchicalAccelerator,
  type Layer,
  type SpatialUnrolling,
  type Unroll,
} from '../../model/index.js'

/**
 * Unrollings worth trying for a layer: over every array dimension one loop or none, as far as it goes or to its largest
 * divisor that fits, no loop twice (specification §4.3, with Q6 corrected). Those with the fewest cycles come first; of
 * equal cycles, those with the least energy at the array. The accelerator's own unrolling is always among them.
 * @param limit how many to return
 */
export function spatialCandidates(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  conventions: HierarchicalConventions,
  limit: number,
): SpatialUnrolling[] {
  const own = unrollingOf(layer, accelerator)
  const all = accelerator.array.dimensions.reduce<SpatialUnrolling[]>(
    (partial, { name, size }) =>
      partial.flatMap((chosen) => [
        chosen,
        ...loopDims
          .filter((dim) => layer.dims[dim] > 1 && chosen.every((each) => each.dim !== dim))
          .flatMap((dim) =>
            factorsOf(layer.dims[dim], size).map((factor): SpatialUnrolling => [
              ...chosen,
              { arrayDimension: name, dim, factor } satisfies Unroll,
            ]),
          ),
      ]),
    [[]],
  )
  const passes = (unrolling: SpatialUnrolling) =>
    unrolling.reduce(
      (product, { dim, factor }) =>
        (product * Math.ceil(layer.dims[dim] / factor)) / layer.dims[dim],
      1,
    )
  const ranked = all
    .map((unrolling) => ({ unrolling, passes: passes(unrolling) }))
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
    .slice(0, limit)
    .map((each) => each.unrolling)
  const key = (unrolling: SpatialUnrolling) => JSON.stringify(unrolling)
  return ranked.some((each) => key(each) === key(own))
    ? ranked
    : [own, ...ranked.slice(0, limit - 1)]
}

/** The whole width, and the largest divisor of the loop within it. */
function factorsOf(iterations: number, width: number): number[] {
  const most = Math.min(iterations, width)
  let divisor = most
  while (iterations % divisor !== 0) divisor--
  return most < 2 ? [] : divisor === most || divisor < 2 ? [most] : [most, divisor]
}
