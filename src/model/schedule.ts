/** One transfer over a contended interconnect. */
export interface Transfer {
  /** Instance that produced the data, and the one that waits for them. */
  readonly from: number
  readonly to: number
  readonly startUs: number
  readonly endUs: number
}

/**
 * Who runs where and when. One entry per operation instance; instance `i` of input `b` of a network with n operations
 * has index `b·n + i`, several networks follow each other.
 */
export interface Schedule {
  readonly kind: 'schedule'
  readonly startUs: readonly number[]
  readonly endUs: readonly number[]
  /** Name of the core kind. */
  readonly core: readonly string[]
  /** Number of the core within its kind, from 0. */
  readonly coreId: readonly number[]
  /** Present when the interconnect is contended. */
  readonly transfers?: readonly Transfer[]
}
