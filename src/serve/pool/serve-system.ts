/** The machine that a stream is served on. The published model is {@link singleAccelerator}. */
export interface ServeSystem {
  /** Speed of each accelerator: a layer takes its traced latency / speed. */
  readonly speeds: readonly number[]
  /** Accelerators (indices) that a network may run on, by trace index; absent: all. */
  readonly affinity?: readonly (readonly number[])[]
  /** Time to put an unfinished request's state away when another takes its accelerator, seconds. */
  readonly saveS: number
  /** Time to bring it back before its next layer, on whichever accelerator, seconds. */
  readonly restoreS: number
  /** `feasible`: an arriving request that could not meet its deadline even if it ran at once is turned away. */
  readonly admission: 'all' | 'feasible'
}

/** One accelerator, free switches, everyone admitted. */
export const singleAccelerator: ServeSystem = Object.freeze({
  speeds: Object.freeze([1]),
  saveS: 0,
  restoreS: 0,
  admission: 'all',
})

/** `count` equal accelerators with one common queue. */
export function acceleratorPool(count: number): ServeSystem {
  return Object.freeze({
    ...singleAccelerator,
    speeds: Object.freeze(new Array<number>(count).fill(1)),
  })
}

/** Whether a system is the published model, which the fast cores simulate. */
export function isPublishedModel(system: ServeSystem): boolean {
  return (
    system.speeds.length === 1 &&
    system.speeds[0] === 1 &&
    system.affinity === undefined &&
    system.saveS === 0 &&
    system.restoreS === 0 &&
    system.admission === 'all'
  )
}
