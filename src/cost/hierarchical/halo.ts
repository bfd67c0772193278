import type { LayerOperand, LoopDim, SlidingAxis, TemporalLoop } from '../../model/index.js'
import type { HierarchicalConventions } from './conventions.js'
import { gcd, slidingExtent } from './extent.js'
import type { SpatialLoop } from './spatial-loops.js'

/**
 * How the tile of an input moves on: of `run` transfers that follow one another all but the first bring only the part
 * that the tile before did not hold.
 */
export interface TileSlide {
  readonly run: number
  /** New part over whole tile, 0 … 1. */
  readonly newShare: number
}

/**
 * Positions that the window `strideA·i + strideB·j`, i < a, j < b, shares with the same window moved on by
 * `strideA·a·apart`: by as much as it covers of loop A, times what the array covers of it side by side. Positions whose
 * i leave the same rest modulo strideB (both divided by their common divisor) form an interval; intervals of different
 * rests never meet.
 */
export function windowOverlap(
  strideA: number,
  a: number,
  strideB: number,
  b: number,
  apart: number,
): number {
  const divisor = gcd(strideA, strideB)
  const step = strideA / divisor
  const classes = strideB / divisor
  let shared = 0
  for (let rest = 0; rest < classes && rest < a; rest++) {
    const own = Math.ceil((a - rest) / classes)
    const first = Math.ceil((a * apart - rest) / classes)
    const last = Math.ceil((a * (apart + 1) - rest) / classes)
    if (last > first) shared += Math.max(0, b - step * (first - own + 1))
  }
  return shared
}

/**
 * Share of a tile that is new when it moves on along one loop of a sliding axis.
 * @param output iterations of the axis's output loop in the tile
 * @param kernel of its kernel loop
 * @param apart iterations of `dim` that the array covers beside the tile
 */
export function newShareOf(
  axis: SlidingAxis,
  dim: LoopDim,
  output: number,
  kernel: number,
  apart: number,
  rounding: HierarchicalConventions['extentRounding'],
): number {
  const { stride, dilation } = axis
  const shared =
    dim === axis.output
      ? windowOverlap(stride, output, dilation, kernel, apart)
      : windowOverlap(dilation, kernel, stride, output, apart)
  return 1 - shared / slidingExtent(stride, output, dilation, kernel, rounding)
}

/**
 * Per boundary a, between memory levels a − 1 and a (entry 0, the array, holds nothing), how the tile below it slides;
 * undefined where the loop right above belongs to no sliding axis. A run is that loop and those of the same dimension
 * that follow without another loop or lanes of the array in between.
 * @param spatial loops over the array below each memory level
 * @param stationary temporal loops per memory level, irrelevant ones moved down
 */
export function tileSlides(
  operand: LayerOperand,
  spatial: readonly (readonly SpatialLoop[])[],
  stationary: readonly (readonly TemporalLoop[])[],
  rounding: HierarchicalConventions['extentRounding'],
): (TileSlide | undefined)[] {
  return stationary.map((_, a) => {
    const start = stationary.findIndex((loops, level) => level >= a && loops.length > 0)
    if (a === 0 || start < 0) return undefined
    const { dim } = stationary[start][0]
    const axis = operand.sliding.find((each) => each.output === dim || each.kernel === dim)
    if (axis === undefined) return undefined
    const below = [...stationary.slice(0, a).flat(), ...spatial.slice(0, a).flat()]
    return {
      run: runFrom(dim, start, spatial, stationary),
      newShare: newShareOf(
        axis,
        dim,
        iterationsOf(axis.output, below),
        iterationsOf(axis.kernel, below),
        iterationsOf(dim, spatial.slice(a, start + 1).flat()),
        rounding,
      ),
    }
  })
}

function runFrom(
  dim: LoopDim,
  start: number,
  spatial: readonly (readonly SpatialLoop[])[],
  stationary: readonly (readonly TemporalLoop[])[],
): number {
  let run = 1
  for (let level = start; level < stationary.length; level++) {
    if (level > start && iterationsOf(dim, spatial[level]) > 1) return run
    for (const loop of stationary[level]) {
      if (loop.dim !== dim) return run
      run *= loop.size
    }
  }
  return run
}

function iterationsOf(
  dim: LoopDim,
  loops: readonly { readonly dim: LoopDim; readonly size: number }[],
): number {
  return loops.reduce((product, loop) => (loop.dim === dim ? product * loop.size : product), 1)
}
