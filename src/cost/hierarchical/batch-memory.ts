/** Loops of one mapping at most. */
export const mostLoops = 64
/** Mappings that are evaluated at once, at most. */
export const mostLanes = 128
/** Entries of an array that has a row per boundary, memory or port, and in it one entry per lane. */
const ENTRIES = 128 * mostLanes
/** Links of all ports at most: four a boundary. */
export const mostLinks = ENTRIES

/**
 * Where the kernels of a thread evaluate their batches: one memory for all of them, of fixed size, which belongs to the
 * kernel that evaluated last (`owner`). Modules with loops over lanes take the arrays that they need as constants of
 * their own (`const { offsets } = batchMemory`): a compiler then knows type, place and length of an array beforehand,
 * where it would look them up in each iteration else. Results are copied to the arrays of the kernel.
 *
 * Arrays over lanes have those of one row next to each other: `[row·lanes + lane]`, `lanes` being the kernel's.
 */
export const batchMemory = {
  owner: undefined as object | undefined,
  /** [i]: state (`LoopLattice`) and iterations of the first i loops. */
  states: new Int32Array((mostLoops + 1) * mostLanes),
  cycles: new Float64Array((mostLoops + 1) * mostLanes),
  /**
   * [p·stride + b]: loops below boundary b after irrelevant ones moved down; the row of what crosses it. After the
   * last boundary `stationary` has the bottom of the nest.
   */
  stationary: new Int32Array(ENTRIES),
  offsets: new Int32Array(ENTRIES),
  /** [p·stride + b]: cycles per period in which a transfer across boundary b holds up nothing (`KernelBuffering`). */
  allowed: new Float64Array(ENTRIES),
  /** Per lane: state of the loops below the boundary that is being looked at. */
  here: new Int32Array(mostLanes),
  /** Per lane: iterations below the loops right below a boundary that reuse, or only renew, its operand. */
  reusedCycles: new Float64Array(mostLanes),
  renewedCycles: new Float64Array(mostLanes),
}

/** Scratch with a row per boundary, memory or port. */
export function laneRows(): Float64Array<ArrayBuffer> {
  return new Float64Array(ENTRIES)
}

/** How many lanes of `rows` rows there is room for, up to `lanes`; 0: none. */
export function roomForLanes(rows: number, lanes: number): number {
  return Math.min(lanes, mostLanes, Math.floor(ENTRIES / rows))
}
