import { InputError, createRng } from '../base/index.js'

/**
 * Which weights are removed together. `random`: each alone (unstructured); `block4`: 4 consecutive input channels of one
 * filter position; `filter`: whole output channels; `n:m`: in every m consecutive input channels all but the n largest.
 */
export type PruningPattern =
  | { readonly kind: 'random' | 'filter' }
  | { readonly kind: 'block'; readonly size: number }
  | { readonly kind: 'n:m'; readonly n: number; readonly m: number }

/** Reads a pattern's name: random, filter (or channel), block4, 2:4 …; undefined when it is none. */
export function pruningPattern(name: string): PruningPattern | undefined {
  if (name === 'random' || name === 'unstructured') return { kind: 'random' }
  if (name === 'filter' || name === 'channel') return { kind: 'filter' }
  const block = /^block:?(\d+)$/.exec(name)
  if (block && Number(block[1]) >= 2) return { kind: 'block', size: Number(block[1]) }
  const ratio = /^(\d+):(\d+)$/.exec(name)
  if (ratio) {
    const [n, m] = [Number(ratio[1]), Number(ratio[2])]
    return n >= 1 && n < m ? { kind: 'n:m', n, m } : undefined
  }
  return undefined
}

/** Order of filters × channels × kernel positions in memory: strides of the three. */
export interface WeightOrder {
  readonly filters: number
  readonly channels: number
  readonly positions: number
  readonly filterStep: number
  readonly channelStep: number
  readonly positionStep: number
}

/**
 * Which weights to remove (1 = remove): groups of the pattern with the smallest magnitude first (sum of absolute values),
 * until `sparsity` of the weights are gone; ties by position. With `seed`, groups are chosen at random instead, which
 * separates the effect of the pattern from that of the weights.
 * @throws InputError (E-PRU-001) for a sparsity outside 0 … 1
 */
export function pruneWeights(
  weights: ArrayLike<number>,
  order: WeightOrder,
  pattern: PruningPattern,
  sparsity: number,
  seed?: number,
): Uint8Array {
  if (!(sparsity >= 0 && sparsity < 1)) {
    throw new InputError({
      code: 'E-PRU-001',
      message: `a sparsity of ${sparsity} is asked for, expected 0 or more and less than 1`,
    })
  }
  const remove = new Uint8Array(weights.length)
  if (pattern.kind === 'n:m') {
    keepLargest(weights, order, pattern.n, pattern.m, remove)
    return remove
  }
  const groups = groupNumbers(order, pattern, weights.length)
  const size = new Float64Array(groups.count)
  const members = new Uint32Array(groups.count)
  for (let i = 0; i < weights.length; i++) {
    size[groups.of[i]] += Math.abs(weights[i])
    members[groups.of[i]]++
  }
  if (seed !== undefined) {
    const rng = createRng(seed)
    for (let g = 0; g < size.length; g++) size[g] = rng.next()
  } else {
    // Blocks at the end of a channel range may be smaller: their mean counts.
    for (let g = 0; g < size.length; g++) size[g] /= members[g]
  }
  const ascending = Uint32Array.from(size.keys()).sort((a, b) => size[a] - size[b] || a - b)
  const goal = sparsity * weights.length
  const gone = new Uint8Array(groups.count)
  let removed = 0
  for (const g of ascending) {
    // Up to the nearest whole group, but never the whole layer.
    if (removed + members[g] / 2 > goal || removed + members[g] >= weights.length) break
    gone[g] = 1
    removed += members[g]
  }
  for (let i = 0; i < weights.length; i++) remove[i] = gone[groups.of[i]]
  return remove
}

function groupNumbers(
  order: WeightOrder,
  pattern: Exclude<PruningPattern, { kind: 'n:m' }>,
  length: number,
): { of: Uint32Array; count: number } {
  const of = new Uint32Array(length)
  const { filters, channels, positions } = order
  const blockSize = pattern.kind === 'block' ? pattern.size : 1
  const blocks = Math.ceil(channels / blockSize)
  for (let f = 0; f < filters; f++) {
    for (let c = 0; c < channels; c++) {
      for (let p = 0; p < positions; p++) {
        const i = f * order.filterStep + c * order.channelStep + p * order.positionStep
        of[i] =
          pattern.kind === 'filter' ? f : (f * blocks + Math.floor(c / blockSize)) * positions + p
      }
    }
  }
  return { of, count: pattern.kind === 'filter' ? filters : filters * blocks * positions }
}

function keepLargest(
  weights: ArrayLike<number>,
  order: WeightOrder,
  n: number,
  m: number,
  remove: Uint8Array,
): void {
  for (let f = 0; f < order.filters; f++) {
    for (let p = 0; p < order.positions; p++) {
      for (let c = 0; c + m <= order.channels; c += m) {
        const at = Array.from(
          { length: m },
          (_, i) => f * order.filterStep + (c + i) * order.channelStep + p * order.positionStep,
        ).sort((a, b) => Math.abs(weights[b]) - Math.abs(weights[a]) || a - b)
        for (const i of at.slice(n)) remove[i] = 1
      }
    }
  }
}
