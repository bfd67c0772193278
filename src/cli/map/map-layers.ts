import { InfeasibleError } from '../../base/index.js'
import { tableCost, tableProblem } from '../../cost/scheduling-table/index.js'
import {
  crossLayerCosts,
  distinctLayers,
  verifyMapping,
  type MappedLayer,
  type NetworkMapping,
  type TableMapping,
  type TableSearchOptions,
} from '../../map/index.js'
import type { TableAccelerator, TableLayer } from '../../model/index.js'
import type { MapLayerJob, MapLayerOutcome, PlainMapping } from '../jobs/map-layer.js'
import type { Session } from '../session.js'
import type { MapOptions } from './options.js'

/** A layer that can be mapped and its place in the network, from 1. */
export interface NumberedLayer {
  readonly layer: TableLayer
  readonly index: number
}

/** Maps layers one by one, those of one shape once, and verifies what comes back. @throws InfeasibleError */
export async function mapLayers(
  session: Session,
  options: MapOptions,
  numbered: readonly NumberedLayer[],
  accelerator: TableAccelerator,
  search: TableSearchOptions,
): Promise<Pick<NetworkMapping, 'search' | 'layers' | 'seconds'>> {
  const distinct = distinctLayers(numbered.map((each) => each.layer))
  const firsts = distinct.first.map((i) => numbered[i].layer)
  const started = Date.now()
  const outcomes = await searchAll(session, options, firsts, accelerator, search, options.search)
  const seconds = (Date.now() - started) / 1000
  const infeasible = outcomes.flatMap((outcome) => outcome.infeasible ?? [])
  if (infeasible.length > 0) throw new InfeasibleError(infeasible)
  const bottomUp = options.compare
    ? await searchAll(session, options, firsts, accelerator, search, 'bottom-up')
    : undefined

  const layers = numbered.map(({ layer, index }, i): MappedLayer => {
    const place = distinct.of[i]
    const first = distinct.first[place]
    const outcome = outcomes[place]
    const heuristic = bottomUp?.[place].found?.objective
    return {
      index,
      layer,
      result: verified(layer, outcome, options, accelerator, search),
      seconds: first === i ? outcome.seconds : 0,
      ...(first === i ? {} : { sameAs: numbered[first].index }),
      ...(heuristic === undefined ? {} : { bottomUpObjective: heuristic }),
      ...(outcome.pareto === undefined
        ? {}
        : {
            pareto: {
              complete: outcome.pareto.complete,
              points: outcome.pareto.points.map((point) =>
                costed(layer, point, accelerator, search),
              ),
            },
          }),
    }
  })
  if (!options.crossLayer) return { search: options.search, layers, seconds }
  const reused = crossLayerCosts(
    layers.map((each) => each.result.value),
    search.metric,
  )
  return {
    search: options.search,
    layers: layers.map((each, i) => ({ ...each, crossLayer: reused[i] })),
    seconds,
  }
}

/** Runs one search on every layer, on worker threads. */
function searchAll(
  session: Session,
  options: MapOptions,
  layers: readonly TableLayer[],
  accelerator: TableAccelerator,
  { metric, dataflow, conventions }: TableSearchOptions,
  search: string,
): Promise<MapLayerOutcome[]> {
  const jobs = layers.map((layer): MapLayerJob => ({
    accelerator,
    layer,
    search,
    metric,
    dataflow,
    semantics: conventions.name,
    overlap: conventions.overlap,
    pareto: options.pareto && search === options.search,
  }))
  let done = 0
  return session.runJobs<MapLayerJob, MapLayerOutcome>('map-layer', jobs, {
    ...(options.timeLimit === undefined ? {} : { timeLimitS: options.timeLimit }),
    onDone: (job) => {
      done++
      session.progress(`${search}: ${jobs[job].layer.name}`, done / jobs.length)
    },
  })
}

/** Costs a result again and verifies it: nothing that fails this is ever shown. */
function verified(
  layer: TableLayer,
  outcome: MapLayerOutcome,
  options: MapOptions,
  accelerator: TableAccelerator,
  search: TableSearchOptions,
): MappedLayer['result'] {
  if (outcome.found === undefined) throw new Error(`layer ${layer.name} came back without mapping`)
  const { table, dataflow, strategy, ...rest } = outcome.found
  const value = {
    ...costed(layer, { table, dataflow }, accelerator, search),
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

function costed(
  layer: TableLayer,
  { table, dataflow }: PlainMapping,
  accelerator: TableAccelerator,
  { conventions }: TableSearchOptions,
): TableMapping {
  const problem = tableProblem(accelerator, layer, dataflow, conventions)
  return { table, dataflow, cost: tableCost(problem, table) }
}
