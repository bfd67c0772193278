/** Loops of one mapping at most. */
export const mostLoops = 64
/** 32 places each: one for the bottom of the nest, which is no loop, and the loops. */
const WORDS = (mostLoops + 32) / 32

/**
 * What lies below each place of the loop nests of a batch: the multiset of its loops, their iterations, and the runs of
 * neighbouring loops that mean the same to an operand. Such runs are read from sets of places in machine words, because
 * where one ends is unpredictable, and a loop over it would be mispredicted each time.
 */
export class NestPrefixes {
  /** [i·lanes + lane]: state (`LoopLattice`) and iterations of the first i loops. */
  readonly states: Int32Array
  readonly cycles: Float64Array
  private readonly lanes: number
  /** [kind]: what such a loop adds to the state; iterations; bit p: it reuses, bit 3 + p: it only renews operand p. */
  private readonly step: Int32Array
  private readonly size: Float64Array
  private readonly meaning: Uint8Array
  /** [(set·WORDS + word)·lanes + lane], set p or 3 + p as in `meaning`: bit i + 1 is set when loop i is in the set. */
  private readonly words: Int32Array

  constructor(mostKinds: number, lanes: number) {
    this.lanes = lanes
    this.states = new Int32Array((mostLoops + 1) * lanes)
    this.cycles = new Float64Array((mostLoops + 1) * lanes).fill(1)
    this.step = new Int32Array(mostKinds)
    this.size = new Float64Array(mostKinds)
    this.meaning = new Uint8Array(mostKinds)
    this.words = new Int32Array(6 * WORDS * lanes)
  }

  /**
   * Says what loops of a kind are.
   * @param reuses bit p: they reuse operand p
   * @param renews bit p: they only bring other data of operand p
   */
  describe(kind: number, step: number, size: number, reuses: number, renews: number): void {
    this.step[kind] = step
    this.size[kind] = size
    this.meaning[kind] = reuses | (renews << 3)
  }

  /** Looks at the nests in the first lanes. @param order [lane·mostLoops + i]: kinds of loops, innermost first */
  read(order: Uint8Array, loopCount: number, count: number): void {
    const { states, cycles, lanes, step, size, meaning, words } = this
    for (let lane = 0; lane < count; lane++) {
      let state = 0
      let iterations = 1
      let loop = 0
      for (let word = 0; word <= (loopCount + 1) >> 5; word++) {
        let reuse0 = 0
        let reuse1 = 0
        let reuse2 = 0
        let renew0 = 0
        let renew1 = 0
        let renew2 = 0
        for (const end = Math.min(loopCount, 32 * word + 31); loop < end;) {
          const kind = order[lane * mostLoops + loop]
          const means = meaning[kind]
          state += step[kind]
          iterations *= size[kind]
          loop++
          states[loop * lanes + lane] = state
          cycles[loop * lanes + lane] = iterations
          reuse0 |= (means & 1) << loop
          reuse1 |= ((means >> 1) & 1) << loop
          reuse2 |= ((means >> 2) & 1) << loop
          renew0 |= ((means >> 3) & 1) << loop
          renew1 |= ((means >> 4) & 1) << loop
          renew2 |= (means >> 5) << loop
        }
        const at = word * lanes + lane
        const set = WORDS * lanes
        words[at] = reuse0
        words[at + set] = reuse1
        words[at + 2 * set] = reuse2
        words[at + 3 * set] = renew0
        words[at + 4 * set] = renew1
        words[at + 5 * set] = renew2
      }
    }
  }

  /** The first place at or above `from` whose loop does not reuse operand p. */
  aboveReuse(p: number, from: number, lane: number): number {
    let place = from + 1
    for (;;) {
      const set = this.words[(p * WORDS + (place >> 5)) * this.lanes + lane] >>> (place & 31)
      // Ones at the low end.
      const run = 32 - Math.clz32(set & ~(set + 1))
      if (run < 32 - (place & 31)) return place + run - 1
      place = (place | 31) + 1
    }
  }

  /** The lowest place of those right below `end` whose loops all reuse operand p; `end` when there are none. */
  belowReuse(p: number, end: number, lane: number): number {
    return this.below(p, end, lane)
  }

  /** Likewise for loops that only renew it. */
  belowRenewal(p: number, end: number, lane: number): number {
    return this.below(3 + p, end, lane)
  }

  private below(set: number, end: number, lane: number): number {
    let place = end
    for (;;) {
      const word = this.words[(set * WORDS + (place >> 5)) * this.lanes + lane]
      // Ones at the high end; the bottom of the nest is none.
      const run = Math.clz32(~(word << (31 - (place & 31))))
      if (run <= (place & 31)) return place - run
      place -= run
    }
  }
}
