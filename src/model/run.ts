/** What a long computation reports while it runs. */
export interface Progress {
  /** Fraction of the work done, 0 … 1; undefined when unknown. */
  readonly fraction?: number
  /** One short line: what is being worked on, and the best found so far. */
  readonly message: string
}

/** Passed into every long computation: engines know no clock, console or signal. */
export interface Run {
  readonly seed: number
  progress(p: Progress): void
  /** True once the caller wants the best found so far (Ctrl-C or a time limit); poll it every few thousand steps. */
  readonly cancelled: () => boolean
}

/** A run that reports nothing and is never cancelled: tests, benches and inner calls. */
export const quietRun: Run = Object.freeze({
  seed: 1,
  progress: () => undefined,
  cancelled: () => false,
})
