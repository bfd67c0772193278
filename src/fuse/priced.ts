import type { StackJobResult } from './explore.js'

/** Stacks, each with a mode and a tile, that might have been part of the schedule. */
export interface CandidateCount {
  readonly considered: number
  readonly priced: number
  /** Those left out because no schedule with them is as good as the best, by what showed it. */
  readonly pruned: PrunedStacks
}

/** By the bound that showed that a stack cannot be part of a schedule as good as the best, the coarsest first. */
export interface PrunedStacks {
  /** Operations, outputs and maps between stacks alone. */
  readonly byRange: number
  /** With its tiles laid out: halos, weights, loads, and what the array takes. */
  readonly byTiles: number
  /** With exact bounds of the mappings of some of its layers. */
  readonly byLayers: number
  /** With those of all of its layers. */
  readonly byMappings: number
}

/** What was priced, and what was left out because it could not be better. */
export interface Priced {
  readonly results: readonly StackJobResult[]
  readonly considered: number
  readonly pruned: PrunedStacks
  /** False when it was stopped before all was priced or left out. */
  readonly complete: boolean
  /** When it was stopped: no schedule of what was considered has a smaller objective. */
  readonly lowerBound?: number
}
