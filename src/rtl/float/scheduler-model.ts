import { floatBits } from './ieee.js'
import { floatGamma, floatScore, type FloatArithmetic, type FloatScore } from './score-unit.js'

/** Clocks from a completion to the clock value with which the first waiting request is scored. */
export const FIRST_SCORE_CLOCKS = 10
/** Clocks from a completion to the next start: this many, and two for each request in the queue. */
export const FLOAT_DECISION_CLOCKS = 23
/** The first decision after the queue was empty: this many, and one for each request. */
export const FLOAT_FIRST_CLOCKS = 2

/** Table words of one layer: bit patterns, and the isolation word as signed fixed point. */
export interface FloatTableRow {
  readonly latency: number
  readonly reciprocalDensity: number
  readonly reciprocalShape: number
  readonly isolation: number
}

export interface FloatSubmission {
  readonly slot: number
  readonly rows: readonly FloatTableRow[]
  readonly deadline: number
  /** Bit pattern of the host's initial score. */
  readonly score: number
  /** Clock in which the deadline was written. */
  readonly now: number
}

interface FloatSlot {
  readonly rows: readonly FloatTableRow[]
  readonly deadline: number
  score: number
  gamma: number
  lastExecution: number
  layer: number
}

export interface Rescore extends FloatScore {
  readonly slot: number
  readonly now: number
  readonly lastExecution: number
  readonly layer: number
}

/** The published scheduler, repaired: last-one density, two passes, ties to the lowest queue index. */
export class FloatSchedulerModel {
  private readonly arithmetic: FloatArithmetic
  private readonly slots = new Map<number, FloatSlot>()
  private readonly order: number[] = []

  constructor(arithmetic: FloatArithmetic) {
    this.arithmetic = arithmetic
  }

  /** Slot numbers in queue order. */
  get queue(): readonly number[] {
    return this.order
  }

  submit(request: FloatSubmission): void {
    this.slots.set(request.slot, {
      rows: request.rows,
      deadline: request.deadline,
      score: request.score,
      gamma: floatBits(this.arithmetic.format, 1),
      lastExecution: request.now,
      layer: 0,
    })
    this.order.push(request.slot)
  }

  scoreOf(slot: number): number {
    return this.slot(slot).score
  }

  layerOf(slot: number): number {
    return this.slot(slot).layer
  }

  /** Layers of the slot's network; its table has one more, empty row. */
  layersOf(slot: number): number {
    return this.slot(slot).rows.length - 1
  }

  /** The slot with the smallest score; bit patterns of scores that are not negative compare like integers. */
  select(): number | undefined {
    let best: number | undefined
    for (const slot of this.order)
      if (best === undefined || this.slot(slot).score < this.slot(best).score) best = slot
    return best
  }

  /**
   * End of a layer at clock `now`: measures the density, removes a finished request, scores the queue.
   * @returns the linear rate as bit pattern, and what was scored in queue order
   */
  finish(
    slot: number,
    nonzeros: number,
    now: number,
    lastLayer: boolean,
  ): { readonly gamma: number; readonly rescored: readonly Rescore[] } {
    const active = this.slot(slot)
    const row = active.rows[active.layer]
    const { gamma } = floatGamma(
      this.arithmetic,
      nonzeros,
      row.reciprocalShape,
      row.reciprocalDensity,
    )
    active.gamma = gamma
    active.lastExecution = now
    active.layer++
    if (lastLayer) this.remove(slot)
    const rescored = this.order.map((id, index) =>
      this.rescore(id, now + FIRST_SCORE_CLOCKS + index),
    )
    return { gamma, rescored }
  }

  private rescore(id: number, now: number): Rescore {
    const slot = this.slot(id)
    const row = slot.rows[slot.layer]
    const result = floatScore(this.arithmetic, {
      now,
      lastExecution: slot.lastExecution,
      deadline: slot.deadline,
      isolation: row.isolation,
      latency: row.latency,
      gamma: slot.gamma,
    })
    slot.score = result.score
    const { lastExecution, layer } = slot
    return { ...result, slot: id, now, lastExecution, layer }
  }

  private remove(slot: number): void {
    const hole = this.order.indexOf(slot)
    const moved = this.order.pop()
    if (moved !== undefined && moved !== slot) this.order[hole] = moved
    this.slots.delete(slot)
  }

  private slot(id: number): FloatSlot {
    const slot = this.slots.get(id)
    if (slot === undefined) throw new RangeError(`slot ${id} holds no request`)
    return slot
  }
}
