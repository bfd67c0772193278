import { batchMemory, mostLanes } from './batch-memory.js'
import { ENERGY_PJ, TRANSFERS } from './boundary-rows.js'
import { KernelHalo } from './kernel-halo.js'
import { linkEnergyPj } from './link-cost.js'
import type { PreparedNest } from './prepared-nest.js'

const { offsets } = batchMemory
/** [lane] of the operand that is being summed up. */
const own = new Float64Array(mostLanes)

/** Energy of the mappings of a batch. */
export class KernelEnergy {
  private readonly nest: PreparedNest
  private readonly halo: KernelHalo | undefined
  /** Boundaries between memories of inputs. */
  private readonly inputs: readonly number[]

  /** @param inner boundaries between memories */
  constructor(nest: PreparedNest, inner: readonly number[]) {
    const { problem, tables } = nest
    this.nest = nest
    this.halo =
      problem.conventions.inputHalo === 'slides' ? new KernelHalo(nest, 'mean') : undefined
    this.inputs = inner.filter((row) => row >= tables.stride)
  }

  evaluate(energyPj: Float64Array): void {
    const { halo } = this
    const { problem, tables, count } = this.nest
    const { operandCount, stride, levels } = tables
    for (let lane = 0; lane < count; lane++) energyPj[lane] = 0
    for (let p = 0; p < operandCount; p++) {
      for (let lane = 0; lane < count; lane++) own[lane] = 0
      for (let row = p * stride; row < p * stride + levels[p]; row++) {
        if (p === 0) this.addOutputs(row)
        else this.addInputs(row)
      }
      for (let lane = 0; lane < count; lane++) energyPj[lane] += own[lane]
    }
    for (let lane = 0; lane < count; lane++) energyPj[lane] += problem.macEnergyPj
    if (halo !== undefined) {
      for (let lane = 0; lane < count; lane++) energyPj[lane] -= this.spared(halo, lane)
    }
  }

  /**
   * What outputs move at the memory above boundary `row`, in the published order: (to-high + to-low) + (from-high +
   * from-low).
   */
  private addOutputs(row: number): void {
    const { rows, lanes, count } = this.nest
    const { values } = rows
    const energy = ENERGY_PJ
    const below = row * lanes
    const above = below + lanes
    for (let lane = 0; lane < count; lane++) {
      const low = offsets[below + lane] + energy
      const high = offsets[above + lane] + energy
      own[lane] += values[high + 2] + values[low] + (values[high + 3] + values[low + 1])
    }
  }

  /** Inputs are only brought in: to-low + from-high. */
  private addInputs(row: number): void {
    const { rows, lanes, count } = this.nest
    const { values } = rows
    const energy = ENERGY_PJ
    const below = row * lanes
    const above = below + lanes
    for (let lane = 0; lane < count; lane++) {
      const low = offsets[below + lane] + energy
      const high = offsets[above + lane] + energy
      own[lane] += values[low] + values[high + 3]
    }
  }

  /** Energy that tiles which slide spare: most of their transfers bring only the new part. */
  private spared(halo: KernelHalo, lane: number): number {
    const { rows, tables, lanes } = this.nest
    let sum = 0
    for (const row of this.inputs) {
      const p = Math.floor(row / tables.stride)
      halo.look(p, row - p * tables.stride, lane)
      if (halo.run === 1) continue
      const at = offsets[row * lanes + lane]
      const elements = rows.elementsAt(at)
      const count = rows.values[at + TRANSFERS]
      const slid = count - count / halo.run
      for (const [k, each] of [
        [row * 4, elements * tables.fanOutMean[row]],
        [row * 4 - 1, elements],
      ]) {
        sum += linkEnergyPj(tables, k, each, slid, 0)
        sum -= linkEnergyPj(tables, k, each * halo.newShare, slid, 0)
      }
    }
    return sum
  }
}
