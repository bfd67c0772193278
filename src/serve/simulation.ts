import type { DifferingDecisions } from './policy.js'

/** One request's layers run without interruption. */
export interface Segment {
  readonly request: number
  /** Index of the accelerator, 0 for a single one. */
  readonly accelerator: number
  readonly startS: number
  readonly endS: number
  readonly layers: number
}

/** One decision as logged: who was in the queue, what the policy compared, who was picked. */
export interface Decision {
  readonly timeS: number
  readonly queue: readonly number[]
  readonly scores: readonly number[]
  readonly pick: number
}

/** What happened to a stream under one policy. */
export interface Simulation {
  /** Finish time of every request, seconds; NaN for a request that admission control dropped. */
  readonly finishS: Float64Array
  /** Times a request was left unfinished for another. */
  readonly preemptions: number
  /** Times the policy was asked. */
  readonly decisions: number
  /** Time during which accelerators computed, summed over accelerators. */
  readonly busyS: number
  /** Policies in hardware arithmetic only. */
  readonly differing?: DifferingDecisions
  /** Recorded on request only. */
  readonly segments?: readonly Segment[]
  readonly log?: readonly Decision[]
}

/** Collects what a simulation is asked to remember. */
export class Recorder {
  readonly segments: Segment[] = []
  readonly log: Decision[] = []
  readonly maxDecisions: number
  private open: { request: number; startS: number; layers: number; accelerator: number }[] = []
  private ends: number[] = []

  constructor(maxDecisions = 0) {
    this.maxDecisions = maxDecisions
  }

  /** Notes `layers` layers of a request; joins them to the accelerator's last segment when it is the same request. */
  ran(request: number, startS: number, endS: number, layers = 1, accelerator = 0): void {
    const current = this.open[accelerator]
    if (current !== undefined && current.request === request) {
      current.layers += layers
      this.ends[accelerator] = endS
      return
    }
    this.close(accelerator)
    this.open[accelerator] = { request, startS, layers, accelerator }
    this.ends[accelerator] = endS
  }

  /** All segments by start time. */
  finish(): readonly Segment[] {
    for (let a = 0; a < this.open.length; a++) this.close(a)
    this.open = []
    return this.segments
  }

  private close(accelerator: number): void {
    const current = this.open[accelerator]
    if (current !== undefined) this.segments.push({ ...current, endS: this.ends[accelerator] })
  }
}
