/** One byte per element, row-major: 1 where the element is not zero, 0 where it is. */
export type Mask = Uint8Array

/** Where the elements of a tensor are not zero. NaN counts as not zero; callers reject it before. */
export function nonZeroMask(values: ArrayLike<number>): Mask {
  const mask = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) mask[i] = values[i] === 0 ? 0 : 1
  return mask
}

/** Number of ones. */
export function countOnes(mask: Mask): number {
  let ones = 0
  for (let i = 0; i < mask.length; i++) ones += mask[i]
  return ones
}
