import type { Mask } from '../mask.js'

/** Columns per vector: the array has 64 column ports. */
export const VECTOR_COLUMNS = 64

/**
 * Survivors of one attention, summarised so that load balance and time follow for any number of processing elements:
 * per head and block of 64 key columns, how many row vectors hold n survivors.
 */
export interface ScoreStatistics {
  readonly heads: number
  readonly queries: number
  readonly keys: number
  /**
   * `counts[(head·blocks + block)·65 + n]` = vectors of that head and block with n survivors, among the vectors in which
   * the padding mask allows at least one position.
   */
  readonly counts: Uint32Array
  /** Survivors in the counted vectors. */
  readonly survivors: number
  /** Positions that the padding mask allows, and the survivors among them. */
  readonly allowed: number
  readonly allowedSurvivors: number
}

/**
 * Summarises a survivor mask (heads × queries × keys); `allowed` is the padding mask of the same shape, default all.
 * Survivors on padded positions of a counted vector are work like any other: a predictor that masks padding leaves none.
 */
export function scoreStatistics(
  heads: number,
  queries: number,
  keys: number,
  mask: Mask,
  allowed?: Mask,
): ScoreStatistics {
  const blocks = Math.ceil(keys / VECTOR_COLUMNS)
  const counts = new Uint32Array(heads * blocks * (VECTOR_COLUMNS + 1))
  let survivors = 0
  let permitted = 0
  let permittedSurvivors = 0
  for (let row = 0; row < heads * queries; row++) {
    const head = Math.floor(row / queries)
    for (let block = 0; block < blocks; block++) {
      const from = row * keys + block * VECTOR_COLUMNS
      const to = Math.min(row * keys + keys, from + VECTOR_COLUMNS)
      let ones = 0
      let open = 0
      let kept = 0
      for (let i = from; i < to; i++) {
        const may = allowed === undefined ? 1 : allowed[i]
        open += may
        ones += mask[i]
        kept += mask[i] & may
      }
      if (open === 0) continue
      permitted += open
      permittedSurvivors += kept
      survivors += ones
      counts[(head * blocks + block) * (VECTOR_COLUMNS + 1) + ones]++
    }
  }
  return {
    heads,
    queries,
    keys,
    counts,
    survivors,
    allowed: permitted,
    allowedSurvivors: permittedSurvivors,
  }
}

/** How evenly split sub-rows of at most P survivors fill rows of P processing elements (specification §D.1). */
export interface LoadBalance {
  /** Vectors with an allowed position, and how many of them have no survivor. */
  readonly vectors: number
  readonly emptyVectors: number
  /** Sub-rows after splitting. */
  readonly segments: number
  readonly survivors: number
  /** Utilisation when empty vectors cost nothing; 0 when nothing survives. */
  readonly skipping: number
  /** Utilisation when each empty vector costs a pass. */
  readonly notSkipping: number
  /** What the published program prints instead: it adds the number of vectors that are NOT empty. */
  readonly notSkippingPublished: number
  /** Survivors per allowed position. */
  readonly density: number
}

/** Load balance of a mask on rows of `processingElements` elements (16 or 32 of 64 in the published design). */
export function loadBalance(scores: ScoreStatistics, processingElements: number): LoadBalance {
  let vectors = 0
  let emptyVectors = 0
  let segments = 0
  for (let i = 0; i < scores.counts.length; i++) {
    const ones = i % (VECTOR_COLUMNS + 1)
    const count = scores.counts[i]
    vectors += count
    if (ones === 0) emptyVectors += count
    segments += count * Math.ceil(ones / processingElements)
  }
  const full = scores.survivors / processingElements
  const utilisation = (passes: number): number => (passes === 0 ? 0 : full / passes)
  return {
    vectors,
    emptyVectors,
    segments,
    survivors: scores.survivors,
    skipping: utilisation(segments),
    notSkipping: utilisation(segments + emptyVectors),
    notSkippingPublished: utilisation(segments + vectors - emptyVectors),
    density: scores.allowed === 0 ? 0 : scores.allowedSurvivors / scores.allowed,
  }
}
