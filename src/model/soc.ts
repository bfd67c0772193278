import type { CoreKind } from './cost-source.js'

/** All cores of one design on a chip. */
export interface SocCoreKind extends CoreKind {
  /** Number of identical cores, ≥ 1. */
  readonly count: number
  /** Operator types that it runs, exact names; absent = every type. */
  readonly supports?: readonly string[]
  /** Column of a table of times that holds this kind's times; absent = the column named like the kind. */
  readonly timeColumn?: string
  /** How many times faster than that column the kind is; absent = 1. */
  readonly speed?: number
  /** Memory for weights of one core; absent = unlimited, weights are loaded once and for free. */
  readonly memoryBytes?: number
  /** Speed at which missing weights are fetched into `memoryBytes`. */
  readonly weightBytesPerUs?: number
  /** Electrical power of one core while it runs and while it waits. */
  readonly activePowerW?: number
  readonly idlePowerW?: number
}

/** How data get from one core to another; without one, transfers are free. */
export interface Interconnect {
  /** `links`: a path of its own for every pair of cores; `bus`: one medium. */
  readonly kind: 'links' | 'bus'
  readonly latencyUs: number
  /** Microseconds per unit of volume between core kinds, [producer kind][consumer kind]; cores of one kind too. */
  readonly usPerVolume: readonly (readonly number[])[]
  /** True = a medium carries one transfer at a time. */
  readonly contention: boolean
}

/** A heterogeneous chip. */
export interface Soc {
  readonly kind: 'soc'
  readonly name: string
  readonly cores: readonly SocCoreKind[]
  readonly interconnect?: Interconnect
}
