import type { TemporalLoop } from '../../model/index.js'
import type { BoundaryRows } from './boundary-rows.js'
import type { KernelTables } from './kernel-tables.js'
import type { NestPrefixes } from './nest-prefixes.js'
import type { HierarchicalProblem } from './problem.js'

/**
 * A `MappingKernel` as the parts of its evaluation read it, once the rows of a batch have been found. A batch has a
 * mapping in every lane (`batchMemory`).
 */
export interface PreparedNest {
  readonly problem: HierarchicalProblem
  readonly tables: KernelTables
  readonly rows: BoundaryRows
  readonly prefixes: NestPrefixes
  readonly lanes: number
  /** Lanes in use. */
  readonly count: number
  readonly loopCount: number
  /** What the kinds of loops are. */
  readonly loops: readonly TemporalLoop[]
  /** [lane·mostLoops + i]: kinds of the loops, innermost first. */
  readonly order: Uint8Array
}
