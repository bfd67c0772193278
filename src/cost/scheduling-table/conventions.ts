/**
 * The rules in which the published program (NeuroSpector 1.4.1) and the correct model differ. Each field is read at one
 * place; the two presets are the only values in use, `overlap` excepted, which the user may choose.
 */
export interface TableConventions {
  readonly name: 'standard' | 'published'
  /** `fp32-u32`: every figure rounded to 32-bit floats, every count modulo 2^32 (Q33). */
  readonly arithmetic: 'float64' | 'fp32-u32'
  /** What a list of one value means: all three operands, or the input alone, the others 0 (Q1). */
  readonly oneValueLists: 'all-operands' | 'input-only'
  /** Static power of one buffer shared by the operands: its largest entry once, or the sum of the three entries (Q2). */
  readonly sharedStaticPower: 'once' | 'per-operand'
  /** Bytes of an element: bits / 8, or its whole part (Q5). */
  readonly elementBytes: 'exact' | 'whole'
  /** Loops that an input-stationary buffer does not re-send for: K alone, or, when K is 1, the larger of BPQ and CRS (Q13). */
  readonly inputReuse: 'output-channels' | 'any-loop'
  /**
   * Operand that passes by a level: `direct` — the next outer level sends the tiles and counts of the next inner one, and the
   * level itself is not touched; `corrected-when-read-once` — as the published program (Q14, Q15).
   */
  readonly bypass: 'direct' | 'corrected-when-read-once'
  /** Separate buffers may be filled and bypassed operands need no room; or must stay below, bypassed ones too (Q16). */
  readonly separateCapacity: 'inclusive' | 'exclusive-with-bypassed'
  /** Rounding up to whole lines: each transfer, or the total of a level (Q17). */
  readonly lineRounding: 'per-transfer' | 'total'
  /** Latency of the stages: their sum, or the slowest (perfect double buffering; Q18). */
  readonly overlap: 'none' | 'full'
  /** Whether a level that the published program parses but does not model may hold anything (Q4). */
  readonly registerLevel: 'rejected' | 'inert'
  /** Tiles reported as 0 where weights pass by a local buffer at no energy: their own, or the input's too (Q21). */
  readonly hiddenLocalWeights: 'weights' | 'inputs-too'
}

/** Correct behaviour (specification §11 and the right-hand column of §12). */
export const standard: TableConventions = Object.freeze({
  name: 'standard',
  arithmetic: 'float64',
  oneValueLists: 'all-operands',
  sharedStaticPower: 'once',
  elementBytes: 'exact',
  inputReuse: 'output-channels',
  bypass: 'direct',
  separateCapacity: 'inclusive',
  lineRounding: 'per-transfer',
  overlap: 'none',
  registerLevel: 'rejected',
  hiddenLocalWeights: 'weights',
})

/** What NeuroSpector 1.4.1 computes, quirk by quirk (specification §6). */
export const published: TableConventions = Object.freeze({
  name: 'published',
  arithmetic: 'fp32-u32',
  oneValueLists: 'input-only',
  sharedStaticPower: 'per-operand',
  elementBytes: 'whole',
  inputReuse: 'any-loop',
  bypass: 'corrected-when-read-once',
  separateCapacity: 'exclusive-with-bypassed',
  lineRounding: 'total',
  overlap: 'none',
  registerLevel: 'inert',
  hiddenLocalWeights: 'inputs-too',
})

export const tableConventions = Object.freeze({ standard, published })
