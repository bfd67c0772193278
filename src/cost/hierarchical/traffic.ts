import { chargesFirstRead, type HierarchicalConventions } from './conventions.js'
import { roundHalfEven } from './extent.js'
import type { TileSlide } from './halo.js'
import type { OperandNest } from './operand-nest.js'
import type { ProblemOperand, SpatialCounts } from './problem.js'

/** One value per data link of a level, in the order of `linkDirections`: to-low, from-low, to-high, from-high. */
export type PerLink<T = number> = readonly [toLow: T, fromLow: T, toHigh: T, fromHigh: T]

/** What passes one data link of one memory instance again and again: `elements` per period, `count` times. */
export interface LinkTraffic {
  readonly elements: number
  /** Bits per element on this link. */
  readonly bits: number
  readonly periodCycles: number
  readonly count: number
  /** Those of the transfers that bring only the new part of a tile, of so many elements. */
  readonly slid?: { readonly elements: number; readonly count: number }
}

const idle: LinkTraffic = Object.freeze({ elements: 0, bits: 0, periodCycles: 0, count: 0 })

/**
 * The four links of every memory level of an operand (specification §6.1, §6.2). Index of the result: memory level.
 * Traffic of the top memory with the outside is not modelled.
 */
export function operandTraffic(
  { operand, memories }: ProblemOperand,
  counts: SpatialCounts,
  nest: OperandNest,
  conventions: HierarchicalConventions,
): PerLink<LinkTraffic>[] {
  const total = nest.cycles[memories.length]
  // The first visit of a partial sum only initialises it.
  const readBacks = (transfers: number, a: number) =>
    chargesFirstRead(conventions, a - 1)
      ? transfers
      : transfers - transfers / nest.temporalAccumulationsFrom[a]
  const slide = (link: LinkTraffic, a: number): LinkTraffic => {
    const slides = nest.slides[a]
    if (slides === undefined || slides.newShare === 1) return link
    const count = link.count * (1 - 1 / slides.run)
    return { ...link, slid: { elements: link.elements * slides.newShare, count } }
  }
  return memories.map((_, m) => {
    const low = { elements: nest.elements[m] * counts.fanOut[m], periodCycles: nest.cycles[m] }
    const high = { elements: nest.elements[m + 1], periodCycles: nest.cycles[m + 1] }
    const isTop = m === memories.length - 1
    const transfers = (periodCycles: number) => Math.floor(total / periodCycles)
    if (operand.name !== 'output') {
      const toLow = slide({ ...low, bits: operand.bits, count: transfers(low.periodCycles) }, m)
      const fromHigh = slide(
        { ...high, bits: operand.bits, count: transfers(high.periodCycles) },
        m + 1,
      )
      return [toLow, idle, idle, isTop ? idle : fromHigh]
    }
    const lowPartial = nest.partial[m]
    const highPartial = nest.partial[m + 1] ?? false
    const up = {
      ...low,
      bits: lowPartial ? operand.partialBits : operand.bits,
      count: transfers(low.periodCycles),
    }
    const back = { ...up, count: readBacks(up.count, m + 1) }
    const away = {
      ...high,
      bits: highPartial ? operand.partialBits : operand.bits,
      count: transfers(high.periodCycles),
    }
    const returned = { ...away, count: readBacks(away.count, m + 2) }
    return [
      lowPartial && back.count > 0 ? back : idle,
      up,
      isTop ? idle : away,
      highPartial && returned.count > 0 ? returned : idle,
    ]
  })
}

/**
 * Elements that move over each link in the whole layer, of all instances together (specification §6.1: reported, not
 * used for energy): the first visit of a partial sum initialises it and is not read back.
 */
export function elementMoves(
  { operand, memories }: ProblemOperand,
  nest: OperandNest,
  macs: number,
): PerLink[] {
  const elements = macs / nest.reuse[memories.length]
  return memories.map((_, m) => {
    const isTop = m === memories.length - 1
    const low = roundHalfEven((macs / nest.reuse[m]) * movedShare(nest.slides[m]))
    const high = isTop
      ? 0
      : roundHalfEven((macs / nest.reuseOfContent[m + 1]) * movedShare(nest.slides[m + 1]))
    if (operand.name !== 'output') return [low, 0, 0, high]
    const back = roundHalfEven(elements * (nest.accumulationsFrom[m + 1] - 1))
    const returned = isTop ? 0 : roundHalfEven(elements * (nest.accumulationsFrom[m + 2] - 1))
    return [back, low, high, returned]
  })
}

/** Elements that a tile brings on average, over those it has. */
function movedShare(slide: TileSlide | undefined): number {
  return slide === undefined ? 1 : slide.newShare + (1 - slide.newShare) / slide.run
}
