import { metricOf, tableCost, tableProblem } from '../../cost/scheduling-table/index.js'
import {
  verifyMapping,
  type MappedLayer,
  type NetworkMapping,
  type TableMapping,
  type TableSearchOptions,
} from '../../map/index.js'
import type { TableAccelerator } from '../../model/index.js'
import type { PartitionJob, PartitionOutcome } from '../jobs/partition-siblings.js'
import type { Session } from '../session.js'
import type { NumberedLayer } from './map-layers.js'
import type { MapOptions } from './options.js'

/** Divides the chips among sibling layers and verifies what comes back. Every layer is mapped bottom-up. */
export async function partitionLayers(
  session: Session,
  options: MapOptions,
  siblings: readonly NumberedLayer[],
  accelerator: TableAccelerator,
  search: TableSearchOptions,
): Promise<Pick<NetworkMapping, 'search' | 'layers' | 'partition' | 'seconds'>> {
  const started = Date.now()
  const [found] = await session.runJobs<PartitionJob, PartitionOutcome>(
    'partition-siblings',
    [
      {
        accelerator,
        layers: siblings.map((each) => each.layer),
        metric: search.metric,
        dataflow: search.dataflow,
        semantics: search.conventions.name,
        overlap: search.conventions.overlap,
      },
    ],
    options.timeLimit === undefined ? {} : { timeLimitS: options.timeLimit },
  )
  const seconds = (Date.now() - started) / 1000
  const shares = found.layers.map(({ table, dataflow, array, strategy }, i) => {
    const share = array === undefined ? accelerator : { ...accelerator, chips: array }
    const { layer } = siblings[i]
    const problem = tableProblem(share, layer, dataflow, search.conventions)
    const value: TableMapping = {
      table,
      dataflow,
      cost: tableCost(problem, table),
      ...(strategy === undefined ? {} : { strategy }),
    }
    const objective = metricOf(value.cost, search.metric)
    const result = {
      value,
      objective,
      lowerBound: 0,
      status: 'heuristic' as const,
      evaluations: found.evaluations,
      pruned: {},
    }
    const faults = options.asPublished ? [] : verifyMapping(share, layer, search, result)
    if (faults.length > 0)
      throw new Error(`the mapping of layer ${layer.name} fails its check: ${faults.join('; ')}`)
    return result
  })
  return {
    search: 'bottom-up',
    seconds,
    layers: siblings.map(({ layer, index }, i): MappedLayer => ({
      index,
      layer,
      result: shares[i],
      seconds: i === 0 ? seconds : 0,
    })),
    partition: {
      objective: found.objective,
      evaluations: found.evaluations,
      ...(found.partitionCost === undefined ? {} : { partitionCost: found.partitionCost }),
      layers: found.layers.map(({ parallel, chips }, i) => ({
        parallel,
        chips,
        mapping: shares[i].value,
      })),
    },
  }
}
