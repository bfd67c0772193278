import { batchMemory, mostLanes, mostLoops } from './batch-memory.js'

const { states, cycles, stationary, here, reusedCycles, renewedCycles } = batchMemory
/** 32 places each: one for the bottom of the nest, which is no loop, and the loops. */
const WORDS = (mostLoops + 32) / 32
/** Loops of nests whose sets of places fit into one word, above which a place stays free. */
const MOST_IN_WORD = 30
/** Kinds of loops that a problem has at most. */
export const mostKinds = 255

/** [kind]: what such a loop adds to the state; iterations; bit p: it reuses operand p, `SLIDES`: tiles slide over it. */
interface KindTable {
  readonly step: Int32Array
  readonly size: Float64Array
  readonly meaning: Uint8Array
}

const { step: stepOf, size: sizeOf, meaning: meaningOf } = kindTable()
/** Number of the set, and of the bit in `meaning`, of the loops over which tiles of an operand slide. */
const SLIDES = 3
/** The bit of the bottom of the nest, which is in no set. */
const BOTTOM = 1
/** [(set·WORDS + word)·lanes + lane], sets as the bits of `meaning`: bit i + 1 is set when loop i is in the set. */
const words = new Int32Array((SLIDES + 1) * WORDS * mostLanes)

/**
 * What lies below each place of the loop nests of a batch: the multiset of its loops, their iterations, and the runs of
 * neighbouring loops that mean the same to an operand. Such runs are read from sets of places in machine words, because
 * where one ends is unpredictable, and a loop over it would be mispredicted each time.
 */
export class NestPrefixes {
  private readonly lanes: number
  /** The operand whose tiles slide; −1: none do. */
  private readonly slider: number
  private readonly described: KindTable
  /** Whether the sets of the batch fit into one word each. */
  private isShort = true

  constructor(lanes: number, slider: number) {
    this.lanes = lanes
    this.slider = slider
    this.described = kindTable()
  }

  /**
   * Says what loops of a kind are. It counts from the next `reset` on.
   * @param reuses bit p: they reuse operand p
   * @param slides tiles slide over them
   */
  describe(kind: number, step: number, size: number, reuses: number, slides: boolean): void {
    this.described.step[kind] = step
    this.described.size[kind] = size
    this.described.meaning[kind] = reuses | (slides ? 1 << SLIDES : 0)
  }

  /** Kinds of loops, and what lies below the first one, in the memory that another kernel may have used. */
  reset(): void {
    states.fill(0, 0, this.lanes)
    cycles.fill(1, 0, this.lanes)
    stepOf.set(this.described.step)
    sizeOf.set(this.described.size)
    meaningOf.set(this.described.meaning)
  }

  /** Looks at the nests in the first lanes. @param order [lane·mostLoops + i]: kinds of loops, innermost first */
  read(order: Uint8Array, loopCount: number, count: number): void {
    const { lanes } = this
    const perLane = mostLoops
    this.isShort = loopCount <= MOST_IN_WORD
    for (let lane = 0; lane < count; lane++) {
      let state = 0
      let iterations = 1
      let loop = 0
      for (let word = 0; word <= (loopCount + 1) >> 5; word++) {
        let reuse0 = 0
        let reuse1 = 0
        let reuse2 = 0
        let slide = 0
        for (const end = Math.min(loopCount, 32 * word + 31); loop < end;) {
          const kind = order[lane * perLane + loop]
          const means = meaningOf[kind]
          state += stepOf[kind]
          iterations *= sizeOf[kind]
          loop++
          states[loop * lanes + lane] = state
          cycles[loop * lanes + lane] = iterations
          reuse0 |= (means & 1) << loop
          reuse1 |= ((means >> 1) & 1) << loop
          reuse2 |= ((means >> 2) & 1) << loop
          slide |= (means >> SLIDES) << loop
        }
        const at = word * lanes + lane
        const set = WORDS * lanes
        words[at] = reuse0
        words[at + set] = reuse1
        words[at + 2 * set] = reuse2
        words[at + SLIDES * set] = slide
      }
    }
  }

