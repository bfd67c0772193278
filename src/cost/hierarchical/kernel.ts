import { InputError } from '../../base/index.js'
import { type LoopDim, type TemporalLoop, type UnevenMapping } from '../../model/index.js'
import { batchMemory, mostLoops, roomForLanes } from './batch-memory.js'
import { BoundaryRows } from './boundary-rows.js'
import { KernelCapacity } from './kernel-capacity.js'
import { KernelEnergy } from './kernel-energy.js'
import { KernelLatency } from './kernel-latency.js'
import { KernelNoise } from './kernel-noise.js'
import { kernelPorts } from './kernel-ports.js'
import { kernelTables, type KernelTables } from './kernel-tables.js'
import { KernelThroughput } from './kernel-throughput.js'
import { loopLattice, stateOf, type LoopLattice } from './loop-lattice.js'
import { mostKinds, NestPrefixes } from './nest-prefixes.js'
import type { PreparedNest } from './prepared-nest.js'
import type { HierarchicalProblem } from './problem.js'

const { stationary, offsets } = batchMemory
/** Below the first loop, in every lane. */
const noCut = new Int32Array(1)

/**
 * Energy and latency of mappings of one problem, without allocating: the numbers of `evaluateMapping`, in a microsecond
 * or less. What crosses a boundary depends only on the multiset of loops below it (a state), so it is computed once per
 * state (`BoundaryRows`) and a mapping is a path of look-ups; only runs of loops and port windows are left to its order.
 *
 * It evaluates a batch of mappings at once, one per lane, boundary by boundary: what a boundary is, is then looked up once
 * per batch, and the loops over the lanes are short and branch little. All mappings of a batch have equally many loops.
 *
 * Register the loops with `kindOf`, fill `order` and `cuts`, call `evaluate`, read the results.
 *
 * @example
 * const kernel = new MappingKernel(problem)
 * kernel.load(mapping)
 * kernel.evaluate()
 * kernel.energyPj[0]
 */
export class MappingKernel implements PreparedNest {
  readonly problem: HierarchicalProblem
  readonly tables: KernelTables
  readonly lattice: LoopLattice
  readonly rows: BoundaryRows
  readonly prefixes: NestPrefixes
  /** Mappings at once, at most; and those of the batch that was evaluated last. */
  readonly lanes: number
  count = 0
  /** Number of temporal loops. */
  loopCount = 0
  /** [lane·mostLoops + i]: kinds of the temporal loops, innermost first. */
  readonly order: Uint8Array
  /** [lane·boundaries + p·stride + m]: loops at or below memory level m; the last one of an operand is `loopCount`. */
  readonly cuts: Int32Array
  /** Entries of `cuts` per lane. */
  readonly boundaries: number
  /** Results of `evaluateEnergy` and `evaluate`, per lane. */
  readonly energyPj: Float64Array
  readonly fits: Uint8Array
  /** Results of `evaluate`: with loading (the published metric), and with loading and off-loading. */
  readonly loadedCycles: Float64Array
  readonly totalCycles: Float64Array

  /** Kinds of loops: dimension and iterations; bit p: reuses operand p. */
  readonly loops: TemporalLoop[] = []
  readonly sizeOf = new Float64Array(mostKinds)
  readonly reuses = new Uint8Array(mostKinds)
  /** Boundaries between memories; those of the array during whose innermost loops the units keep an input. */
  private readonly inner: readonly number[]
  private readonly kept: readonly number[]
  private readonly energy: KernelEnergy
  private readonly capacity: KernelCapacity
  private readonly latency: KernelLatency | KernelThroughput
  private readonly noise: KernelNoise

  /**
   * @param most mappings at once that the caller has use for; `lanes` says how many there are
   * @throws InputError when the accelerator has too many memories
   */
  constructor(problem: HierarchicalProblem, most = 1) {
    this.problem = problem
    this.tables = kernelTables(problem)
    const lanes = lanesOf(this.tables, most)
    this.lanes = lanes
    this.lattice = loopLattice(problem.temporal)
    this.rows = new BoundaryRows(this.tables, this.lattice, lanes)
    this.prefixes = new NestPrefixes(
      lanes,
      problem.operands.findIndex(({ operand }) => operand.sliding.length > 0),
    )
    const { operandCount, stride, levels } = this.tables
    this.boundaries = operandCount * stride
    this.order = new Uint8Array(mostLoops * lanes)
    this.cuts = new Int32Array(this.boundaries * lanes)
    this.energyPj = new Float64Array(lanes)
    this.fits = new Uint8Array(lanes)
    this.loadedCycles = new Float64Array(lanes)
    this.totalCycles = new Float64Array(lanes)
    const keepsInputs = problem.conventions.innermostReuse === 'kept'
    const inner: number[] = []
    const kept: number[] = []
    levels.forEach((count, p) => {
      const first = p * stride
      for (let b = 1; b < count; b++) inner.push(first + b)
      if (keepsInputs && p > 0) kept.push(first)
    })
    this.inner = inner
    this.kept = kept
    this.energy = new KernelEnergy(this, inner)
    this.capacity = new KernelCapacity(this)
    this.latency =
      problem.conventions.latencyRule === 'busiest-port'
        ? new KernelThroughput(this)
        : new KernelLatency(
            this,
            kernelPorts(problem, stride, (p) => this.arrayRow(p)),
          )
    this.noise = new KernelNoise(this)
  }

