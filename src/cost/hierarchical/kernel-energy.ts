import { ENERGY_PJ, HELD_BITS, TRANSFERS } from './boundary-rows.js'
import { KernelHalo } from './kernel-halo.js'
import { linkEnergyPj } from './link-cost.js'
import type { PreparedNest } from './prepared-nest.js'

/** Energy of the mappings of a batch, and whether they fit. */
export class KernelEnergy {
  private readonly nest: PreparedNest
  private readonly halo: KernelHalo | undefined
  /** Boundaries between memories of inputs. */
  private readonly inputs: readonly number[]
  /** [lane] of the operand that is being summed up. */
  private readonly own: Float64Array
  /** [memory·lanes + lane] */
  private readonly heldBits: Float64Array

  /** @param inner boundaries between memories */
  constructor(nest: PreparedNest, inner: readonly number[]) {
    const { problem, tables, lanes } = nest
    this.nest = nest
    this.halo =
      problem.conventions.inputHalo === 'slides' ? new KernelHalo(nest, 'mean') : undefined
    this.inputs = inner.filter((row) => row >= tables.stride)
    this.own = new Float64Array(lanes)
    this.heldBits = new Float64Array(tables.memoryBits.length * lanes)
  }

  evaluate(energyPj: Float64Array, fits: Uint8Array): void {
    const { own, halo, heldBits } = this
    const { problem, tables, lanes, count } = this.nest
    const { operandCount, stride, levels, memoryBits, unchecked } = tables
    heldBits.fill(0)
    for (let lane = 0; lane < count; lane++) {
      energyPj[lane] = 0
      fits[lane] = 1
    }
    for (let p = 0; p < operandCount; p++) {
      for (let lane = 0; lane < count; lane++) own[lane] = 0
      for (let row = p * stride; row < p * stride + levels[p]; row++) {
        this.add(row, fits)
      }
      for (let lane = 0; lane < count; lane++) energyPj[lane] += own[lane]
    }
    for (let index = 0; index < memoryBits.length; index++) {
      if (unchecked[index] === 1) continue
      for (let lane = 0; lane < count; lane++) {
        if (heldBits[index * lanes + lane] > memoryBits[index]) fits[lane] = 0
      }
    }
    for (let lane = 0; lane < count; lane++) energyPj[lane] += problem.macEnergyPj
    if (halo !== undefined) {
      for (let lane = 0; lane < count; lane++) energyPj[lane] -= this.spared(halo, lane)
    }
  }

  /**
   * The memory above boundary `row`: what its operand moves, in the published order (to-high + to-low) + (from-high +
   * from-low), of which inputs have only the second and the third; and the room that it takes.
   */
  private add(row: number, fits: Uint8Array): void {
    const { own, heldBits } = this
    const { offsets, rows, lanes, count, tables } = this.nest
    const { values } = rows
    const index = tables.memory[row]
    const room = tables.memoryBits[index]
    const first = row * lanes
    const sum = index * lanes
    for (let lane = 0; lane < count; lane++) {
      const low = offsets[first + lane]
      const high = offsets[first + lanes + lane]
      own[lane] +=
        values[high + ENERGY_PJ + 2] +
        values[low + ENERGY_PJ] +
        (values[high + ENERGY_PJ + 3] + values[low + ENERGY_PJ + 1])
      const held = values[high + HELD_BITS]
      heldBits[sum + lane] += held
      if (held > room) fits[lane] = 0
    }
  }

  /** Energy that tiles which slide spare: most of their transfers bring only the new part. */
  private spared(halo: KernelHalo, lane: number): number {
    const { rows, offsets, tables, lanes } = this.nest
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
