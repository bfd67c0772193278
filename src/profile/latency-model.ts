import type { Mask } from './mask.js'
import type { SparseLayer } from './sparse-layer.js'
import type { ScoreStatistics } from './sanger/load-balance.js'

/** What is known about a layer's weights: where they are zero, or only how many are. */
export type WeightActivity =
  | { readonly kind: 'mask'; readonly mask: Mask }
  | { readonly kind: 'density'; readonly density: number }

/** What is known about what one sample feeds into a layer. */
export type InputActivity =
  | { readonly kind: 'mask'; readonly mask: Mask }
  | { readonly kind: 'density'; readonly density: number }
  /** Attention: which scores survive, summarised per vector of 64 columns. */
  | { readonly kind: 'scores'; readonly scores: ScoreStatistics }

/** Time of one layer for one sample. */
export interface LayerCycles {
  readonly cycles: number
  readonly latencyS: number
  /** Named parts in cycles; how they combine (sum or maximum) is the model's, see its documentation. */
  readonly parts: Readonly<Record<string, number>>
}

/** Turns a layer and its zeros into cycles. Implementations are pure and deterministic. */
export interface LatencyModel {
  /** Name and version, as recorded in traces, e.g. `eyeriss-x-1`. */
  readonly name: string
  readonly clockMhz: number
  /** Why the model cannot run this layer; undefined = it can. */
  rejects(layer: SparseLayer): string | undefined
  /**
   * Does once what depends on layer and weights only; the returned function is called per sample. The layer must not
   * be rejected. Masks are the caller's: a model keeps what it has made of them, not the masks.
   */
  prepare(layer: SparseLayer, weights: WeightActivity): (input: InputActivity) => LayerCycles
}

/** Cycles of one layer for one input. */
export function layerCycles(
  model: LatencyModel,
  layer: SparseLayer,
  weights: WeightActivity,
  input: InputActivity,
): LayerCycles {
  return model.prepare(layer, weights)(input)
}

/** Latency result from whole cycles. */
export function cyclesAt(
  clockMhz: number,
  cycles: number,
  parts: Readonly<Record<string, number>>,
): LayerCycles {
  return { cycles, latencyS: cycles / (clockMhz * 1e6), parts }
}
