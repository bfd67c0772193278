import type { Layer } from '../model/index.js'
import type { FuseConventions } from './conventions.js'
import type { CopyStep } from './copy-step.js'
import type { LayerSolution, LayerSolver, Tops } from './layer-problem.js'
import type { MemoryView } from './memory-view.js'

/** What one tile does at one vertex of its stack: copies, then (for a layer) the computation. */
export type TileStep =
  | { readonly kind: 'source'; readonly source: number; readonly copies: CopyStep }
  | {
      readonly kind: 'layer'
      readonly node: number
      readonly copies: CopyStep
      /** Absent when the tiles before made all output that this tile needs. */
      readonly computed?: {
        readonly layer: Layer
        readonly tops: Tops
        readonly solution: LayerSolution
      }
      /**
       * Bits per memory held by feature maps of this tile while the layer runs; caches and weights not included, nor
       * what is a part of whole maps in the top memory (inputs of the stack, its output).
       */
      readonly mapBits: readonly number[]
    }

export interface TileContext {
  readonly view: MemoryView
  readonly conventions: FuseConventions
  readonly solver: LayerSolver
}
