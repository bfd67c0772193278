import type { hierarchical } from '../../cost/index.js'
import { loopDims, type LoopDim } from '../../model/index.js'
import type { FactorLattice } from './factor-lattice.js'
import { factorRuns, type FactorRuns } from './factor-runs.js'

/**
 * What an operand saves whose tiles slide: after a cut, a run of n iterations of one sliding loop fetches one whole tile
 * and n − 1 new parts.
 */
export interface SlideTerms {
  /** The operand. */
  readonly p: number
  readonly runs: FactorRuns
  /** [b][top − b], by dimension and state: energy of boundary b if all transfers brought only the new part. */
  readonly newPj: readonly (readonly ReadonlyMap<LoopDim, Float64Array>[])[]
  /** [m]: dimensions that the array spreads below memory level m, which end a run that would go on above. */
  readonly spread: readonly ReadonlySet<LoopDim>[]
  /** [b][state]: least energy of boundary b, whatever follows. */
  readonly leastPj: readonly Float64Array[]
}

/**
 * Tabulates what slides, or undefined when nothing does.
 * @param energyPj [p][b][state] of whole tiles
 */
export function slideTerms(
  terms: hierarchical.BoundaryTerms,
  energyPj: readonly (readonly Float64Array[])[],
  lattice: FactorLattice,
): SlideTerms | undefined {
  const { operands, conventions, temporal } = terms.problem
  const p = operands.findIndex(({ operand }) => operand.sliding.length > 0)
  if (conventions.inputHalo === 'refetched' || p < 0) return undefined
  const { operand, mean, memories } = operands[p]
  const depth = memories.length
  const dims = operand.sliding
    .flatMap((axis) => [axis.output, axis.kernel])
    .filter((dim) => temporal[dim] > 1)
  const spread = mean.loops.map(
    (loops) => new Set(loops.filter((loop) => loop.size > 1).map((loop) => loop.dim)),
  )
  const tile = new Float64Array(loopDims.length)
  const table = (b: number, top: number, dim: LoopDim): Float64Array => {
    const values = new Float64Array(lattice.size)
    for (let s = 0; s < lattice.size; s++) {
      for (let d = 0; d < tile.length; d++) tile[d] = lattice.extent[d]?.[s] ?? 1
      values[s] = terms.slidPj(p, b, tile, dim, top)
    }
    return values
  }
  const newPj = memories.map((_, b) =>
    Array.from({ length: b === 0 ? 0 : depth - b }, (_, above) => {
      const top = b + above
      return new Map(dims.map((dim) => [dim, table(b, top, dim)]))
    }),
  )
  const leastPj = newPj.map((tops, b) =>
    energyPj[p][b].map((whole, s) => {
      let least = whole
      for (const tables of tops) {
        for (const [dim, values] of tables) {
          const left = temporal[dim] / (lattice.extent[loopDims.indexOf(dim)]?.[s] ?? 1)
          if (left > 1) least = Math.min(least, values[s] + (whole - values[s]) / left)
        }
      }
      return least
    }),
  )
  return { p, runs: factorRuns(lattice, dims), newPj, spread, leastPj }
}
