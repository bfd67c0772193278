import { timeloopConventions } from '../../src/cost/hierarchical/index.js'
import type { HierarchicalSearch } from '../../src/map/hierarchical/index.js'
import type { SpatialUnrolling, TemporalLoop, UnevenMapping } from '../../src/model/index.js'
import type { TimeloopCase } from './timeloop-cases.js'

/** Unrollings of the free machine to look at: more than there are. */
const everyUnrolling = 2000

/** The exact search of a case: over a space that contains Timeloop's. */
export function exactSearch(golden: TimeloopCase): HierarchicalSearch {
  return {
    search: 'optimal',
    metric: golden.objective,
    lpfLimit: 0,
    spatial: golden.machine === 'eye' ? rowStationaryUnrollings(golden) : everyUnrolling,
    conventions: timeloopConventions,
  }
}

/** Divisors of n that are at most `max`, ascending. */
function divisors(n: number, max: number): number[] {
  return Array.from({ length: Math.min(n, Math.floor(max)) }, (_, i) => i + 1).filter(
    (d) => n % d === 0,
  )
}

/** Every unrolling that the row-stationary constraints allow: Q and K along X; S whole, C and K along Y. */
export function rowStationaryUnrollings({ dims }: TimeloopCase): SpatialUnrolling[] {
  return divisors(dims.Q, 16).flatMap((q) =>
    divisors(dims.K, 16 / q).flatMap((kx) =>
      divisors(dims.C, 16 / dims.S).flatMap((c) =>
        divisors(dims.K / kx, 16 / dims.S / c).map((ky) =>
          [
            { arrayDimension: 'Y', dim: 'FX' as const, factor: dims.S },
            { arrayDimension: 'Y', dim: 'C' as const, factor: c },
            { arrayDimension: 'Y', dim: 'K' as const, factor: ky },
            { arrayDimension: 'X', dim: 'OX' as const, factor: q },
            { arrayDimension: 'X', dim: 'K' as const, factor: kx },
          ].filter((each) => each.factor > 1),
        ),
      ),
    ),
  )
}

/**
 * Every temporal mapping of one unrolling that the row-stationary constraints allow and the register files hold:
 * K in the partial sums' registers; C, then R whole in the others; P whole, then K below the global buffer; C, K, Q
 * below DRAM.
 */
export function rowStationaryMappings(
  { dims }: TimeloopCase,
  spatial: SpatialUnrolling,
): UnevenMapping[] {
  const left = (dim: string, size: number) =>
    spatial.reduce((rest, each) => (each.dim === dim ? rest / each.factor : rest), size)
  const k = left('K', dims.K)
  const c = left('C', dims.C)
  const q = left('OX', dims.Q)
  return divisors(k, 16).flatMap((registers) =>
    divisors(c, Math.min(192 / dims.R / registers, 12 / dims.R)).flatMap((channels) =>
      divisors(k / registers, k).map((buffered): UnevenMapping => {
        const inner: TemporalLoop[] = [{ dim: 'K', size: registers }]
        const middle: TemporalLoop[] = [
          { dim: 'C', size: channels },
          { dim: 'FY', size: dims.R },
        ]
        const buffer: TemporalLoop[] = [
          { dim: 'OY', size: dims.P },
          { dim: 'K', size: buffered },
        ]
        const outer: TemporalLoop[] = [
          { dim: 'C', size: c / channels },
          { dim: 'K', size: k / registers / buffered },
          { dim: 'OX', size: q },
        ]
        const loops = [inner, middle, buffer, outer].map((each) =>
          each.filter((loop) => loop.size > 1),
        )
        const end = (levels: number) => loops.slice(0, levels).flat().length
        return {
          kind: 'uneven-mapping',
          spatial,
          loops: loops.flat(),
          cuts: {
            output: [end(1), end(3), end(4)],
            weight: [end(2), end(4)],
            input: [end(2), end(3), end(4)],
          },
        }
      }),
    ),
  )
}
