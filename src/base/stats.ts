/** Arithmetic mean; NaN for an empty list. */
export function mean(values: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += values[i]
  return sum / values.length
}

/** Sample standard deviation (n − 1 in the denominator); 0 for fewer than two values. */
export function standardDeviation(values: ArrayLike<number>): number {
  if (values.length < 2) return 0
  const m = mean(values)
  let sum = 0
  for (let i = 0; i < values.length; i++) sum += (values[i] - m) ** 2
  return Math.sqrt(sum / (values.length - 1))
}

/** Percentile with linear interpolation between closest ranks (Hyndman-Fan type 7). `sorted` ascending, 0 ≤ p ≤ 100. */
export function percentileOfSorted(sorted: ArrayLike<number>, p: number): number {
  if (sorted.length === 0) return Number.NaN
  const rank = (p / 100) * (sorted.length - 1)
  const low = Math.floor(rank)
  const high = Math.min(low + 1, sorted.length - 1)
  return sorted[low] + (sorted[high] - sorted[low]) * (rank - low)
}

// Two-sided 95 % quantiles of Student's t for 1 … 30 degrees of freedom; beyond that 1.96 + 2.4/df is within 0.1 %.
const T95 = [
  12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.16, 2.145,
  2.131, 2.12, 2.11, 2.101, 2.093, 2.086, 2.08, 2.074, 2.069, 2.064, 2.06, 2.056, 2.052, 2.048,
  2.045, 2.042,
]

/** Half width of the 95 % confidence interval of the mean (Student's t); 0 for fewer than two values. */
export function confidence95(values: ArrayLike<number>): number {
  const n = values.length
  if (n < 2) return 0
  const t = n - 1 <= T95.length ? T95[n - 2] : 1.96 + 2.4 / (n - 1)
  return (t * standardDeviation(values)) / Math.sqrt(n)
}
