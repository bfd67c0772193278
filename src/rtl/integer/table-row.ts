import {
  EXPONENT_BITS,
  KAPPA_FRACTION_BITS,
  LATENCY_MANTISSA_BITS,
  RECIPROCAL_MANTISSA_BITS,
  SIGMA_FRACTION_BITS,
} from './widths.js'

/** A positive number as mantissa / 16^exponent: the scheduler multiplies by the mantissa and shifts by hexadecimal digits. */
export interface ScaledWord {
  readonly mantissa: number
  readonly exponent: number
}

/** What the scheduler's table holds for one layer of one (model, pattern). */
export interface TableRow {
  /** Sub-ticks of remaining time, this layer included, per unit of the density sum. */
  readonly latency: ScaledWord
  /** Density ratio, in units of 2^-14, per counted non-zero. */
  readonly reciprocal: ScaledWord
  /** Sub-ticks of penalty per tick of waiting and 1/n, with 8 fraction bits. */
  readonly kappa: number
  readonly last: boolean
}

/** What is known of one layer, in the units of the scheduler. */
export interface LayerEstimate {
  /** Average remaining time from this layer on, sub-ticks. */
  readonly remaining: number
  /** Layers executed before this one. */
  readonly executed: number
  /** Average number of non-zero outputs of this layer. */
  readonly expectedNonzeros: number
  /** β × (ticks per second) × 2^fraction / isolated time in ticks: sub-ticks of penalty per tick of waiting. */
  readonly waitingWeight: number
  readonly last: boolean
}

/**
 * Rounds a layer's estimates to the words of the table. The density of a request is the mean over its executed layers,
 * sum / executed; the division is done here, once, in the latency word.
 * @param kappaBits width of κ in the design
 */
export function tableRow(layer: LayerEstimate, kappaBits: number): TableRow {
  return {
    latency: scaledWord(
      layer.remaining / Math.max(1, layer.executed) / 2 ** SIGMA_FRACTION_BITS,
      LATENCY_MANTISSA_BITS,
    ),
    reciprocal: scaledWord(
      layer.expectedNonzeros > 0 ? 2 ** SIGMA_FRACTION_BITS / layer.expectedNonzeros : 0,
      RECIPROCAL_MANTISSA_BITS,
    ),
    kappa: Math.min(2 ** kappaBits - 1, Math.round(layer.waitingWeight * 2 ** KAPPA_FRACTION_BITS)),
    last: layer.last,
  }
}

/** The largest exponent whose mantissa fits, so that as many bits as possible are significant; saturates. */
export function scaledWord(value: number, mantissaBits: number): ScaledWord {
  const limit = 2 ** mantissaBits - 1
  let exponent = 2 ** EXPONENT_BITS - 1
  while (exponent > 0 && Math.round(value * 16 ** exponent) > limit) exponent--
  return { mantissa: Math.min(limit, Math.round(value * 16 ** exponent)), exponent }
}

/** The two 32-bit words of a row, as the host writes them. */
export function tableWords(row: TableRow): readonly [number, number] {
  const word0 =
    row.latency.mantissa +
    row.latency.exponent * 2 ** 17 +
    row.reciprocal.exponent * 2 ** 20 +
    (row.last ? 2 ** 23 : 0) +
    Math.floor(row.kappa / 2 ** 16) * 2 ** 24
  return [word0, row.reciprocal.mantissa + (row.kappa % 2 ** 16) * 2 ** 16]
}
