/** A binary floating-point format as the scheduler's units implement it: no subnormals, no NaN. */
export interface FloatFormat {
  readonly bits: 16 | 32
  readonly exponentBits: number
  readonly fractionBits: number
}

export const binary16: FloatFormat = Object.freeze({ bits: 16, exponentBits: 5, fractionBits: 10 })
export const binary32: FloatFormat = Object.freeze({ bits: 32, exponentBits: 8, fractionBits: 23 })

/** Value of a bit pattern; subnormals read as zero of their sign. */
export function floatValue(format: FloatFormat, bits: number): number {
  const { exponentBits, fractionBits } = format
  const fraction = bits % 2 ** fractionBits
  const exponent = Math.floor(bits / 2 ** fractionBits) % 2 ** exponentBits
  const sign = Math.floor(bits / 2 ** (fractionBits + exponentBits)) === 1 ? -1 : 1
  if (exponent === 0) return sign < 0 ? -0 : 0
  if (exponent === 2 ** exponentBits - 1) return sign * Number.POSITIVE_INFINITY
  const bias = 2 ** (exponentBits - 1) - 1
  return sign * (1 + fraction / 2 ** fractionBits) * 2 ** (exponent - bias)
}

/** Bit pattern of a double, rounded to nearest even; overflow gives infinity, a result below the normal range zero. */
export function floatBits(format: FloatFormat, value: number): number {
  const { exponentBits, fractionBits } = format
  const sign = value < 0 || Object.is(value, -0) ? 2 ** (fractionBits + exponentBits) : 0
  const bias = 2 ** (exponentBits - 1) - 1
  const infinity = (2 ** exponentBits - 1) * 2 ** fractionBits
  const rounded = roundToBits(Math.abs(value), fractionBits + 1)
  if (rounded < 2 ** (1 - bias)) return sign
  if (rounded >= 2 ** (bias + 1)) return sign + infinity
  const exponent = exponentOf(rounded)
  const fraction = (rounded / 2 ** exponent - 1) * 2 ** fractionBits
  return sign + (exponent + bias) * 2 ** fractionBits + fraction
}

/** Product of two bit patterns. Zero times infinity is zero: a request without remaining work has no remaining time. */
export function floatMultiply(format: FloatFormat, a: number, b: number): number {
  const x = floatValue(format, a)
  const y = floatValue(format, b)
  if (x !== 0 && y !== 0) return floatBits(format, x * y)
  const negative = signBit(format, a) !== signBit(format, b)
  return negative ? 2 ** (format.bits - 1) : 0
}

/** Sum of two bit patterns that are not negative. */
export function floatAdd(format: FloatFormat, a: number, b: number): number {
  return floatBits(format, floatValue(format, a) + floatValue(format, b))
}

function signBit(format: FloatFormat, bits: number): number {
  return Math.floor(bits / 2 ** (format.bits - 1))
}

/** x ≥ 0 rounded to a number of significant bits, ties to even; the exponent is unbounded. */
function roundToBits(x: number, bits: number): number {
  if (x === 0 || !Number.isFinite(x)) return x
  const unit = 2 ** (exponentOf(x) - bits + 1)
  const scaled = x / unit
  const down = Math.floor(scaled)
  const rest = scaled - down
  const up = rest > 0.5 || (rest === 0.5 && down % 2 === 1)
  return (down + (up ? 1 : 0)) * unit
}

function exponentOf(x: number): number {
  const exponent = Math.floor(Math.log2(x))
  // log2 may round up to the next integer just below a power of two.
  return 2 ** exponent > x ? exponent - 1 : 2 ** (exponent + 1) <= x ? exponent + 1 : exponent
}
