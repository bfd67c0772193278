import type { OverlapMode, TileSize } from '../fuse/index.js'
import type { HierarchicalAccelerator, Workload } from '../model/index.js'
import type { LayerCost } from './layer-problem.js'

/** A segment of a network on one accelerator: which of its layers run depth-first together, and how. */
export interface StackProblem {
  readonly workload: Workload
  readonly accelerator: HierarchicalAccelerator
  readonly metric: 'energy' | 'cycles' | 'edp'
  /** Layers of the longest stack that is tried. */
  readonly deepestStack: number
  /** What each layer costs by itself: how it runs where no stack is better. */
  readonly alone: readonly Pick<LayerCost, 'energyPj' | 'latencyCycles'>[]
}

/** Layers `first` … `last` of a segment as one depth-first stack. */
export interface SolvedStack {
  readonly first: number
  readonly last: number
  readonly mode: OverlapMode
  readonly tile: TileSize
  /** Full output of the stack: a tile of this size is the stack in one piece. */
  readonly output: TileSize
  readonly energyPj: number
  /** With loading and off-loading, like the latency of a layer that runs alone. */
  readonly latencyCycles: number
}

export interface StackSolution {
  /** Of two layers and more; all other layers run alone. */
  readonly stacks: readonly SolvedStack[]
  /** Stacks, modes and tiles that were priced. */
  readonly points: number
}
