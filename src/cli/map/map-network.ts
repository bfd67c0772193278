import { InfeasibleError } from '../../base/index.js'
import { tableConventions } from '../../cost/scheduling-table/index.js'
import type { NetworkMapping, TableSearchOptions } from '../../map/index.js'
import { tableLayer, type Workload } from '../../model/index.js'
import { findLayer, readAcceleratorOption } from '../inputs/table-inputs.js'
import { readWorkload } from '../network-input.js'
import type { Session } from '../session.js'
import { mapLayers, type NumberedLayer } from './map-layers.js'
import type { MapOptions } from './options.js'
import { partitionLayers } from './partition-layers.js'

/**
 * Reads the inputs and maps the chosen layers, one after the other or side by side on shares of the chips.
 * @throws InputError, InfeasibleError
 */
export async function mapNetwork(session: Session, options: MapOptions): Promise<NetworkMapping> {
  const accelerator = readAcceleratorOption(options.accelerator)
  const workload = readWorkload(
    options.network,
    options,
    options.asPublished ? 'as-written' : 'total',
  )
  const { mappable, skipped } = chosenLayers(workload, options)
  const semantics = options.asPublished ? 'published' : 'standard'
  const overlap = options.overlap ? 'full' : 'none'
  const search: TableSearchOptions = {
    metric: options.metric,
    dataflow: options.dataflow,
    conventions: { ...tableConventions[semantics], overlap },
  }
  const solve = options.multiChip === undefined ? mapLayers : partitionLayers
  return {
    accelerator,
    network: workload.name,
    metric: options.metric,
    semantics,
    ...(await solve(session, options, mappable, accelerator, search)),
    skipped,
  }
}

/** The layers asked for that multiply and accumulate, and the names of those that do not. @throws InfeasibleError */
function chosenLayers(
  workload: Workload,
  options: MapOptions,
): { readonly mappable: readonly NumberedLayer[]; readonly skipped: readonly string[] } {
  const names = options.multiChip ?? options.layer
  const wanted = new Set(names.map((name) => findLayer(workload, name)))
  const mappable: NumberedLayer[] = []
  const skipped: string[] = []
  workload.layers.forEach((each, i) => {
    if (wanted.size > 0 && !wanted.has(i)) return
    const layer = tableLayer(each)
    if (layer === undefined) skipped.push(each.name)
    else mappable.push({ layer, index: i + 1 })
  })
  if (mappable.length > 0) return { mappable, skipped }
  throw new InfeasibleError({
    code: 'E-MAP-005',
    message: 'none of the chosen layers multiplies and accumulates: there is nothing to map',
  })
}
