/**
 * The choices in which the corrected cost model and the published program differ. Read here only; section numbers and
 * quirk tags are those of the DeFiNES specification (§15).
 */
export interface HierarchicalConventions {
  readonly name: string
  /** Q3: how a fractional (average) extent of a sliding window becomes a number of elements. */
  readonly extentRounding: 'mean' | 'truncate'
  /** Elements per period and instance: the exact mean over full and partial passes, or rounded to an integer. */
  readonly elementRounding: 'mean' | 'half-even'
  /** Q5: distinct elements that a memory exchanges with the units below per period. */
  readonly fanOutRounding: 'mean' | 'truncate' | 'nearest'
  /** Whole positions that stand for a fractional unrolling where cycles are counted. */
  readonly wholeUnrolling: 'ceil' | 'floor'
  /** §16: whether rounding up takes floating-point noise just above an integer for a further unit. */
  readonly roundingNoise: 'absorbed' | 'kept'
  /** Q7: whether the first visit of a partial sum, which only initialises it, is charged a read-back: by no memory, by
   * each, or only by the innermost one, which the units then read in every cycle.
   */
  readonly firstPartialSumRead: 'free' | 'charged' | 'charged-in-units'
  /** Whether a unit keeps an input while only loops run that reuse it, or reads it again in every cycle. */
  readonly innermostReuse: 'kept' | 'read-per-cycle'
  /** Whether an input tile that moves on by one loop of a window is fetched whole, or only the part that is new. */
  readonly inputHalo: 'refetched' | 'slides'
  /** Whether windows of neighbouring units are fetched once for all units, or once per array dimension. */
  readonly fanOutWindows: 'joined' | 'per-array-dimension'
  /** Whether a memory is charged for reading out the results that move up. */
  readonly outputDrain: 'charged' | 'free'
  /** Q8: which ends of a transfer are split over the cycles that the other end's width asks for. */
  readonly cycleSlicing: 'both-ends' | 'upper-end' | 'none'
  /** Whether the last slice that a transfer touches is paid whole, or only for its part. */
  readonly lastSlice: 'whole' | 'part'
  /** Whether the accesses of a link in the whole layer are cut down to whole words. */
  readonly wordTotals: 'exact' | 'floor'
  /** Whether ports stall computation transfer by transfer, or only by the bits they have to pass in the whole layer. */
  readonly latencyRule: 'port-stalls' | 'busiest-port'
  /** Q9: the update windows that shared ports may use. */
  readonly portWindows: 'same-count' | 'one-more-in-union'
  /** Q10: loads of which one end is shared. */
  readonly halfSharedLoads: 'sum' | 'last'
  /** Q11: loads that a layer with a single input counts. */
  readonly singleInputLoads: 'all' | 'unshared'
  /** Q12: whether an off-loading step waits for the previous one on a shared port. */
  readonly offloadPorts: 'tested' | 'never-shared'
  /** Q44: whether the latency of a layer, as searches minimise it, includes off-loading its results. */
  readonly layerLatency: 'with-off-loading' | 'without'
  /** Q37: capacity of memories that are the innermost level of an operand sharing them. */
  readonly innermostCapacity: 'checked' | 'unchecked'
  /**
   * Whether the innermost memory has room for all that it holds, or rows of outputs (loop OX) stream through it, so that
   * one output and its window have to fit.
   */
  readonly innermostRows: 'held' | 'streamed'
  /** Q4: energy of the operations of pooling and residual adds. */
  readonly simpleOperations: 'own-energy' | 'mac-energy'
  /** Pooling carries a kernel operand of zero bits. */
  readonly zeroBitPoolingWeight: boolean
  /** Q41: order of the loops unrolled below one memory. */
  readonly spatialOrder: 'array' | 'first-dimension-last'
  /** Q13: temporal iterations left by an unrolling. */
  readonly remainingIterations: 'exact' | 'ceil-of-quotient'
}

/** The loop along a row of outputs (`innermostRows`). */
export const rowLoop = 'OX'

/** Whether the first visit of a partial sum is charged a read-back over boundary b; 0 lies between units and memories. */
export function chargesFirstRead(
  { firstPartialSumRead }: HierarchicalConventions,
  b: number,
): boolean {
  return (
    firstPartialSumRead === 'charged' || (firstPartialSumRead === 'charged-in-units' && b === 0)
  )
}

