/** When the requests of one source come. */
export type SourceArrivals =
  | { readonly kind: 'poisson'; readonly ratePerS: number }
  /** Every 1/rate seconds, each moved by a uniform jitter of ± `jitter`/2 periods. */
  | { readonly kind: 'periodic'; readonly ratePerS: number; readonly jitter: number }
  /** Two-state Markov-modulated Poisson process: mean rate, peak over mean, share of time, mean length of a burst. */
  | {
      readonly kind: 'bursts'
      readonly ratePerS: number
      readonly peak: number
      readonly share: number
      readonly lengthS: number
    }
  /** Times of arrival in seconds, ascending: written down, or replayed from a trace. */
  | { readonly kind: 'given'; readonly arrivalS: readonly number[] }
  /** Each request of an earlier source is followed by one of this source, with a probability, when it has finished. */
  | { readonly kind: 'after'; readonly source: number; readonly probability: number }

/** A network that a source asks for. */
export interface WeightedTrace {
  /** Index into the set of traces. */
  readonly trace: number
  /** Relative frequency, > 0. */
  readonly weight: number
}

/** One kind of request: which networks, when, how urgent. */
export interface RequestSource {
  readonly name: string
  readonly arrivals: SourceArrivals
  readonly traces: readonly WeightedTrace[]
  /** The sample that every request has; absent: drawn. */
  readonly sample?: number
  /** At most this many requests; absent: as many as fall into the simulated time. */
  readonly requests?: number
  readonly priority: number
  /** Allowed seconds, or a multiple of the network's isolated latency; absent: the experiment's multiplier. */
  readonly slo?: { readonly seconds: number } | { readonly multiplier: number }
}

/** What arrives in a serving experiment: several sources on one machine. */
export interface ServingMix {
  readonly sources: readonly RequestSource[]
  /** No request comes at or after this time; absent: every drawn source has a number of requests. */
  readonly seconds?: number
}
