import type { HierarchicalAccelerator, Workload } from '../model/index.js'
import type { Objective } from './objective.js'

/** How the mapping of each layer is searched. */
export type LayerSearch =
  /** Every order of all prime factors and every cut into memories. */
  | { readonly kind: 'optimal' }
  /** Loop orders with at most so many loop factors, memories filled greedily: the published search. */
  | { readonly kind: 'loma'; readonly lpfLimit: number }

/** Everything that the cost of a stack depends on besides its layers, mode and tile. */
export interface FuseSetting {
  readonly accelerator: HierarchicalAccelerator
  readonly workload: Workload
  readonly conventions: 'standard' | 'published'
  readonly search: LayerSearch
  /** What is minimised: by schedules, and (in the standard model) by the mapping of each layer. */
  readonly objective: Objective
}
