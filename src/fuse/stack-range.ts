/** Layers `first` … `last` of a network, run as one stack. */
export interface StackRange {
  readonly first: number
  readonly last: number
}
