import type { Mask } from './mask.js'

/**
 * How zeros are arranged in a generated mask. `random`: each element alone; `block4`: four consecutive channels
 * (second dimension) of one position together; `filter`, `channel`: whole slices of the first or second dimension;
 * `row`: whole rows of the last dimension.
 */
export const maskPatterns = ['random', 'block4', 'filter', 'channel', 'row'] as const
export type MaskPattern = (typeof maskPatterns)[number]

/**
 * A reproducible mask without stored bits (specification §F): an element is 1 iff the hash of its group's number is at
 * least `sparsity`·2^32.
 * @param dims up to four sizes, row-major; missing trailing ones count as 1
 */
export function hashMask(
  dims: readonly number[],
  pattern: MaskPattern,
  sparsity: number,
  seed: number,
): Mask {
  const [a, b = 1, h = 1, w = 1] = dims
  const mask = new Uint8Array(a * b * h * w)
  const threshold = Math.floor(sparsity * 2 ** 32)
  let i = 0
  for (let ia = 0; ia < a; ia++) {
    for (let ib = 0; ib < b; ib++) {
      for (let ih = 0; ih < h; ih++) {
        for (let iw = 0; iw < w; iw++, i++) {
          const group = groupNumber(pattern, i, ia, ib, ih, iw, b, h, w)
          mask[i] = mix32((Math.imul(group, 0x9e3779b9) + seed) | 0) >= threshold ? 1 : 0
        }
      }
    }
  }
  return mask
}

function groupNumber(
  pattern: MaskPattern,
  index: number,
  a: number,
  b: number,
  y: number,
  x: number,
  channels: number,
  height: number,
  width: number,
): number {
  switch (pattern) {
    case 'random':
      return index
    case 'block4':
      return ((a * Math.ceil(channels / 4) + (b >> 2)) * height + y) * width + x
    case 'filter':
      return a
    case 'channel':
      return b
    case 'row':
      return b * height + y
  }
}

/** MurmurHash3's 32-bit finaliser. */
export function mix32(value: number): number {
  let h = value | 0
  h ^= h >>> 16
  h = Math.imul(h, 0x85ebca6b)
  h ^= h >>> 13
  h = Math.imul(h, 0xc2b2ae35)
  h ^= h >>> 16
  return h >>> 0
}
