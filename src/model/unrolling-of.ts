import type { HierarchicalAccelerator } from './hierarchical-accelerator.js'
import type { Layer } from './layer.js'
import type { SpatialUnrolling } from './spatial-unrolling.js'

/**
 * The unrolling of a layer on an accelerator: the layer's own for an accelerator of that name, else the accelerator's
 * rule. Factors are capped by the array and the layer; dimensions of size 1 are not unrolled.
 */
export function unrollingOf(layer: Layer, accelerator: HierarchicalAccelerator): SpatialUnrolling {
  const own = layer.unrolling?.[accelerator.name]
  if (own !== undefined) return own
  return accelerator.array.dimensions.flatMap(({ name, size }) => {
    const dim = (accelerator.unrolling[name] ?? []).find((each) => layer.dims[each] > 1)
    return dim === undefined
      ? []
      : [{ arrayDimension: name, dim, factor: Math.min(size, layer.dims[dim]) }]
  })
}
