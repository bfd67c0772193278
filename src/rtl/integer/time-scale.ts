import type { HardwareOptions } from '../hardware-options.js'
import { integerWidths } from './widths.js'

/** Clock of the published accelerators. */
export const CLOCK_HZ = 200e6
/** Part of the signed tick range that deadlines may use; the rest is for what is late. */
const USED_RANGE = 0.9

/**
 * Seconds of a tick: the shortest power of two clocks with which a deadline `horizonS` ahead is still within range.
 * @returns also the exponent, the generator's `tickShift`
 */
export function tickFor(
  options: HardwareOptions,
  horizonS: number,
  clockHz = CLOCK_HZ,
): { readonly seconds: number; readonly shift: number } {
  const ticks = USED_RANGE * 2 ** (integerWidths(options).time - 1)
  const shift = Math.min(24, Math.max(0, Math.ceil(Math.log2((horizonS * clockHz) / ticks))))
  return { seconds: 2 ** shift / clockHz, shift }
}
