import type { OpGraph, Soc } from '../../model/index.js'

/** An operation graph and a chip as plain values, so that a job can carry them to a worker thread. */
export interface PlaceInput {
  readonly graph: OpGraph
  readonly soc: Soc
  /** [operation][kind], null = cannot run there. */
  readonly timesUs: readonly (readonly (number | null)[])[]
}
