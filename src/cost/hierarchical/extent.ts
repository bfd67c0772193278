import type { HierarchicalConventions } from './conventions.js'

/** Greatest common divisor. */
export function gcd(a: number, b: number): number {
  if (a === 1 || b === 1) return 1
  return b === 0 ? a : gcd(b, a % b)
}

/**
 * Number of distinct positions `strideA·a + strideB·b`, a < A, b < B (specification §3.2). A and B may be fractional:
 * averages over full and partial passes. The formula is linear in each of them, so its unrounded value is the exact mean.
 */
export function slidingExtent(
  strideA: number,
  a: number,
  strideB: number,
  b: number,
  rounding: HierarchicalConventions['extentRounding'],
): number {
  const divisor = gcd(strideA, strideB)
  if (rounding === 'truncate') {
    return Math.trunc(a * b - Math.max(0, b - strideA / divisor) * (a - strideB / divisor))
  }
  return a * b - Math.max(0, b - strideA / divisor) * Math.max(0, a - strideB / divisor)
}

/** Rounds to the nearest integer, halves to the even one. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return Math.round(value)
  return floor % 2 === 0 ? floor : floor + 1
}

/** Slices that a transfer touches and pays for. */
export function paidSlices(slices: number, conventions: HierarchicalConventions): number {
  return conventions.lastSlice === 'part' ? slices : Math.ceil(slices * ceilFactor(conventions))
}

/** Factor to apply before rounding up: below 1 it makes `10.000000000000002` ten and not eleven. */
export function ceilFactor({ roundingNoise }: HierarchicalConventions): number {
  return roundingNoise === 'absorbed' ? 1 - 1e-12 : 1
}
