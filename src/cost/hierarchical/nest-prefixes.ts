import { batchMemory, mostLanes, mostLoops } from './batch-memory.js'

const { states, cycles, stationary, below, reusedFrom, renewedFrom } = batchMemory
/** 32 places each: one for the bottom of the nest, which is no loop, and the loops. */
const WORDS = (mostLoops + 32) / 32
/** Loops of nests whose sets of places fit into one word, above which a place stays free. */
const MOST_IN_WORD = 30
/** Kinds of loops that a problem has at most. */
export const mostKinds = 255

/** [kind]: what such a loop adds to the state; iterations; bit p: it reuses, bit 3 + p: it only renews operand p. */
interface KindTable {
  readonly step: Int32Array
  readonly size: Float64Array
  readonly meaning: Uint8Array
}

const { step: stepOf, size: sizeOf, meaning: meaningOf } = kindTable()
/** [(set·WORDS + word)·lanes + lane], set p or 3 + p as in `meaning`: bit i + 1 is set when loop i is in the set. */
const words = new Int32Array(6 * WORDS * mostLanes)

/**
 * What lies below each place of the loop nests of a batch: the multiset of its loops, their iterations, and the runs of
 * neighbouring loops that mean the same to an operand. Such runs are read from sets of places in machine words, because
 * where one ends is unpredictable, and a loop over it would be mispredicted each time.
 */
export class NestPrefixes {
  private readonly lanes: number
  private readonly described: KindTable
  /** Whether the sets of the batch fit into one word each. */
  private isShort = true

  constructor(lanes: number) {
    this.lanes = lanes
    this.described = kindTable()
  }

  /**
   * Says what loops of a kind are. It counts from the next `reset` on.
   * @param reuses bit p: they reuse operand p
   * @param renews bit p: they only bring other data of operand p
   */
  describe(kind: number, step: number, size: number, reuses: number, renews: number): void {
    this.described.step[kind] = step
    this.described.size[kind] = size
    this.described.meaning[kind] = reuses | (renews << 3)
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
        let renew0 = 0
        let renew1 = 0
        let renew2 = 0
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

  /**
   * For each place of `below` the first at or above it whose loop does not reuse operand p: to `stationary` of the memory
   * of the batch, from entry `first` on.
   */
  aboveReuse(p: number, first: number, count: number): void {
    const { lanes } = this
    const own = p * WORDS * lanes
    if (!this.isShort) {
      for (let lane = 0; lane < count; lane++)
        stationary[first + lane] = this.above(p, below[lane], lane)
      return
    }
    for (let lane = 0; lane < count; lane++) {
      const from = below[lane]
      const set = words[own + lane] >> (from + 1)
      stationary[first + lane] = from + 32 - Math.clz32(set & ~(set + 1))
    }
  }

  /**
   * For each place of `stationary` from entry `first` on, the lowest of those right below it whose loops all reuse operand
   * p, and the lowest of those whose loops all only renew it; the place itself where there are none.
   */
  runsBelow(p: number, first: number, count: number): void {
    const { lanes } = this
    if (!this.isShort) {
      for (let lane = 0; lane < count; lane++) {
        reusedFrom[lane] = this.below(p, stationary[first + lane], lane)
        renewedFrom[lane] = this.below(3 + p, stationary[first + lane], lane)
      }
      return
    }
    const reuses = p * WORDS * lanes
    const renews = (3 + p) * WORDS * lanes
    for (let lane = 0; lane < count; lane++) {
      const end = stationary[first + lane]
      const high = 31 - end
      reusedFrom[lane] = end - Math.clz32(~(words[reuses + lane] << high))
      renewedFrom[lane] = end - Math.clz32(~(words[renews + lane] << high))
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

  private below(set: number, end: number, lane: number): number {
    let place = end
    for (;;) {
      const word = words[(set * WORDS + (place >> 5)) * this.lanes + lane]
      // Ones at the high end; the bottom of the nest is none.
      const run = Math.clz32(~(word << (31 - (place & 31))))
      if (run <= (place & 31)) return place - run
      place -= run
    }
  }
}

function kindTable(): KindTable {
  return {
    step: new Int32Array(mostKinds),
    size: new Float64Array(mostKinds),
    meaning: new Uint8Array(mostKinds),
  }
}
