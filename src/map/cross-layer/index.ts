import type { TableMetric } from '../../cost/scheduling-table/index.js'
import type { TableMapping } from '../table-search.js'
import { standardCrossLayer, type CrossLayerCost } from './cross-layer.js'
import { publishedCrossLayer } from './published/published-cross-layer.js'

export type { CrossLayerCost } from './cross-layer.js'

/**
 * Totals of consecutive layers when each takes over what it can from the one before, in the semantics of their costs.
 * Layers are consecutive as listed, whatever the network's topology.
 */
export function crossLayerCosts(
  mappings: readonly TableMapping[],
  metric: TableMetric,
): CrossLayerCost[] {
  return mappings.map((current, i) => {
    const rule =
      current.cost.problem.conventions.name === 'published'
        ? publishedCrossLayer
        : standardCrossLayer
    return rule(mappings[i - 1], current, metric)
  })
}