  /**
   * The number by which `order` names a loop.
   * @throws InputError when the problem has no such loop, or the mapping too many different ones
   */
  kindOf(dim: LoopDim, size: number): number {
    const known = this.loops.findIndex((loop) => loop.dim === dim && loop.size === size)
    if (known >= 0) return known
    const step = stateOf(this.lattice, dim, size)
    if (step === undefined || this.loops.length === mostKinds) {
      throw new InputError({
        code: 'E-MAP-105',
        message:
          step === undefined
            ? `a loop over ${dim} of ${size} iterations does not divide the ${this.problem.temporal[dim]} that the layer and its unrolling leave`
            : `more than ${mostKinds} different loops`,
      })
    }
    const kind = this.loops.push({ dim, size }) - 1
    let slides = false
    this.problem.operands.forEach(({ operand }, p) => {
      if (operand.irrelevant.includes(dim)) this.reuses[kind] |= 1 << p
      if (operand.sliding.some((axis) => axis.output === dim || axis.kernel === dim)) slides = true
    })
    this.sizeOf[kind] = size
    this.prefixes.describe(kind, step, size, this.reuses[kind], slides)
    if (batchMemory.owner === this) batchMemory.owner = undefined
    return kind
  }

  /**
   * Copies a mapping into a lane.
   * @throws InputError when it has too many loops or they do not make up the layer's
   */
  load(mapping: UnevenMapping, lane = 0): void {
    if (mapping.loops.length > mostLoops) {
      throw new InputError({
        code: 'E-MAP-103',
        message: `the mapping has ${mapping.loops.length} loops, at most ${mostLoops} are supported`,
      })
    }
    this.loopCount = mapping.loops.length
    mapping.loops.forEach(({ dim, size }, i) => {
      this.order[lane * mostLoops + i] = this.kindOf(dim, size)
    })
    this.problem.operands.forEach(({ operand }, p) => {
      mapping.cuts[operand.name]?.forEach((cut, m) => {
        this.cuts[lane * this.boundaries + p * this.tables.stride + m] = cut
      })
    })
  }

  /** Energy and capacity only, of the mappings in the first `count` lanes. */
  evaluateEnergy(count = 1): void {
    this.count = count
    if (batchMemory.owner !== this) this.takeMemory()
    this.findRows()
    this.energy.evaluate(this.energyPj)
    this.capacity.evaluate(this.fits)
  }

  /** Energy, capacity and latency of the mappings in the first `count` lanes. */
  evaluate(count = 1): void {
    this.evaluateEnergy(count)
    this.latency.evaluate(this.loadedCycles, this.totalCycles)
  }

  /** Fills in what no mapping changes: nothing lies below the array, and everything below the outside. */
  private takeMemory(): void {
    const { tables, lanes } = this
    batchMemory.owner = this
    tables.levels.forEach((count, p) => {
      const array = p * tables.stride
      const outside = array + count
      stationary.fill(0, array * lanes, (array + 1) * lanes)
      offsets.fill(this.rows.find(array, 0), array * lanes, (array + 1) * lanes)
      const whole = this.rows.find(outside, this.rows.lastState)
      offsets.fill(whole, outside * lanes, (outside + 1) * lanes)
    })
    stationary.fill(0, this.boundaries * lanes, (this.boundaries + 1) * lanes)
    this.prefixes.reset()
    this.latency.reset()
  }

  /** What crosses the boundary of the array in every mapping, or undefined when units keep their input for a while. */
  private arrayRow(p: number): Float64Array | undefined {
    if (this.kept.includes(p * this.tables.stride)) return undefined
    return this.rows.row(this.rows.find(p * this.tables.stride, 0))
  }

  /** Stationary cuts, and the rows of all boundaries. */
  private findRows(): void {
    const { prefixes, inner, kept, tables, lanes, count, loopCount } = this
    prefixes.read(this.order, loopCount, count)
    for (const row of inner) this.findRow(row, this.cuts, this.boundaries, row - 1)
    for (const row of kept) this.findRow(row, noCut, 0, 0)
    for (let p = 0; p < tables.operandCount; p++) {
      const top = (p * tables.stride + tables.levels[p]) * lanes
      for (let at = top; at < top + count; at++) stationary[at] = loopCount
      if (tables.showsNoise[p] > 0 && this.rows.hasNoise) this.noise.resolve(p)
    }
  }

  /** One boundary: loops that reuse its operand move below it. Units that keep an input do so from the first loop on. */
  private findRow(row: number, cuts: Int32Array, pitch: number, entry: number): void {
    const { prefixes, lanes, count } = this
    const p = (row / this.tables.stride) | 0
    prefixes.moveCuts(p, cuts, pitch, entry, row * lanes, count)
    this.rows.findEach(row, count)
  }
}

function lanesOf({ operandCount, stride, memoryBits }: KernelTables, most: number): number {
  const boundaries = operandCount * stride
  // A port has at least one of the four links of a boundary.
  const lanes = roomForLanes(Math.max(4 * boundaries, memoryBits.length), most)
  if (lanes > 0) return lanes
  throw new InputError({
    code: 'E-MAP-106',
    message: `the accelerator has ${memoryBits.length} memories, which are too many to evaluate mappings on`,
  })
}
