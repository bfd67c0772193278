import type { Layer } from '../model/index.js'
import type { FuseConventions } from './conventions.js'
import type { CopyStep } from './copy-step.js'
import type {
  LayerMisfit,
  LayerProblem,
  LayerSolution,
  MappedLayer,
  Tops,
} from './layer-problem.js'
import type { MemoryView } from './memory-view.js'

/** What one tile does at one vertex of its stack: copies, then (for a layer) the computation. */
export type TileStep<S extends MappedLayer = LayerSolution> =
  | { readonly kind: 'source'; readonly source: number; readonly copies: CopyStep }
  | {
      readonly kind: 'layer'
      readonly node: number
      readonly copies: CopyStep
      /** Absent when the tiles before made all output that this tile needs. */
      readonly computed?: {
        readonly layer: Layer
        readonly tops: Tops
        readonly solution: S
      }
      /**
       * Bits per memory held by feature maps of this tile while the layer runs; caches and weights not included, nor
       * what is a part of whole maps in the top memory (inputs of the stack, its output).
       */
      readonly mapBits: readonly number[]
    }

/** What placement depends on. */
export interface TileSetting {
  readonly view: MemoryView
  readonly conventions: FuseConventions
}

/** The same with a way to map layers, to the end or as far as a bound needs. */
export interface TileContext<S extends MappedLayer = LayerSolution> extends TileSetting {
  readonly solve: (problem: LayerProblem) => S | LayerMisfit
}
