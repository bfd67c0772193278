import { InfeasibleError, type Diagnostic } from '../../base/index.js'
import { tableConventions } from '../../cost/scheduling-table/index.js'
import { mappingSpace, searchPareto, tableSearches, type TableMapping } from '../../map/index.js'
import type {
  Run,
  SearchResult,
  TableAccelerator,
  TableDataflow,
  TableLayer,
} from '../../model/index.js'
import type { TableMetric } from '../../cost/scheduling-table/index.js'

/** One layer to be mapped. Only plain values: jobs cross into worker threads. */
export interface MapLayerJob {
  readonly accelerator: TableAccelerator
  readonly layer: TableLayer
  readonly search: string
  readonly metric: TableMetric
  readonly dataflow: 'fixed' | 'flexible'
  readonly semantics: 'standard' | 'published'
  readonly overlap: 'none' | 'full'
  /** Also every trade-off of energy and latency. */
  readonly pareto: boolean
}

/** A table and the dataflow that it is meant under. */
export interface PlainMapping {
  readonly table: readonly number[]
  readonly dataflow: TableDataflow
}

/** A mapping as plain values; its cost is evaluated again by whoever receives it. */
export interface MapLayerOutcome {
  readonly found?: Omit<SearchResult<unknown>, 'value'> &
    PlainMapping & { readonly strategy?: string }
  readonly pareto?: { readonly points: readonly PlainMapping[]; readonly complete: boolean }
  /** Why there is no mapping. */
  readonly infeasible?: readonly Diagnostic[]
  readonly seconds: number
}

export function run(job: MapLayerJob, run: Run): MapLayerOutcome {
  const { accelerator, layer, metric, dataflow } = job
  const conventions = { ...tableConventions[job.semantics], overlap: job.overlap }
  const started = performance.now()
  const seconds = (): number => (performance.now() - started) / 1000
  run.progress({ message: `${layer.name}: searching` })
  try {
    const result = tableSearches[job.search](
      accelerator,
      layer,
      { metric, dataflow, conventions },
      run,
    )
    const { value, ...rest } = result
    const pareto = job.pareto
      ? searchPareto(mappingSpace(accelerator, layer, { dataflow, conventions }), run)
      : undefined
    const plain = (mapping: TableMapping): PlainMapping => ({
      table: Array.from(mapping.table),
      dataflow: mapping.dataflow,
    })
    return {
      found: {
        ...rest,
        ...plain(value),
        ...(value.strategy === undefined ? {} : { strategy: value.strategy }),
      },
      ...(pareto === undefined
        ? {}
        : { pareto: { points: pareto.points.map(plain), complete: pareto.complete } }),
      seconds: seconds(),
    }
  } catch (error) {
    if (!(error instanceof InfeasibleError)) throw error
    return { infeasible: error.diagnostics, seconds: seconds() }
  }
}
