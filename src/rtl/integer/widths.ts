import type { HardwareOptions } from '../hardware-options.js'

/** Bits of a score's integer and fraction part together: a duration in sub-ticks. */
export const DURATION_BITS = 24
/** Fraction bits of the density sum Σρ, which is Q8.14. */
export const SIGMA_FRACTION_BITS = 14
export const SIGMA_BITS = 22
/** Mantissa of a latency word; a word's value is mantissa / 16^exponent. */
export const LATENCY_MANTISSA_BITS = 17
export const RECIPROCAL_MANTISSA_BITS = 16
export const EXPONENT_BITS = 3
/** The waiting weight κ is unsigned fixed point with this many fraction bits. */
export const KAPPA_FRACTION_BITS = 8
/** 1/n is stored as round(2^16 / n). */
export const SHARE_FRACTION_BITS = 16
/** β is stored as mantissa · 2^-BETA_SHIFT with a mantissa of up to 17 bits. */
export const BETA_MANTISSA_BITS = 17
/** The monitor's counter saturates here. */
export const COUNT_BITS = 24

/** Every width of the integer design that depends on the options. */
export interface IntegerWidths {
  /** Bits of a time in ticks. */
  readonly time: number
  /** A tick is 2^fraction sub-ticks, the unit of durations and scores. */
  readonly fraction: number
  /** Bits of a position in the record memory, and of a request's tag. */
  readonly position: number
  readonly row: number
  readonly score: number
  /** Bits of κ: a time times κ stays within one DSP block. */
  readonly kappa: number
  readonly accelerator: number
  readonly betaMantissa: number
  readonly betaShift: number
}

/** @returns the widths that follow from the options */
export function integerWidths(options: HardwareOptions): IntegerWidths {
  const time = options.format === 'int20' ? 20 : 16
  const { mantissa, shift } = betaWord(options.beta)
  return {
    time,
    fraction: DURATION_BITS - time,
    position: Math.log2(options.slots),
    row: Math.log2(options.rows),
    score: options.policy === 'fs' ? 42 : options.policy === 'dysta' ? 26 : DURATION_BITS,
    kappa: 36 - time,
    accelerator: Math.max(1, Math.ceil(Math.log2(options.accelerators))),
    betaMantissa: mantissa,
    betaShift: shift,
  }
}

/** Largest shift whose mantissa still fits, so that a small β keeps 16 significant bits. */
function betaWord(beta: number): { mantissa: number; shift: number } {
  if (beta === 0) return { mantissa: 0, shift: 16 }
  let shift = 16
  while (shift < 30 && Math.round(beta * 2 ** (shift + 1)) < 2 ** BETA_MANTISSA_BITS) shift++
  return { mantissa: Math.round(beta * 2 ** shift), shift }
}
