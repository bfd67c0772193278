import type { HardwareOptions } from '../hardware-options.js'
import type { ScaledWord } from './table-row.js'
import {
  DURATION_BITS,
  integerWidths,
  KAPPA_FRACTION_BITS,
  SHARE_FRACTION_BITS,
  SIGMA_BITS,
  type IntegerWidths,
} from './widths.js'

const DURATION_MAX = 2 ** DURATION_BITS - 1
const SIGMA_MAX = 2 ** SIGMA_BITS - 1

/** What the score pipeline sees of one request at one tick. All values are unsigned hardware words. */
export interface ScoreInput {
  /** Estimated remaining time, sub-ticks (24 bits, saturated). */
  readonly remaining: number
  /** Ticks to the deadline modulo 2^time. */
  readonly slack: number
  /** The deadline has passed, now or before. */
  readonly late: boolean
  /** Policy's age word: ticks of waiting, of executing, or since arrival; saturated. */
  readonly age: number
  readonly kappa: number
  /** Word of 1/n. */
  readonly share: number
}

/** Factor × word, whole hexadecimal digits shifted away, saturated to 24 bits. Every product stays below 2^53. */
export function scaledProduct(factor: number, word: ScaledWord): number {
  return Math.min(DURATION_MAX, Math.floor((factor * word.mantissa) / 16 ** word.exponent))
}

/** Density sum after one more layer: the first measurement replaces the initial 1. */
export function nextSigma(sigma: number, first: boolean, measured: number): number {
  return Math.min(SIGMA_MAX, first ? measured : sigma + measured)
}

/** The score word of a request, bit for bit what the pipeline computes; the smallest score runs. */
export function scoreWord(options: HardwareOptions): (input: ScoreInput) => number {
  const w = integerWidths(options)
  switch (options.policy) {
    case 'dysta':
      return (input) => dystaScore(w, input)
    case 'fs':
      return (input) => feasibilityScore(w, input)
    case 'sjf':
      return (input) => input.remaining
    case 'edf':
      return (input) => deadlineScore(w, input)
    case 'fcfs':
      return (input) => DURATION_MAX - input.age * 2 ** w.fraction
  }
}

/** R + β·max(0, slack − R) + (wait·κ)·(1/n). */
function dystaScore(w: IntegerWidths, input: ScoreInput): number {
  const laxity = input.late ? 0 : Math.max(0, input.slack * 2 ** w.fraction - input.remaining)
  const urgency = Math.floor((laxity * w.betaMantissa) / 2 ** w.betaShift)
  const waiting = Math.min(
    DURATION_MAX,
    Math.floor((input.age * input.kappa) / 2 ** KAPPA_FRACTION_BITS),
  )
  const penalty = Math.floor((waiting * input.share) / 2 ** SHARE_FRACTION_BITS)
  return input.remaining + penalty + urgency
}

/** Class bit (cannot meet its deadline), then remaining × total time. */
function feasibilityScore(w: IntegerWidths, input: ScoreInput): number {
  const late = input.late || input.slack * 2 ** w.fraction < input.remaining
  const total = Math.min(DURATION_MAX, input.age * 2 ** w.fraction + input.remaining)
  return (late ? 2 ** 41 : 0) + input.remaining * Math.floor(total / 2 ** (DURATION_BITS - 17))
}

/** Signed slack with its sign inverted; a deadline so long past that the distance wrapped around counts as the oldest. */
function deadlineScore(w: IntegerWidths, input: ScoreInput): number {
  const half = 2 ** (w.time - 1)
  const negative = input.slack >= half
  const biased = input.late
    ? negative
      ? input.slack - half
      : 0
    : half + (negative ? input.slack - half : input.slack)
  return biased * 2 ** w.fraction
}

/** Word of 1/n; 0 stands for a full memory. */
export function shareWord(n: number, slots: number): number {
  const within = n % slots
  return Math.round(2 ** SHARE_FRACTION_BITS / (within === 0 ? slots : within))
}
