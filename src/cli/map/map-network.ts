import { InfeasibleError } from '../../base/index.js'
import { tableConventions, tableCost, tableProblem } from '../../cost/scheduling-table/index.js'
import {
  crossLayerCosts,
  distinctLayers,
  verifyMapping,
  type MappedLayer,
  type NetworkMapping,
  type TableMapping,
  type TableSearchOptions,
} from '../../map/index.js'
import { tableLayer, type TableLayer } from '../../model/index.js'
import { findLayer, readAcceleratorOption } from '../inputs/table-inputs.js'
import type { MapLayerJob, MapLayerOutcome, PlainMapping } from '../jobs/map-layer.js'
import { readWorkload } from '../network-input.js'
import type { Session } from '../session.js'
import type { MapOptions } from './options.js'
import { partitionLayers } from './partition-layers.js'

/**
 * Reads the inputs, searches every distinct layer on worker threads and verifies what comes back.
 * @throws InputError, InfeasibleError
 */
export async function mapNetwork(session: Session, options: MapOptions): Promise<NetworkMapping> {
  const accelerator = readAcceleratorOption(options.accelerator)
  const workload = readWorkload(
    options.network,
    options,
    options.asPublished ? 'as-written' : 'total',
  )
  const wanted = new Set(
    (options.multiChip ?? options.layer).map((name) => findLayer(workload, name)),
  )
  const chosen = workload.layers
    .map((layer, i) => ({ layer, index: i + 1 }))
    .filter((each) => wanted.size === 0 || wanted.has(each.index - 1))
  const mappable = chosen.flatMap(({ layer, index }) => {
    const asTable = tableLayer(layer)
    return asTable === undefined ? [] : [{ layer: asTable, index }]
  })
  const skipped = chosen.map(({ layer }) => layer).filter((layer) => !tableLayer(layer))
  if (mappable.length === 0) {
    throw new InfeasibleError({
      code: 'E-MAP-005',
      message: 'none of the chosen layers multiplies and accumulates: there is nothing to map',
    })
  }

  const semantics = options.asPublished ? 'published' : 'standard'
  const overlap = options.overlap ? 'full' : 'none'
  const conventions = { ...tableConventions[semantics], overlap } as const
  const search: TableSearchOptions = {
    metric: options.metric,
    dataflow: options.dataflow,
    conventions,
  }
  if (options.multiChip !== undefined) {
    const common = {
      accelerator,
      network: workload.name,
      metric: options.metric,
      semantics,
    } as const
    return {
      ...common,
      ...(await partitionLayers(session, options, mappable, accelerator, search)),
      skipped: skipped.map((layer) => layer.name),
    }
  }
  const layers = mappable.map((each) => each.layer)
  const distinct = distinctLayers(layers)
  const started = Date.now()
  const searchAll = async (name: string): Promise<MapLayerOutcome[]> => {
    let done = 0
    const jobs = distinct.first.map((i): MapLayerJob => ({
      accelerator,
      layer: layers[i],
      search: name,
      metric: options.metric,
      dataflow: options.dataflow,
      semantics,
      overlap,
      pareto: options.pareto && name === options.search,
    }))
    return session.runJobs<MapLayerJob, MapLayerOutcome>('map-layer', jobs, {
      ...(options.timeLimit === undefined ? {} : { timeLimitS: options.timeLimit }),
      onDone: (job) => {
        done++
        session.progress(`${name}: ${jobs[job].layer.name}`, done / jobs.length)
      },
    })
  }
  const outcomes = await searchAll(options.search)
  const seconds = (Date.now() - started) / 1000
  const infeasible = outcomes.flatMap((outcome) => outcome.infeasible ?? [])
  if (infeasible.length > 0) throw new InfeasibleError(infeasible)
  const bottomUp = options.compare ? await searchAll('bottom-up') : undefined

  const mapped = mappable.map(({ layer, index }, i): MappedLayer => {
    const place = distinct.of[i]
    const first = distinct.first[place]
    const outcome = outcomes[place]
    const heuristic = bottomUp?.[place].found?.objective
    return {
      index,
      layer,
      result: received(layer, outcome),
      seconds: first === i ? outcome.seconds : 0,
      ...(first === i ? {} : { sameAs: mappable[first].index }),
      ...(heuristic === undefined ? {} : { bottomUpObjective: heuristic }),
      ...(outcome.pareto === undefined
        ? {}
        : {
            pareto: {
              complete: outcome.pareto.complete,
              points: outcome.pareto.points.map((point) => costed(layer, point)),
            },
          }),
    }
  })
  const reused = options.crossLayer
    ? crossLayerCosts(
        mapped.map((each) => each.result.value),
        options.metric,
      )
    : undefined
  return {
    accelerator,
    network: workload.name,
    metric: options.metric,
    semantics,
    search: options.search,
    layers: mapped.map((each, i) => (reused ? { ...each, crossLayer: reused[i] } : each)),
    skipped: skipped.map((layer) => layer.name),
    seconds,
  }

  /** Costs a result again and verifies it: nothing that fails this is ever shown. */
  function received(layer: TableLayer, outcome: MapLayerOutcome): MappedLayer['result'] {
    const { table, dataflow, strategy, ...rest } = outcome.found!
    const value = {
      ...costed(layer, { table, dataflow }),
      ...(strategy === undefined ? {} : { strategy }),
    }
    const result = { value, ...rest }
    // The published searches may return a table that cannot run: that is what they did.
    const faults =
      options.asPublished && options.search !== 'optimal'
        ? []
        : verifyMapping(accelerator, layer, search, result)
    if (faults.length > 0)
      throw new Error(`the mapping of layer ${layer.name} fails its check: ${faults.join('; ')}`)
    return result
  }

  function costed(layer: TableLayer, { table, dataflow }: PlainMapping): TableMapping {
    const problem = tableProblem(accelerator, layer, dataflow, conventions)
    return { table, dataflow, cost: tableCost(problem, table) }
  }
}
