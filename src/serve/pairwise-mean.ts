/** Sum in the order of numpy's pairwise summation, which published means were made with (exact up to 8192 elements). */
export function pairwiseSum(values: ArrayLike<number>, from = 0, count = values.length): number {
  if (count < 8) {
    let sum = 0
    for (let i = 0; i < count; i++) sum += values[from + i]
    return sum
  }
  if (count > 128) {
    let half = count >> 1
    half -= half % 8
    return pairwiseSum(values, from, half) + pairwiseSum(values, from + half, count - half)
  }
  const r = Array.from({ length: 8 }, (_, i) => values[from + i])
  const whole = count - (count % 8)
  for (let i = 8; i < whole; i += 8) for (let j = 0; j < 8; j++) r[j] += values[from + i + j]
  let sum = r[0] + r[1] + (r[2] + r[3]) + (r[4] + r[5] + (r[6] + r[7]))
  for (let i = whole; i < count; i++) sum += values[from + i]
  return sum
}

/** Mean by {@link pairwiseSum}; NaN for no values. */
export function pairwiseMean(values: ArrayLike<number>): number {
  return pairwiseSum(values) / values.length
}
