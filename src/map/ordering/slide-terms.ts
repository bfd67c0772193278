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
  const leastPj = energyPj[p].map((whole) => whole.slice())
  /** Fills the table of one way to slide, and lowers `leastPj` by it. No move is left in the last states of a loop. */
  const table = (b: number, dim: LoopDim, apart: number): Float64Array => {
    const values = energyPj[p][b].slice()
    const extent = lattice.extent[loopDims.indexOf(dim)]
    for (let s = 0; s < lattice.size; s++) {
      const left = temporal[dim] / (extent?.[s] ?? 1)
      if (left === 1) continue
      for (let d = 0; d < tile.length; d++) tile[d] = lattice.extent[d]?.[s] ?? 1
      const slid = terms.slidPj(p, b, tile, dim, apart)
      const least = slid + (values[s] - slid) / left
      values[s] = slid
      if (least < leastPj[b][s]) leastPj[b][s] = least
    }
    return values
  }
  const newPj = memories.map((_, b) => {
    const tables = new Map<string, Float64Array>()
    const shared = (dim: LoopDim, top: number): Float64Array => {
      const apart = terms.lanesBetween(p, b, dim, top)
      const key = `${dim} ${apart}`
      const known = tables.get(key) ?? table(b, dim, apart)
      tables.set(key, known)
      return known
    }
    return Array.from(
      { length: b === 0 ? 0 : depth - b },
      (_, above) => new Map(dims.map((dim) => [dim, shared(dim, b + above)])),
    )
  })
  return { p, runs: factorRuns(lattice, dims), newPj, spread, leastPj }
}
