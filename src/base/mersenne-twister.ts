/**
 * MT19937 (Matsumoto and Nishimura 1998) seeded like CPython's `random.seed(int)`, or, by {@link withWordSeed}, like
 * NumPy's `RandomState(int)`. Only for matching published random streams; new code uses {@link createRng}.
 */
export class MersenneTwister {
  private readonly state = new Uint32Array(624)
  private index = 624

  /** @param seed non-negative integer below 2^53 */
  constructor(seed: number) {
    const key = seed < 2 ** 32 ? [seed >>> 0] : [seed >>> 0, Math.floor(seed / 2 ** 32) >>> 0]
    this.seedByArray(key)
  }

  /** The generator seeded with one 32-bit word (`init_genrand` of the reference implementation). */
  static withWordSeed(seed: number): MersenneTwister {
    const generator = new MersenneTwister(0)
    generator.seedByWord(seed)
    generator.index = 624
    return generator
  }

  private seedByWord(seed: number): void {
    const s = this.state
    s[0] = seed
    for (let i = 1; i < 624; i++) s[i] = Math.imul(1812433253, s[i - 1] ^ (s[i - 1] >>> 30)) + i
  }

  private seedByArray(key: readonly number[]): void {
    const s = this.state
    this.seedByWord(19650218)
    let i = 1
    let j = 0
    for (let k = Math.max(624, key.length); k > 0; k--) {
      s[i] = (s[i] ^ Math.imul(s[i - 1] ^ (s[i - 1] >>> 30), 1664525)) + key[j] + j
      if (++i >= 624) {
        s[0] = s[623]
        i = 1
      }
      if (++j >= key.length) j = 0
    }
    for (let k = 623; k > 0; k--) {
      s[i] = (s[i] ^ Math.imul(s[i - 1] ^ (s[i - 1] >>> 30), 1566083941)) - i
      if (++i >= 624) {
        s[0] = s[623]
        i = 1
      }
    }
    s[0] = 0x80000000
  }

  private refill(): void {
    const s = this.state
    for (let i = 0; i < 624; i++) {
      const y = (s[i] & 0x80000000) | (s[(i + 1) % 624] & 0x7fffffff)
      s[i] = s[(i + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908b0df : 0)
    }
    this.index = 0
  }

  /** Next 32 random bits. */
  uint32(): number {
    if (this.index >= 624) this.refill()
    let y = this.state[this.index++]
    y ^= y >>> 11
    y ^= (y << 7) & 0x9d2c5680
    y ^= (y << 15) & 0xefc60000
    return (y ^ (y >>> 18)) >>> 0
  }

  /** `random.getrandbits(k)` for 1 ≤ k ≤ 32. */
  bits(k: number): number {
    return this.uint32() >>> (32 - k)
  }

  /** `random.random()`: 53-bit double in [0, 1). */
  random(): number {
    const a = this.uint32() >>> 5
    const b = this.uint32() >>> 6
    return (a * 67108864 + b) / 9007199254740992
  }

  /** `random.randrange(n)` by rejection, n ≥ 1: an integer in [0, n). */
  below(n: number): number {
    const k = 32 - Math.clz32(n)
    let r = this.bits(k)
    while (r >= n) r = this.bits(k)
    return r
  }
}
