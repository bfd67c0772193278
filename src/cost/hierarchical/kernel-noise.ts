import { batchMemory } from './batch-memory.js'
import { ElementWalk } from './element-walk.js'
import type { PreparedNest } from './prepared-nest.js'

const { offsets } = batchMemory

/** Rows in which floating-point noise decides a rounding, computed again in the order of the loops, as published. */
export class KernelNoise {
  private readonly nest: PreparedNest
  private readonly walk: ElementWalk
  private readonly elements: Float64Array

  constructor(nest: PreparedNest) {
    this.nest = nest
    this.walk = new ElementWalk(nest)
    this.elements = new Float64Array(nest.tables.stride)
  }

  /** Replaces such rows of operand p. */
  resolve(p: number): void {
    const { rows, lanes, count, tables } = this.nest
    const bottom = p * tables.stride
    const top = bottom + tables.levels[p]
    const whole = rows.find(top, rows.lastState)
    for (let lane = 0; lane < count; lane++) {
      let noisy = rows.isNoisy(whole)
      for (let row = bottom + 1; row < top; row++) {
        if (rows.isNoisy(offsets[row * lanes + lane])) noisy = true
      }
      offsets[top * lanes + lane] = whole
      if (!noisy) continue
      this.walk.elements(p, lane, this.elements)
      for (let row = bottom + 1; row <= top; row++) {
        const at = row * lanes + lane
        offsets[at] = rows.withElements(offsets[at], row, lane, this.elements[row - bottom])
      }
    }
  }
}
