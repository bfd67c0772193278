// Longer than 300 lines: one evaluation on shared buffers; its passes read each other’s results and nothing else may.
import { InputError } from '../../base/index.js'
import { type LoopDim, type TemporalLoop, type UnevenMapping } from '../../model/index.js'
import { BoundaryRows, ENERGY_PJ, HELD_BITS, TRANSFERS } from './boundary-rows.js'
import { ElementWalk } from './element-walk.js'
import { KernelHalo } from './kernel-halo.js'
import { KernelLatency } from './kernel-latency.js'
import { kernelPorts } from './kernel-ports.js'
import { kernelTables, type KernelTables } from './kernel-tables.js'
import { KernelThroughput } from './kernel-throughput.js'
import { linkEnergyPj } from './link-cost.js'
import { loopLattice, stateOf, type LoopLattice } from './loop-lattice.js'
import type { HierarchicalProblem } from './problem.js'

const MOST_LOOPS = 64
const MOST_KINDS = 255
/** Kind of the place after the last loop: reuses and renews nothing. */
const NO_LOOP = 255

/**
 * Energy and latency of mappings of one problem, without allocating: the numbers of `evaluateMapping`, in a
 * microsecond or three. What crosses a boundary depends only on the multiset of loops below it (a state), so it is
 * computed once per state (`BoundaryRows`) and a mapping is a path of look-ups; only runs of loops and port windows are
 * left to its order.
 *
 * Register the loops with `kindOf`, fill `order` and `cuts`, call `evaluate`, read the results.
 *
 * @example
 * const kernel = new MappingKernel(problem)
 * kernel.load(mapping)
 * kernel.evaluate()
 * kernel.energyPj
 */
export class MappingKernel {
  readonly problem: HierarchicalProblem
  readonly tables: KernelTables
  readonly lattice: LoopLattice
  readonly rows: BoundaryRows
  /** Number of temporal loops. */
  loopCount = 0
  /** Kinds of the temporal loops, innermost first. */
  readonly order = new Uint8Array(MOST_LOOPS + 1)
  /** [p·stride + m]: loops at or below memory level m; the last one of an operand is `loopCount`. */
  readonly cuts: Int32Array
  /** Results of `evaluateEnergy` and `evaluate`. */
  energyPj = 0
  fits = false
  /** Results of `evaluate`: with loading (the published metric), and with loading and off-loading. */
  loadedCycles = 0
  totalCycles = 0

  /** Kinds of loops: dimension and iterations; what one adds to the state; bit p: reuses, or only renews, operand p. */
  readonly loops: TemporalLoop[] = []
  readonly sizeOf = new Float64Array(MOST_KINDS + 1)
  readonly stepOf = new Int32Array(MOST_KINDS + 1)
  readonly reuses = new Uint8Array(MOST_KINDS + 1)
  readonly renews = new Uint8Array(MOST_KINDS + 1)
  /** [i]: multiset of the first i loops. */
  readonly states = new Int32Array(MOST_LOOPS + 1)
  /** [p·stride + b]: loops below boundary b after irrelevant ones moved down, and the row of what crosses it. */
  readonly stationary: Int32Array
  readonly offsets: Int32Array
  /** Boundaries between memories; those of the array during whose innermost loops the units keep an input; p of each. */
  private readonly inner: Int32Array
  private readonly kept: Int32Array
  private readonly operandOfRow: Uint8Array
  private readonly heldBits: Float64Array
  private readonly inOrder: Float64Array
  private readonly macEnergyPj: number
  private readonly latency: KernelLatency
  private readonly throughput: KernelThroughput | undefined
  private readonly halo: KernelHalo | undefined
  private readonly walk: ElementWalk

