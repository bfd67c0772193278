import type { TensorValue } from '../runtime.js'

/**
 * Symmetric linear quantisation of a whole tensor, as Sanger quantises queries and keys (specification §D.1): scale =
 * (2^(bits−1) − 1) / max|x|, rounded half to even, clamped. Returned in units of the tensor, so that products need no
 * scale of their own.
 */
export function quantise({ dims, data }: TensorValue, bits: number): TensorValue {
  const levels = 2 ** (bits - 1) - 1
  let largest = 0
  for (const value of data) largest = Math.max(largest, Math.abs(value))
  if (largest === 0) return { dims, data }
  const step = largest / levels
  return {
    dims,
    data: data.map((value) => {
      const level = roundHalfEven(value / step)
      return Math.min(levels, Math.max(-levels, level)) * step
    }),
  }
}

function roundHalfEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest === 0.5) return below % 2 === 0 ? below : below + 1
  return rest < 0.5 ? below : below + 1
}
