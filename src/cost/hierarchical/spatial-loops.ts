import type {
  HierarchicalAccelerator,
  Layer,
  LoopDim,
  MemoryLevel,
  SpatialUnrolling,
} from '../../model/index.js'
import type { HierarchicalConventions } from './conventions.js'

/** A loop spread over the array; the size is an average and may be fractional when the last pass is not full. */
export interface SpatialLoop {
  readonly arrayDimension: string
  readonly dim: LoopDim
  readonly size: number
}

/**
 * The loops spread over the array, and the iterations that remain for temporal loops (specification §4.1): an
 * unrolling u of a loop of L iterations leaves t = ceil(L/u) passes, in which L/t positions are used on average.
 */
export function spatialLoops(
  layer: Layer,
  accelerator: HierarchicalAccelerator,
  unrolling: SpatialUnrolling,
  conventions: HierarchicalConventions,
): { readonly loops: readonly SpatialLoop[]; readonly remaining: Record<LoopDim, number> } {
  const remaining = { ...layer.dims }
  const sizes = new Map(accelerator.array.dimensions.map((each) => [each.name, each.size]))
  const loops = unrolling.map(({ arrayDimension, dim, factor }): SpatialLoop => {
    const iterations = remaining[dim]
    const used = Math.min(factor, sizes.get(arrayDimension) ?? 1, iterations)
    const passes = Math.ceil(iterations / used)
    const size = iterations / passes
    remaining[dim] =
      conventions.remainingIterations === 'exact' ? passes : Math.ceil(iterations / size)
    return { arrayDimension, dim, size }
  })
  return { loops: inArrayOrder(loops, accelerator, conventions), remaining }
}

function inArrayOrder(
  loops: readonly SpatialLoop[],
  accelerator: HierarchicalAccelerator,
  conventions: HierarchicalConventions,
): SpatialLoop[] {
  const names = accelerator.array.dimensions.map((each) => each.name)
  if (conventions.spatialOrder === 'first-dimension-last') names.push(...names.splice(0, 1))
  return names.flatMap((name) => loops.filter((each) => each.arrayDimension === name))
}

/**
 * Spatial loops per architecture level of an operand: entry m < M is the fan-out below one instance of its memory m,
 * the last entry what no memory of the operand serves.
 */
export function spatialLevels(
  loops: readonly SpatialLoop[],
  memories: readonly MemoryLevel[],
): (readonly SpatialLoop[])[] {
  const served = new Set<string>()
  const levels = memories.map((memory) => {
    const here = loops.filter(
      (loop) => memory.serves.includes(loop.arrayDimension) && !served.has(loop.arrayDimension),
    )
    for (const loop of here) served.add(loop.arrayDimension)
    return here
  })
  return [...levels, loops.filter((loop) => !served.has(loop.arrayDimension))]
}