  constructor(problem: HierarchicalProblem) {
    this.problem = problem
    this.tables = kernelTables(problem)
    this.lattice = loopLattice(problem.temporal)
    this.rows = new BoundaryRows(this.tables, this.lattice)
    const { operandCount, stride, levels } = this.tables
    const boundaries = operandCount * stride
    this.cuts = new Int32Array(boundaries)
    this.stationary = new Int32Array(boundaries)
    this.offsets = new Int32Array(boundaries)
    this.operandOfRow = Uint8Array.from({ length: boundaries }, (_, row) =>
      Math.floor(row / stride),
    )
    const keepsInputs = problem.conventions.innermostReuse === 'kept'
    const inner: number[] = []
    const kept: number[] = []
    levels.forEach((count, p) => {
      const first = p * stride
      // Nothing lies below the array, and everything below the outside, whatever the mapping.
      this.offsets[first] = this.rows.find(first, 0)
      this.offsets[first + count] = this.rows.find(first + count, this.lattice.size - 1)
      for (let b = 1; b < count; b++) inner.push(first + b)
      if (keepsInputs && p > 0) kept.push(first)
    })
    this.inner = Int32Array.from(inner)
    this.kept = Int32Array.from(kept)
    this.heldBits = new Float64Array(this.tables.memoryBits.length)
    this.inOrder = new Float64Array(stride)
    this.macEnergyPj = problem.macEnergyPj
    this.latency = new KernelLatency(
      this,
      kernelPorts(problem, stride, (p) => this.arrayRow(p)),
    )
    const { latencyRule, inputHalo } = problem.conventions
    this.throughput = latencyRule === 'busiest-port' ? new KernelThroughput(this) : undefined
    this.halo = inputHalo === 'slides' ? new KernelHalo(this, 'mean') : undefined
    this.walk = new ElementWalk(this)
  }

  /**
   * The number by which `order` names a loop.
   * @throws InputError when the problem has no such loop, or the mapping too many different ones
   */
  kindOf(dim: LoopDim, size: number): number {
    const known = this.loops.findIndex((loop) => loop.dim === dim && loop.size === size)
    if (known >= 0) return known
    const step = stateOf(this.lattice, dim, size)
    if (step === undefined || this.loops.length === MOST_KINDS) {
      throw new InputError({
        code: 'E-MAP-105',
        message:
          step === undefined
            ? `a loop over ${dim} of ${size} iterations does not divide the ${this.problem.temporal[dim]} that the layer and its unrolling leave`
            : `more than ${MOST_KINDS} different loops`,
      })
    }
    const kind = this.loops.push({ dim, size }) - 1
    this.sizeOf[kind] = size
    this.stepOf[kind] = step
    this.problem.operands.forEach(({ operand }, p) => {
      const slides = operand.sliding.some((axis) => axis.output === dim || axis.kernel === dim)
      if (operand.irrelevant.includes(dim)) this.reuses[kind] |= 1 << p
      else if (!slides) this.renews[kind] |= 1 << p
    })
    return kind
  }

  /**
   * Copies a mapping into the buffers.
   * @throws InputError when it has too many loops or they do not make up the layer's
   */
  load(mapping: UnevenMapping): void {
    if (mapping.loops.length > MOST_LOOPS) {
      throw new InputError({
        code: 'E-MAP-103',
        message: `the mapping has ${mapping.loops.length} loops, at most ${MOST_LOOPS} are supported`,
      })
    }
    this.loopCount = mapping.loops.length
    mapping.loops.forEach(({ dim, size }, i) => {
      this.order[i] = this.kindOf(dim, size)
    })
    this.problem.operands.forEach(({ operand }, p) => {
      mapping.cuts[operand.name]?.forEach((cut, m) => {
        this.cuts[p * this.tables.stride + m] = cut
      })
    })
  }