/** The corrected model: the right-hand column of specification §15. */
export const standardConventions: HierarchicalConventions = Object.freeze({
  name: 'standard',
  extentRounding: 'mean',
  elementRounding: 'mean',
  fanOutRounding: 'mean',
  wholeUnrolling: 'ceil',
  roundingNoise: 'absorbed',
  firstPartialSumRead: 'free',
  innermostReuse: 'read-per-cycle',
  inputHalo: 'refetched',
  fanOutWindows: 'joined',
  outputDrain: 'charged',
  cycleSlicing: 'both-ends',
  lastSlice: 'whole',
  wordTotals: 'exact',
  latencyRule: 'port-stalls',
  portWindows: 'same-count',
  halfSharedLoads: 'sum',
  singleInputLoads: 'all',
  offloadPorts: 'tested',
  layerLatency: 'with-off-loading',
  innermostCapacity: 'checked',
  innermostRows: 'held',
  simpleOperations: 'own-energy',
  zeroBitPoolingWeight: false,
  spatialOrder: 'array',
  remainingIterations: 'exact',
})

/** The published program, quirk by quirk. */
export const publishedConventions: HierarchicalConventions = Object.freeze({
  name: 'published',
  extentRounding: 'truncate',
  elementRounding: 'half-even',
  fanOutRounding: 'truncate',
  wholeUnrolling: 'ceil',
  roundingNoise: 'kept',
  firstPartialSumRead: 'charged',
  innermostReuse: 'read-per-cycle',
  inputHalo: 'refetched',
  fanOutWindows: 'joined',
  outputDrain: 'charged',
  cycleSlicing: 'upper-end',
  lastSlice: 'whole',
  wordTotals: 'exact',
  latencyRule: 'port-stalls',
  portWindows: 'one-more-in-union',
  halfSharedLoads: 'last',
  singleInputLoads: 'unshared',
  offloadPorts: 'never-shared',
  layerLatency: 'without',
  innermostCapacity: 'unchecked',
  innermostRows: 'held',
  simpleOperations: 'mac-energy',
  zeroBitPoolingWeight: true,
  spatialOrder: 'first-dimension-last',
  remainingIterations: 'ceil-of-quotient',
})

/**
 * ZigZag 3.8: the published model's successor. Inputs stay in the units while only irrelevant loops run, transfers are
 * not sliced by the narrower end, fan-outs are rounded to the nearest integer, cycles count the positions that are surely
 * used, and totals are whole words. Its on- and off-loading, which begins during computation, is not modelled.
 */
export const zigzagConventions: HierarchicalConventions = Object.freeze({
  ...publishedConventions,
  name: 'zigzag',
  fanOutRounding: 'nearest',
  wholeUnrolling: 'floor',
  innermostReuse: 'kept',
  cycleSlicing: 'none',
  wordTotals: 'floor',
})

/**
 * Timeloop: halos slide, words are counted one by one, a result that moves up is counted where it arrives only, and a
 * network that branches first along one array dimension and then along the next shares no windows between them. A layer
 * takes as long as its loop nest or its busiest port; filling and draining the array is not counted.
 */
export const timeloopConventions: HierarchicalConventions = Object.freeze({
  ...standardConventions,
  name: 'timeloop',
  inputHalo: 'slides',
  fanOutWindows: 'per-array-dimension',
  outputDrain: 'free',
  cycleSlicing: 'none',
  latencyRule: 'busiest-port',
})

/**
 * nn_dataflow: words are counted one by one; a unit reads and writes its partial sum for every MAC; a row of outputs
 * passes through the register files, which need room for one window and one output of it, even where the partial sums
 * of the whole row wait there for the next channel.
 */
export const nnDataflowConventions: HierarchicalConventions = Object.freeze({
  ...standardConventions,
  name: 'nn-dataflow',
  firstPartialSumRead: 'charged-in-units',
  cycleSlicing: 'none',
  lastSlice: 'part',
  innermostRows: 'streamed',
})

/** The presets by name. */
export const hierarchicalConventions = Object.freeze({
  standard: standardConventions,
  published: publishedConventions,
  timeloop: timeloopConventions,
  zigzag: zigzagConventions,
  'nn-dataflow': nnDataflowConventions,
})
export type HierarchicalConventionsName = keyof typeof hierarchicalConventions
