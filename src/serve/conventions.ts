/**
 * Every rule at which the published simulator and the correct behaviour part. An engine or policy reads the field it
 * needs; nothing else in this room knows which of the presets is in force.
 */
export interface ServeConventions {
  readonly name: string
  /** Clock when the queue is empty: `monotonic` = max(now, next arrival); `rewinds` = the next arrival, even if past. */
  readonly idleClock: 'monotonic' | 'rewinds'
  /** Who is admitted: everyone arrived by now, or only strictly before now (and a single request when idle). */
  readonly admission: 'until-now' | 'before-now'
  /** PREMA tokens grow by the waiting since the previous decision, or by the whole idle time at every decision. */
  readonly premaWaiting: 'since-update' | 'since-execution'
  /** Whether a fresh PREMA token takes part in the maximum that sets the threshold. */
  readonly premaFreshTokens: 'counted' | 'ignored'
  /** Sparse PREMA scales each candidate by its own ratio, or all by that of the last request in the queue. */
  readonly premaRatio: 'own' | 'last-in-queue'
  /** Late requests in Planaria and SDRM3: a defined score, or the negative one that the formula yields. */
  readonly lateRequests: 'decided' | 'negative-score'
  /** "No request chosen yet" in the selection of Planaria and SDRM3: told apart, or the score −1, which then aborts. */
  readonly noneChosen: 'explicit' | 'minus-one'
  /** Samples a generated request may have: all, or 0 … 6. */
  readonly sampling: 'all' | 'first-seven'
  /** Random stream: seeded for each arrival rate, or once for all rates of a repetition. */
  readonly seeding: 'per-rate' | 'carried-over'
  /** Divisor of the last-n predictor: the layers measured, or always n. */
  readonly lastN: 'measured' | 'always-n'
  /** Bounds of one layer's density ratio; a layer whose profile is all zeros has ratio 1. */
  readonly ratioClamp: readonly [number, number]
}

/** Correct behaviour: the default. */
export const standard: ServeConventions = Object.freeze({
  name: 'standard',
  idleClock: 'monotonic',
  admission: 'until-now',
  premaWaiting: 'since-update',
  premaFreshTokens: 'counted',
  premaRatio: 'own',
  lateRequests: 'decided',
  noneChosen: 'explicit',
  sampling: 'all',
  seeding: 'per-rate',
  lastN: 'measured',
  ratioClamp: Object.freeze([1 / 16, 16] as const),
})

/** The published simulator, number by number. */
export const published: ServeConventions = Object.freeze({
  name: 'published',
  idleClock: 'rewinds',
  admission: 'before-now',
  premaWaiting: 'since-execution',
  premaFreshTokens: 'ignored',
  premaRatio: 'last-in-queue',
  lateRequests: 'negative-score',
  noneChosen: 'minus-one',
  sampling: 'first-seven',
  seeding: 'carried-over',
  lastN: 'always-n',
  ratioClamp: Object.freeze([-Infinity, Infinity] as const),
})

/** The published policies on a repaired clock: what their rules do without the simulator's faults. */
export const clockRepaired: ServeConventions = Object.freeze({
  ...published,
  name: 'clock',
  idleClock: 'monotonic',
  admission: 'until-now',
  noneChosen: 'explicit',
  sampling: 'all',
  seeding: 'per-rate',
})

/** By the names that the command line accepts. */
export const conventionsByName: Readonly<Record<string, ServeConventions>> = Object.freeze({
  standard,
  published,
  clock: clockRepaired,
})
