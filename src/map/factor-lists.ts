const divisorCache = new Map<number, readonly number[]>()

/** Divisors of n, ascending. */
export function divisorsOf(n: number): readonly number[] {
  const known = divisorCache.get(n)
  if (known !== undefined) return known
  const small: number[] = []
  const large: number[] = []
  for (let d = 1; d * d <= n; d++) {
    if (n % d !== 0) continue
    small.push(d)
    if (d * d !== n) large.push(n / d)
  }
  const all = Object.freeze([...small, ...large.reverse()])
  divisorCache.set(n, all)
  return all
}

/**
 * All ways to write n as an ordered product of `levels` factors, in the order of the published enumeration: the first
 * factor runs over the divisors ascending, then the next over those of the quotient; the last takes the rest.
 */
export function factorings(n: number, levels: number): readonly (readonly number[])[] {
  if (levels === 1) return [[n]]
  return divisorsOf(n).flatMap((first) =>
    factorings(n / first, levels - 1).map((rest) => [first, ...rest]),
  )
}
