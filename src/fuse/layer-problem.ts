import type { Diagnostic } from '../base/index.js'
import type { Layer, UnevenMapping } from '../model/index.js'
import type { LinkEnergy } from './copy-step.js'
import type { EnergyAndLatency } from './objective.js'

/** Highest level, per operand class, that a layer may use. */
export interface Tops {
  readonly input: number
  readonly output: number
  readonly weight: number
}

/** One layer of one tile type, to be mapped on the accelerator with the levels above its tops removed. */
export interface LayerProblem {
  /** With the loop sizes and padding of the tile. */
  readonly layer: Layer
  readonly tops: Tops
  /** Bits of each memory that other data occupy. */
  readonly reservedBits: readonly number[]
}

/** A layer that can be mapped, and what one execution of the tile costs; cycles with data loading: the published latency1. */
export interface MappedLayer extends EnergyAndLatency {
  readonly kind: 'solved'
}

/** What mapping a layer found; all figures for one execution of the tile. */
export interface LayerSolution extends MappedLayer {
  readonly mapping: UnevenMapping
  readonly macEnergyPj: number
  /** Energy per operand, memory and direction. */
  readonly links: readonly LayerLink[]
  /** Also with off-loading: latency2. */
  readonly latencyWithOffloadCycles: number
  readonly idealCycles: number
  readonly temporalCycles: number
  readonly stallCycles: number
  readonly loadingCycles: number
  readonly offloadingCycles: number
  readonly macs: number
}

/** Traffic of one operand at one level of the reduced hierarchy. */
export interface LayerLink extends LinkEnergy {
  /** Level of the operand, 0 = innermost. */
  readonly level: number
  /** Elements moved over the link. */
  readonly elements: number
  /** Levels that the operand has in this problem. */
  readonly levels: number
  /** Operand name as the layer knows it: `input2` for the second input of an add. */
  readonly name: string
}

/** The layer cannot be mapped below its tops. */
export interface LayerMisfit {
  readonly kind: 'misfit'
  /** Which memory is too small and by how much. */
  readonly reason: Diagnostic
}

/** Maps layers; remembers problems that it has solved. */
export interface LayerSolver {
  readonly solve: (problem: LayerProblem) => LayerSolution | LayerMisfit
  /**
   * Whether the layer fits, exactly, and what its solution costs at least. Much cheaper than the solution: ties and the
   * orders of loops that decide cycles are not looked at.
   */
  readonly bound: (problem: LayerProblem) => MappedLayer | LayerMisfit
  /**
   * Starts to note which problems are asked for; the returned function ends it. Counts of several workers can be
   * joined by key, so that they do not depend on who solved what.
   */
  startCounting(): () => ProblemCount
}

export interface ProblemCount {
  /** Distinct problems, with the mappings evaluated to solve or bound each. */
  readonly problems: readonly SolvedProblem[]
  readonly asked: number
}

export type SolvedProblem = readonly [
  key: string,
  evaluations: number,
  /** Whether its answer is proven to be the best, or that it has none; undefined where it was only bounded. */
  proven: boolean | undefined,
]