  /** Energy and capacity only. */
  evaluateEnergy(): void {
    const { offsets, heldBits } = this
    const { operandCount, stride, levels, memory, memoryBits, unchecked } = this.tables
    this.findRows()
    const { values } = this.rows
    heldBits.fill(0)
    let fits = true
    let total = 0
    for (let p = 0; p < operandCount; p++) {
      const first = p * stride
      let own = 0
      let low = offsets[first]
      for (let row = first; row < first + levels[p]; row++) {
        const high = offsets[row + 1]
        // As published: (to-high + to-low) + (from-high + from-low), level by level.
        own +=
          p === 0
            ? values[high + ENERGY_PJ + 2] +
              values[low + ENERGY_PJ] +
              (values[high + ENERGY_PJ + 3] + values[low + ENERGY_PJ + 1])
            : values[low + ENERGY_PJ] + values[high + ENERGY_PJ + 3]
        const held = values[high + HELD_BITS]
        const index = memory[row]
        if (held > memoryBits[index]) fits = false
        heldBits[index] += held
        low = high
      }
      total += own
    }
    for (let index = 0; index < memoryBits.length; index++) {
      if (heldBits[index] > memoryBits[index] && unchecked[index] === 0) fits = false
    }
    this.fits = fits
    this.energyPj =
      this.macEnergyPj + total - (this.halo === undefined ? 0 : this.spared(this.halo))
  }

  /** Energy, capacity and latency. */
  evaluate(): void {
    this.evaluateEnergy()
    if (this.throughput !== undefined) {
      this.loadedCycles = this.throughput.cycles()
      this.totalCycles = this.loadedCycles
      return
    }
    this.latency.evaluate()
    this.loadedCycles = this.latency.loadedCycles
    this.totalCycles = this.latency.totalCycles
  }

  /** Energy that tiles which slide spare: most of their transfers bring only the new part. */
  private spared(halo: KernelHalo): number {
    const { rows, offsets, tables } = this
    let sum = 0
    for (const row of this.inner) {
      const p = this.operandOfRow[row]
      if (p === 0) continue
      halo.look(p, row - p * tables.stride)
      if (halo.run === 1) continue
      const elements = rows.elementsAt(offsets[row])
      const count = rows.values[offsets[row] + TRANSFERS]
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

  /** What crosses the boundary of the array in every mapping, or undefined when units keep their input for a while. */
  private arrayRow(p: number): Float64Array | undefined {
    if (this.kept.includes(p * this.tables.stride)) return undefined
    return this.rows.row(this.offsets[p * this.tables.stride])
  }

  /** States along the loops, stationary cuts, and the rows of all boundaries. */
  private findRows(): void {
    const { loopCount, order, stepOf, reuses, states, cuts, stationary, offsets, rows } = this
    const { inner, operandOfRow, kept, tables } = this
    let state = 0
    for (let i = 0; i < loopCount; i++) {
      state += stepOf[order[i]]
      states[i + 1] = state
    }
    order[loopCount] = NO_LOOP
    for (let i = 0; i < inner.length; i++) {
      const row = inner[i]
      const bit = 1 << operandOfRow[row]
      let cut = cuts[row - 1]
      while ((reuses[order[cut]] & bit) !== 0) cut++
      stationary[row] = cut
      offsets[row] = rows.find(row, states[cut])
    }
    for (let i = 0; i < kept.length; i++) {
      const row = kept[i]
      let cut = 0
      while ((reuses[order[cut]] & (1 << operandOfRow[row])) !== 0) cut++
      stationary[row] = cut
      offsets[row] = rows.find(row, states[cut])
    }
    for (let p = 0; p < tables.operandCount; p++) {
      stationary[p * tables.stride + tables.levels[p]] = loopCount
      if (tables.showsNoise[p] > 0) this.resolveNoise(p)
    }
  }

  /** Rows in which noise decides a rounding are computed again in the order of the loops, as published. */
  private resolveNoise(p: number): void {
    const { rows, offsets, inOrder } = this
    const { stride, levels } = this.tables
    let noisy = false
    for (let row = p * stride + 1; row <= p * stride + levels[p]; row++) {
      if (rows.isNoisy(offsets[row])) noisy = true
    }
    if (!noisy) return
    const top = p * stride + levels[p]
    offsets[top] = rows.find(top, this.lattice.size - 1)
    this.walk.elements(p, inOrder)
    for (let b = 1; b <= levels[p]; b++) {
      const row = p * stride + b
      offsets[row] = rows.withElements(offsets[row], row, inOrder[b])
    }
  }
}
