import type { LayerOperandName } from './layer-operand.js'
import type { LoopDim } from './loop-dims.js'
import type { Bypass } from './memory-hierarchy.js'
import type { SpatialUnrolling } from './spatial-unrolling.js'

/** One temporal loop. */
export interface TemporalLoop {
  readonly dim: LoopDim
  readonly size: number
}

/**
 * Where one layer's loop nest runs: one loop order for all operands, cut into memory levels for each operand apart
 * (uneven mapping). Loops `cuts[p][m−1] … cuts[p][m]−1` belong to memory level m of operand p; the last cut is the
 * number of loops.
 */
export interface UnevenMapping {
  readonly kind: 'uneven-mapping'
  readonly spatial: SpatialUnrolling
  /** Innermost first. */
  readonly loops: readonly TemporalLoop[]
  readonly cuts: Readonly<Partial<Record<LayerOperandName, readonly number[]>>>
  /** Memories that operands pass by; cuts count the others only. Default: none. */
  readonly bypass?: Bypass
}

/** The loops of an operand, level by level, innermost first. */
export function loopsPerLevel(
  mapping: UnevenMapping,
  operand: LayerOperandName,
): (readonly TemporalLoop[])[] {
  const cuts = mapping.cuts[operand] ?? []
  return cuts.map((end, level) => mapping.loops.slice(level === 0 ? 0 : cuts[level - 1], end))
}
