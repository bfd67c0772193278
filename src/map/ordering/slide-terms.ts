import { hierarchical } from '../../cost/index.js'
import { loopDims, type LoopDim } from '../../model/index.js'
import type { FactorLattice } from './factor-lattice.js'
import { factorRuns, type FactorRuns } from './factor-runs.js'

/**
 * What it costs to move an operand whose tiles slide: after a cut, a run of n iterations of one sliding loop fetches one
 * whole tile and n − 1 new parts. `width` costs stand side by side: index `state · width + k`.
 */
export interface SlidingCost {
  /** [b][top − b], by dimension: boundary b if all transfers brought only the new part and the run began in level `top`. */
  readonly fresh: readonly (readonly ReadonlyMap<LoopDim, Float64Array>[])[]
  /** [b]: least cost of boundary b, whatever follows. */
  readonly least: readonly Float64Array[]
}

/** The operand whose tiles slide. */
export interface SlideTerms {
  readonly p: number
  readonly runs: FactorRuns
  /** [m]: dimensions that the array spreads below memory level m, which end a run that would go on above. */
  readonly spread: readonly ReadonlySet<LoopDim>[]
  readonly energyPj: SlidingCost
}

/** Writes what boundary b costs at a state if only what is new when `dim` moves on were fetched, beside `apart` lanes of it. */
type Freshen = (b: number, s: number, dim: LoopDim, apart: number, values: Float64Array) => void

/**
 * Tabulates what slides, or undefined when nothing does.
 * @param energyPj [p][b][state] of whole tiles
 */
export function slideTerms(
  terms: hierarchical.BoundaryTerms,
  energyPj: readonly (readonly Float64Array[])[],
  lattice: FactorLattice,
): SlideTerms | undefined {
  const { problem } = terms
  const { operands, conventions } = problem
  const p = operands.findIndex(({ operand }) => operand.sliding.length > 0)
  if (conventions.inputHalo === 'refetched' || p < 0) return undefined
  const spread = operands[p].mean.loops.map(
    (loops) => new Set(loops.filter((loop) => loop.size > 1).map((loop) => loop.dim)),
  )
  const tile = new Float64Array(loopDims.length)
  const freshen: Freshen = (b, s, dim, apart, values) => {
    for (let d = 0; d < tile.length; d++) tile[d] = lattice.extent[d]?.[s] ?? 1
    values[s] = terms.slidPj(p, b, tile, dim, apart)
  }
  return {
    p,
    runs: factorRuns(lattice, slidingDims(problem, p)),
    spread,
    energyPj: slidingCost(problem, p, lattice, energyPj[p], 'mean', freshen),
  }
}

/**
 * Tabulates a cost of operand p that is proportional to what it moves, as `slideTerms` does for energy: whole positions of
 * the array count, as they do for cycles.
 * @param whole [b][state · width + k] of whole tiles
 */
export function slidingShare(
  problem: hierarchical.HierarchicalProblem,
  p: number,
  lattice: FactorLattice,
  whole: readonly Float64Array[],
): SlidingCost {
  const { operand, whole: counts } = problem.operands[p]
  const { extentRounding } = problem.conventions
  const freshen: Freshen = (b, s, dim, apart, values) => {
    const axis = operand.sliding.find((each) => each.output === dim || each.kernel === dim)
    if (axis === undefined) return
    const covered = (which: LoopDim): number =>
      lanes(counts.loops.slice(0, b), which) * (lattice.extent[loopDims.indexOf(which)]?.[s] ?? 1)
    const share = hierarchical.newShareOf(
      axis,
      dim,
      covered(axis.output),
      covered(axis.kernel),
      apart,
      extentRounding,
    )
    const width = values.length / lattice.size
    for (let i = s * width; i < (s + 1) * width; i++) values[i] = whole[b][i] * share
  }
  return slidingCost(problem, p, lattice, whole, 'whole', freshen)
}

function slidingCost(
  problem: hierarchical.HierarchicalProblem,
  p: number,
  lattice: FactorLattice,
  whole: readonly Float64Array[],
  use: 'mean' | 'whole',
  freshen: Freshen,
): SlidingCost {
  const { temporal } = problem
  const { loops } = problem.operands[p][use]
  const least = whole.map((table) => table.slice())
  /** Fills the table of one way to slide, and lowers `least` by it. No move is left in the last states of a loop. */
  const table = (b: number, dim: LoopDim, apart: number): Float64Array => {
    const values = whole[b].slice()
    const width = values.length / lattice.size
    const extent = lattice.extent[loopDims.indexOf(dim)]
    for (let s = 0; s < lattice.size; s++) {
      const left = temporal[dim] / (extent?.[s] ?? 1)
      if (left === 1) continue
      freshen(b, s, dim, apart, values)
      for (let i = s * width; i < (s + 1) * width; i++) {
        const some = values[i] + (whole[b][i] - values[i]) / left
        if (some < least[b][i]) least[b][i] = some
      }
    }
    return values
  }
  const dims = slidingDims(problem, p)
  const depth = whole.length
  const fresh = whole.map((_, b) => {
    const tables = new Map<string, Float64Array>()
    const shared = (dim: LoopDim, top: number): Float64Array => {
      const apart = lanes(loops.slice(b, top + 1), dim)
      const key = `${dim} ${apart}`
      const known = tables.get(key) ?? table(b, dim, apart)
      tables.set(key, known)
      return known
    }
    return Array.from(
      { length: b === 0 ? 0 : depth - b },
      (_each, above) => new Map(dims.map((dim) => [dim, shared(dim, b + above)])),
    )
  })
  return { fresh, least }
}

function slidingDims({ operands, temporal }: hierarchical.HierarchicalProblem, p: number) {
  return operands[p].operand.sliding
    .flatMap((axis) => [axis.output, axis.kernel])
    .filter((dim) => temporal[dim] > 1)
}

/** Iterations of a loop over the array. */
function lanes(levels: hierarchical.SpatialCounts['loops'], dim: LoopDim): number {
  return levels
    .flat()
    .reduce((product, loop) => (loop.dim === dim ? product * loop.size : product), 1)
}
