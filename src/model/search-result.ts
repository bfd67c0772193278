/** `optimal`: proven; `gap`: stopped early, lowerBound holds; `heuristic`: found by a method that proves nothing. */
export type SearchStatus = 'optimal' | 'gap' | 'heuristic'

/** What a search found and how it knows. */
export interface SearchResult<T> {
  readonly value: T
  /** The metric that was minimised, of `value`. */
  readonly objective: number
  /** No solution of the explored space can be below this; equals `objective` when `status` is `optimal`. */
  readonly lowerBound: number
  readonly status: SearchStatus
  /** Number of complete or partial candidates whose cost was computed. */
  readonly evaluations: number
  /** Candidates removed without evaluation, per rule. */
  readonly pruned: Readonly<Record<string, number>>
}
