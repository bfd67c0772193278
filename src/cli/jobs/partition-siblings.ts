import { tableConventions, type TableMetric } from '../../cost/scheduling-table/index.js'
import { partitionSiblings } from '../../map/index.js'
import type { Run, TableAccelerator, TableArray, TableLayer } from '../../model/index.js'
import type { PlainMapping } from './map-layer.js'

/** Sibling layers to be divided among the chips. */
export interface PartitionJob {
  readonly accelerator: TableAccelerator
  readonly layers: readonly TableLayer[]
  readonly metric: TableMetric
  readonly dataflow: 'fixed' | 'flexible'
  readonly semantics: 'standard' | 'published'
  readonly overlap: 'none' | 'full'
}

/** A partition as plain values. */
export interface PartitionOutcome {
  readonly layers: readonly (PlainMapping & {
    readonly parallel: boolean
    readonly chips: number
    /** The array of chips that the mapping was made for. */
    readonly array?: TableArray
    readonly strategy?: string
  })[]
  readonly objective: number
  readonly partitionCost?: number
  readonly evaluations: number
}

export function run(job: PartitionJob, run: Run): PartitionOutcome {
  const conventions = { ...tableConventions[job.semantics], overlap: job.overlap }
  const { metric, dataflow } = job
  const { layers, ...rest } = partitionSiblings(
    job.accelerator,
    job.layers,
    { metric, dataflow, conventions },
    run,
  )
  return {
    ...rest,
    layers: layers.map(({ parallel, chips, mapping }) => ({
      parallel,
      chips,
      table: Array.from(mapping.table),
      dataflow: mapping.dataflow,
      ...(mapping.cost.problem.accelerator.chips === undefined
        ? {}
        : { array: mapping.cost.problem.accelerator.chips }),
      ...(mapping.strategy === undefined ? {} : { strategy: mapping.strategy }),
    })),
  }
}
