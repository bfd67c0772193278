/**
 * Where the zeros of a profile come from. `measured`: a user's network ran on real inputs; `measured-micro`: small
 * networks trained by Heddle's own script ran on generated inputs; `synthetic-calibrated`: drawn from a density model.
 */
export const provenances = ['measured', 'measured-micro', 'synthetic-calibrated'] as const
export type Provenance = (typeof provenances)[number]

/** What holds for a layer in every sample. */
export interface LayerFacts {
  readonly name: string
  readonly operator: 'conv' | 'linear' | 'matmul' | 'attention'
  /** Readable shape, of the first sample. */
  readonly shape: string
  readonly denseMacs: number
  readonly weights: number
  /** Zero fraction and pattern of constant weights; absent for products of activations. */
  readonly weightZeros?: number
  readonly weightPattern?: string
}

/** One layer of one sample. */
export interface LayerMeasurement {
  /** Zero fractions of the layer's input and output tensor. */
  readonly inputZeros: number
  readonly outputZeros: number
  /** What the accelerator's monitor sees: zeros of the input, or pruned scores of an attention. */
  readonly sparsity: number
  /** Multiply-accumulates with two non-zero operands. */
  readonly validMacs: number
  /** Those that would be left if the layer's zero weights were whole input channels; absent without zero weights. */
  readonly channelPrunedMacs?: number
  readonly denseMacs: number
  readonly cycles: number
  readonly latencyS: number
}

/** Every layer of every sample of one network with one pruning pattern on one accelerator. */
export interface NetworkProfile {
  readonly kind: 'network-profile'
  /** Unique in a set of profiles, e.g. `micro-cnn_filter`. */
  readonly name: string
  /** Profiles of one network under several patterns carry the same network name. */
  readonly network: string
  readonly provenance: Provenance
  /** Latency model and its version. */
  readonly accelerator: string
  /** Name and version of what made it, with its seed and parameters. */
  readonly generator: string
  readonly layers: readonly LayerFacts[]
  readonly samples: readonly {
    readonly dataset: string
    /** One per layer. */
    readonly layers: readonly LayerMeasurement[]
  }[]
}
