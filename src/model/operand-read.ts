/** A feature map that a layer reads, as one part of an operand. */
export interface MapRead {
  /** The layer that makes it; null for an input of the network. */
  readonly from: string | null
  /**
   * Channels of the operand that it makes up; default: those that its layer writes. 0 for a map that only acts on the
   * others (the factors of a gate): it must be there, but is no part of the operand.
   */
  readonly channels?: number
  /** Operator on the way that moves, selects or mixes positions (`Resize`, `Transpose`); absent when none does. */
  readonly through?: string
}

/** One data operand of a layer: maps whose channels lie side by side, in order. */
export type OperandRead = readonly MapRead[]
