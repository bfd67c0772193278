import { primeFactors } from '../../cost/hierarchical/index.js'
import type { LoopDim, TemporalLoop } from '../../model/index.js'

/** Order in which the published search goes through the dimensions; decides ties of the merging only. */
const dimOrder: readonly LoopDim[] = ['B', 'K', 'C', 'G', 'OY', 'OX', 'FY', 'FX']

/**
 * The temporal loops to order: every dimension's iterations split into prime factors, then merged until at most `limit`
 * loops remain (specification §8.2). A limit below the number of dimensions cannot be met and counts as that number.
 */
export function loopFactors(
  temporal: Readonly<Record<LoopDim, number>>,
  limit = Number.POSITIVE_INFINITY,
): TemporalLoop[] {
  const perDim = dimOrder
    .map((dim) => ({ dim, factors: primeFactors(temporal[dim]) }))
    .filter(({ factors }) => factors.length > 0)
  for (;;) {
    const count = perDim.reduce((sum, { factors }) => sum + factors.length, 0)
    const most = perDim.reduce((best, each) => Math.max(best, each.factors.length), 0)
    const widest = perDim.find(({ factors }) => factors.length === most)
    if (count <= limit || widest === undefined || most < 2) break
    widest.factors.sort((a, b) => a - b)
    const [first, second, ...rest] = widest.factors
    widest.factors.splice(0, widest.factors.length, ...rest, first * second)
  }
  return perDim.flatMap(({ dim, factors }) =>
    factors.sort((a, b) => a - b).map((size) => ({ dim, size })),
  )
}
