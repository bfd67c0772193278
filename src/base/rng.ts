import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A seeded stream of random numbers; the same seed gives the same stream on every machine. */
export interface Rng {
  /** Uniform double in [0, 1) with 53 random bits. */
  next(): number
  /** Uniform integer in [0, n), 1 ≤ n < 2^31. */
  below(n: number): number
  /** Exponential with the given rate (mean 1/rate). */
  exponential(rate: number): number
  /** Standard normal (Marsaglia's polar method). */
  normal(): number
}

/** xoroshiro128+ stream for `seed`; distinct `stream` numbers give independent streams of one seed (one per purpose). */
export function createRng(seed: number, stream = 0): Rng {
  // Spread small seeds over all 32 bits first: neighbouring seeds must not give neighbouring states.
  const mixed = Math.imul((seed | 0) ^ Math.imul(stream + 1, 0x9e3779b1), 0x85ebca6b)
  const generator = xoroshiro128plus(mixed ^ (mixed >>> 15))
  for (let i = 0; i < 8; i++) generator.next()
  let spare = Number.NaN
  const next = (): number => {
    const high = generator.next() >>> 5
    const low = generator.next() >>> 6
    return (high * 67108864 + low) / 9007199254740992
  }
  return {
    next,
    below(n) {
      return Math.floor(next() * n)
    },
    exponential(rate) {
      return -Math.log1p(-next()) / rate
    },
    normal() {
      if (!Number.isNaN(spare)) {
        const value = spare
        spare = Number.NaN
        return value
      }
      for (;;) {
        const u = 2 * next() - 1
        const v = 2 * next() - 1
        const s = u * u + v * v
        if (s >= 1 || s === 0) continue
        const scale = Math.sqrt((-2 * Math.log(s)) / s)
        spare = v * scale
        return u * scale
      }
    },
  }
}
