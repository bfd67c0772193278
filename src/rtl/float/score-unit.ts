import { binary16, binary32, floatAdd, floatBits, floatMultiply, type FloatFormat } from './ieee.js'

/** Conventions of the published arithmetic at one width. */
export interface FloatArithmetic {
  readonly format: FloatFormat
  /** Fraction bits of the normalised isolation word. */
  readonly isolationFraction: number
  /** β as a bit pattern. */
  readonly beta: number
}

/** Arithmetic of the FP32 or FP16 build. */
export function floatArithmetic(bits: 16 | 32, beta = 0.01): FloatArithmetic {
  const format = bits === 16 ? binary16 : binary32
  return { format, isolationFraction: bits === 16 ? 8 : 18, beta: floatBits(format, beta) }
}

export interface FloatScoreInput {
  readonly now: number
  readonly lastExecution: number
  readonly deadline: number
  /** Signed fixed point. */
  readonly isolation: number
  /** Bit patterns. */
  readonly latency: number
  readonly gamma: number
}

/** A score with every intermediate of the data path; floating-point values are bit patterns. */
export interface FloatScore {
  readonly wait: number
  readonly slack: number
  readonly penalty: number
  readonly cost: number
  readonly costFloat: number
  readonly weightedCost: number
  readonly estimate: number
  readonly score: number
}

/** (β ⊗ fp(cost)) ⊕ (γ ⊗ L), cost = max(0, deadline − now) + ((now − last) · κ >> F), saturated at both ends. */
export function floatScore(arithmetic: FloatArithmetic, input: FloatScoreInput): FloatScore {
  const { format, isolationFraction: F } = arithmetic
  const W = format.bits
  const wait = signed(input.now - input.lastExecution, W)
  const slack = Math.max(0, signed(input.deadline - input.now, W))
  const product = BigInt(wait) * BigInt(signed(input.isolation, W))
  const penalty = Number(product >> BigInt(F))
  const cost = Math.min(2 ** (W - 1) - 1, Math.max(0, slack + penalty))
  const costFloat = floatBits(format, cost)
  const weightedCost = floatMultiply(format, arithmetic.beta, costFloat)
  const estimate = floatMultiply(format, input.gamma, input.latency)
  const score = floatAdd(format, weightedCost, estimate)
  return { wait, slack, penalty, cost, costFloat, weightedCost, estimate, score }
}

/** Linear rate: (fp(non-zeros) ⊗ 1/outputs) ⊗ 1/(average density), with the measured density on the way. */
export function floatGamma(
  arithmetic: FloatArithmetic,
  nonzeros: number,
  reciprocalShape: number,
  reciprocalDensity: number,
): { readonly count: number; readonly density: number; readonly gamma: number } {
  const { format } = arithmetic
  const count = floatBits(format, nonzeros)
  const density = floatMultiply(format, count, reciprocalShape)
  return { count, density, gamma: floatMultiply(format, density, reciprocalDensity) }
}

function signed(value: number, bits: number): number {
  const half = 2 ** (bits - 1)
  const wrapped = ((value % 2 ** bits) + 2 ** bits) % 2 ** bits
  return wrapped >= half ? wrapped - 2 ** bits : wrapped
}