  /**
   * Loops that reuse operand p move below a cut: finds the first place at or above it whose loop does not, and the state
   * there. They go to `stationary`, from entry `first` on, and `here` of the memory of the batch.
   * @param cuts [lane·pitch + entry]: loops below the cut
   */
  moveCuts(
    p: number,
    cuts: Int32Array,
    pitch: number,
    entry: number,
    first: number,
    count: number,
  ): void {
    const { lanes } = this
    if (!this.isShort) {
      for (let lane = 0; lane < count; lane++) {
        const place = this.above(p, cuts[lane * pitch + entry], lane)
        stationary[first + lane] = place
        here[lane] = states[place * lanes + lane]
      }
      return
    }
    const own = p * WORDS * lanes
    let cut = entry
    for (let lane = 0; lane < count; lane++) {
      const from = cuts[cut]
      cut += pitch
      const set = words[own + lane] >> (from + 1)
      const place = from + 32 - Math.clz32(set & ~(set + 1))
      stationary[first + lane] = place
      here[lane] = states[place * lanes + lane]
    }
  }

  /**
   * Iterations below the loops right below a boundary that all reuse operand p, and below those that all only renew it: to
   * `reusedCycles` and `renewedCycles` of the memory of the batch.
   * @param first entry of `stationary` from which on the boundary is; `bottom`: of the one where such loops end at the latest
   */
  runsBelow(p: number, first: number, bottom: number, count: number): void {
    const { lanes } = this
    const slides = p === this.slider ? -1 : 0
    if (!this.isShort) {
      for (let lane = 0; lane < count; lane++) {
        const end = stationary[first + lane]
        const from = stationary[bottom + lane]
        const reused = Math.max(from, this.reusedBelow(p, end, lane))
        const renewed = Math.max(from, this.renewedBelow(p, slides, end, lane))
        reusedCycles[lane] = cycles[reused * lanes + lane]
        renewedCycles[lane] = cycles[renewed * lanes + lane]
      }
      return
    }
    const reuses = p * WORDS * lanes
    const sliding = SLIDES * WORDS * lanes
    for (let lane = 0; lane < count; lane++) {
      const end = stationary[first + lane]
      const above = -2 << stationary[bottom + lane]
      const set = words[reuses + lane]
      const others = set | (words[sliding + lane] & slides)
      const reused = end - onesBelow(set & above, end)
      const renewed = end - onesBelow(~others & above, end)
      reusedCycles[lane] = cycles[reused * lanes + lane]
      renewedCycles[lane] = cycles[renewed * lanes + lane]
    }
  }

  private above(p: number, from: number, lane: number): number {
    let place = from + 1
    for (;;) {
      const set = words[(p * WORDS + (place >> 5)) * this.lanes + lane] >>> (place & 31)
      // Ones at the low end.
      const run = 32 - Math.clz32(set & ~(set + 1))
      if (run < 32 - (place & 31)) return place + run - 1
      place = (place | 31) + 1
    }
  }

  /** The lowest place of those right below another one whose loops all reuse operand p. */
  private reusedBelow(p: number, end: number, lane: number): number {
    const own = p * WORDS
    let place = end
    for (;;) {
      const run = onesBelow(words[(own + (place >> 5)) * this.lanes + lane], place & 31)
      if (run <= (place & 31)) return place - run
      place -= run
    }
  }

  /** The lowest place of those right below another one whose loops all only renew operand p. */
  private renewedBelow(p: number, slides: 0 | -1, end: number, lane: number): number {
    const own = p * WORDS
    const sliding = SLIDES * WORDS
    let place = end
    for (;;) {
      const word = place >> 5
      const reused = words[(own + word) * this.lanes + lane]
      const slid = words[(sliding + word) * this.lanes + lane] & slides
      const run = onesBelow(~(reused | slid | (word === 0 ? BOTTOM : 0)), place & 31)
      if (run <= (place & 31)) return place - run
      place -= run
    }
  }
}

/** How many bits of a word at and right below a bit are ones. */
function onesBelow(word: number, bit: number): number {
  return Math.clz32(~(word << (31 - bit)))
}

function kindTable(): KindTable {
  return {
    step: new Int32Array(mostKinds),
    size: new Float64Array(mostKinds),
    meaning: new Uint8Array(mostKinds),
  }
}
