import type { CostSource, OpGraph, Soc } from '../model/index.js'

/** One network to be placed: how many inputs of it there are, and when they come. */
export interface Application {
  readonly graph: OpGraph
  /** Inputs (the published "batches"), ≥ 1; independent copies of the graph. */
  readonly inputs: number
  /** Arrival of the first input; default 0. */
  readonly firstReleaseUs?: number
  /** Distance of arrivals; default 0 = all at once. */
  readonly periodUs?: number
  /** Time allowed per input from its arrival to its last operation. */
  readonly deadlineUs?: number
}

/** What is to be placed where. */
export interface PlaceRequest {
  readonly applications: readonly Application[]
  readonly soc: Soc
  /** Execution time per operation and core kind. */
  readonly costs: CostSource
  /** Tick on which operations start, µs; 0 = continuous time. */
  readonly clockUs: number
}

/**
 * A request flattened for the algorithms. Tasks are operation instances, index b·n + i per network, networks one after
 * another. Cores are numbered kind by kind. Matrices are row-major by task. Times in µs.
 */
export interface PlaceProblem {
  readonly request: PlaceRequest
  readonly tasks: number
  readonly kinds: number
  readonly kindNames: readonly string[]
  readonly cores: number
  readonly kindOfCore: Int32Array
  /** Core numbers of kind k: firstCore[k] … firstCore[k+1] − 1. */
  readonly firstCore: Int32Array
  /** [task × kinds + kind] execution time; Infinity = cannot run there. */
  readonly timeUs: Float64Array
  /** [task × kinds + kind] time for which the core is held: the execution time, on a clock rounded up to ticks. */
  readonly heldUs: Float64Array
  readonly releaseUs: Float64Array
  readonly deadlineUs: Float64Array
  /** Predecessors of task t: pred[predStart[t] … predStart[t+1]−1], with the volume each hands over. */
  readonly predStart: Int32Array
  readonly pred: Int32Array
  readonly predVolume: Float64Array
  readonly succStart: Int32Array
  readonly succ: Int32Array
  readonly succVolume: Float64Array
  /** A topological order; lowest index first where there is a choice. */
  readonly order: Int32Array
  readonly clockUs: number
  /** False: every transfer is free and `latencyUs`/`usPerVolume` are not looked at. */
  readonly hasTransfers: boolean
  readonly latencyUs: number
  /** [producer kind × kinds + consumer kind]. */
  readonly usPerVolume: Float64Array
  readonly contention: 'none' | 'bus' | 'links'
  /** True when some core kind holds weights in limited memory. */
  readonly hasResidency: boolean
  readonly weightBytes: Float64Array
  /** Tasks with the same key use the same weights. */
  readonly weightKey: Int32Array
  /** Network, operation and input of each task. */
  readonly application: Int32Array
  readonly operation: Int32Array
  readonly input: Int32Array
}

/** Time from the end of `u` until its data are at another core. @param volume of the edge; nothing is sent for 0 */
export function transferUs(p: PlaceProblem, kindU: number, kindV: number, volume: number): number {
  return p.hasTransfers && volume > 0
    ? p.latencyUs + volume * p.usPerVolume[kindU * p.kinds + kindV]
    : 0
}

/** `timeUs` rounded up to the clock, if there is one. */
export function alignUp(timeUs: number, clockUs: number): number {
  if (clockUs <= 0) return timeUs
  let tick = Math.ceil(timeUs / clockUs)
  if ((tick - 1) * clockUs >= timeUs) tick--
  if (tick * clockUs < timeUs) tick++
  return tick * clockUs
}

/**
 * Least distance between the starts of `u` and of its consumer `v`: execution, and transfer when they are on different
 * cores, on a clock rounded up to ticks.
 */
export function startLagUs(
  p: PlaceProblem,
  u: number,
  kindU: number,
  kindV: number,
  sameCore: boolean,
  volume: number,
): number {
  const slot = u * p.kinds + kindU
  if (sameCore || !p.hasTransfers || volume === 0) return p.heldUs[slot]
  const arrival = p.timeUs[slot] + transferUs(p, kindU, kindV, volume)
  return p.clockUs > 0 ? Math.max(p.heldUs[slot], alignUp(arrival, p.clockUs)) : arrival
}

/** Whether every time that can occur in a schedule is a whole number of µs. */
export function hasWholeTimes(p: PlaceProblem): boolean {
  return (
    p.clockUs === 0 &&
    !p.hasResidency &&
    p.timeUs.every((time) => time === Infinity || Number.isInteger(time)) &&
    p.releaseUs.every((release) => Number.isInteger(release)) &&
    (!p.hasTransfers ||
      (Number.isInteger(p.latencyUs) &&
        p.usPerVolume.every((factor) => Number.isInteger(factor)) &&
        p.predVolume.every((volume) => Number.isInteger(volume))))
  )
}
