/** One line of a benchmark table: what was measured, beside its target and the published program's figure. */
export interface BenchRow {
  readonly name: string
  readonly measured: string
  readonly target?: string
  readonly published?: string
  readonly note?: string
}

/** Runs one engine's headline cases; may print further tables of its own. */
export type Suite = () => Promise<BenchRow[]>
