import type { Run, TableAccelerator, TableLayer } from '../../model/index.js'
import type { TableSearchOptions } from '../table-search.js'
import type { ChipPartition } from './chip-partition.js'
import { partitionStandard } from './partition-siblings.js'
import { partitionPublished } from './published/partition-published.js'

export type { ChipPartition, PartitionedLayer } from './chip-partition.js'

/** Shares the chips of an accelerator among sibling layers, in the semantics of the options. */
export function partitionSiblings(
  accelerator: TableAccelerator,
  layers: readonly TableLayer[],
  options: TableSearchOptions,
  run: Run,
): ChipPartition {
  return options.conventions.name === 'published'
    ? partitionPublished(accelerator, layers, options, run)
    : partitionStandard(accelerator, layers, options, run)
}
