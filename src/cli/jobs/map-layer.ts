import { InfeasibleError, type Diagnostic } from '../../base/index.js'
import { tableConventions } from '../../cost/scheduling-table/index.js'
import { tableSearches } from '../../map/index.js'
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
}

/** A mapping as plain values; its cost is evaluated again by whoever receives it. */
export interface MapLayerOutcome {
  readonly found?: Omit<SearchResult<unknown>, 'value'> & {
    readonly table: readonly number[]
    readonly dataflow: TableDataflow
    readonly strategy?: string
  }
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
    return {
      found: {
        ...rest,
        table: Array.from(value.table),
        dataflow: value.dataflow,
        ...(value.strategy === undefined ? {} : { strategy: value.strategy }),
      },
      seconds: seconds(),
    }
  } catch (error) {
    if (!(error instanceof InfeasibleError)) throw error
    return { infeasible: error.diagnostics, seconds: seconds() }
  }
}
