// Longer than 300 lines: one evaluation on shared buffers; its passes read each other’s results and nothing else may.
import { InputError } from '../../base/index.js'
import { loopDims, type UnevenMapping } from '../../model/index.js'
import { chargesFirstRead } from './conventions.js'
import { ceilFactor } from './extent.js'
import { KernelHalo } from './kernel-halo.js'
import { KernelLatency } from './kernel-latency.js'
import { KernelThroughput } from './kernel-throughput.js'
import { kernelTables, loopKind, type KernelTables } from './kernel-tables.js'
import type { HierarchicalProblem } from './problem.js'

const maxLoops = 64
const dimCount = loopDims.length

/**
 * Energy and latency of mappings of one problem, without allocating: the same numbers as `evaluateMapping`, in about a
 * microsecond. Fill `dims`, `sizes` and `cuts`, call `evaluate`, read the results.
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
  /** Number of temporal loops. */
  loopCount = 0
  /** Temporal loops, innermost first: index of the dimension in `loopDims`, and iterations. */
  readonly dims = new Uint8Array(maxLoops)
  readonly sizes = new Float64Array(maxLoops)
  /** [p·stride + m]: loops at or below memory level m; the last one of an operand is `loopCount`. */
  readonly cuts: Int32Array
  /** Results of `evaluateEnergy` and `evaluate`. */
  energyPj = 0
  fits = false
  /** Results of `evaluate`: with loading (the published metric), and with loading and off-loading. */
  loadedCycles = 0
  totalCycles = 0

  /** Product of the sizes of the first i loops, and of the loops from i on. */
  readonly cyclesBelow = new Float64Array(maxLoops + 1)
  readonly cyclesAbove = new Float64Array(maxLoops + 1)
  /** [p·stride + m]: cuts after irrelevant loops moved down. */
  readonly stationary: Int32Array
  /** [p·stride + a]: elements that one instance holds, on average and at most. */
  readonly elements: Float64Array
  readonly wholeElements: Float64Array
  /** [p]: loops during which the units keep their input (`innermostReuse`); 0 when they read in every cycle. */
  readonly arrayCut: Int32Array
  /** [a]: whether outputs are partial at level a. */
  readonly partial: Uint8Array
  /** Product of the loops from i on that accumulate into the same output. */
  readonly accumulations = new Float64Array(maxLoops + 1)
  private readonly heldBits: Float64Array
  private readonly macEnergyPj: number
  private readonly rounds: boolean
  private readonly truncates: boolean
  private readonly chargesFirstRead: boolean
  private readonly chargesUnits: boolean
  private readonly keepsInputs: boolean
  private readonly floorsWords: boolean
  private readonly noise: number
  private readonly latency: KernelLatency
  private readonly throughput: KernelThroughput | undefined
  private readonly halo: KernelHalo | undefined

  constructor(problem: HierarchicalProblem) {
    const { conventions } = problem
    this.problem = problem
    this.tables = kernelTables(problem)
    const rows = this.tables.operandCount * this.tables.stride
    this.cuts = new Int32Array(rows)
    this.stationary = new Int32Array(rows)
    this.elements = new Float64Array(rows)
    this.wholeElements = new Float64Array(rows)
    this.arrayCut = new Int32Array(this.tables.operandCount)
    this.partial = new Uint8Array(this.tables.stride + 1)
    this.heldBits = new Float64Array(this.tables.memoryBits.length)
    this.macEnergyPj = problem.macEnergyPj
    this.rounds = conventions.elementRounding === 'half-even'
    this.truncates = conventions.extentRounding === 'truncate'
    this.chargesFirstRead = chargesFirstRead(conventions, 1)
    this.chargesUnits = chargesFirstRead(conventions, 0)
    this.keepsInputs = conventions.innermostReuse === 'kept'
    this.floorsWords = conventions.wordTotals === 'floor'
    this.noise = ceilFactor(conventions)
    this.latency = new KernelLatency(this.tables, conventions)
    this.throughput =
      conventions.latencyRule === 'busiest-port'
        ? new KernelThroughput(this.tables, conventions)
        : undefined
    this.halo = conventions.inputHalo === 'slides' ? new KernelHalo(this.tables, 'mean') : undefined
  }

  /** Copies a mapping into the buffers. */
  load(mapping: UnevenMapping): void {
    if (mapping.loops.length > maxLoops) {
      throw new InputError({
        code: 'E-MAP-103',
        message: `the mapping has ${mapping.loops.length} loops, at most ${maxLoops} are supported`,
      })
    }
    this.loopCount = mapping.loops.length
    mapping.loops.forEach((loop, i) => {
      this.dims[i] = loopDims.indexOf(loop.dim)
      this.sizes[i] = loop.size
    })
    this.problem.operands.forEach(({ operand }, p) => {
      mapping.cuts[operand.name]?.forEach((cut, m) => {
        this.cuts[p * this.tables.stride + m] = cut
      })
    })
  }

  /** Energy and capacity only. */
  evaluateEnergy(): void {
    this.prepareNest()
    this.fits = this.checkCapacity()
    this.energyPj = this.macEnergyPj + this.memoryEnergy()
  }

  /** Energy, capacity and latency. */
  evaluate(): void {
    this.evaluateEnergy()
    const { tables } = this
    for (let p = 0; p < tables.operandCount; p++) {
      if (tables.fractional[p] === 1) {
        this.walk(p, tables.spatialWhole, this.wholeElements)
      } else {
        const row = p * tables.stride
        for (let a = 0; a <= tables.levels[p]; a++) {
          this.wholeElements[row + a] = this.elements[row + a]
        }
      }
    }
    if (this.throughput !== undefined) {
      this.loadedCycles = this.throughput.cycles(this)
      this.totalCycles = this.loadedCycles
      return
    }
    this.latency.evaluate(this)
    this.loadedCycles = this.latency.loadedCycles
    this.totalCycles = this.latency.totalCycles
  }

  /** Energy of one boundary: between memory levels b − 1 and b of operand p (b = 0: between the array and level 0). */
  boundaryEnergyPj(
    p: number,
    b: number,
    elements: number,
    count: number,
    partial: 0 | 1,
    readBackShare: number,
  ): number {
    const { stride, fanOutMean } = this.tables
    const high = p * stride + b
    const outgoing = elements * fanOutMean[high]
    let energy = 0
    if (p !== 0) {
      energy = this.linkEnergy(high * 4, outgoing, count, 0)
      if (b > 0) energy += this.linkEnergy(high * 4 - 1, elements, count, 0)
      return energy
    }
    energy = this.linkEnergy(high * 4 + 1, outgoing, count, partial)
    if (b > 0) energy += this.linkEnergy(high * 4 - 2, elements, count, partial)
    if (partial === 1) {
      energy += this.linkEnergy(high * 4, outgoing, count * readBackShare, 1)
      if (b > 0) energy += this.linkEnergy(high * 4 - 1, elements, count * readBackShare, 1)
    }
    return energy
  }

  /** Products of loop sizes, stationary cuts, elements and partial sums. */
  private prepareNest(): void {
    const { loopCount, sizes, dims, cyclesBelow, cyclesAbove, accumulations, stationary, partial } =
      this
    const { operandCount, stride, levels, kind, reducedAbove, spatialMean } = this.tables
    let product = 1
    cyclesBelow[0] = 1
    for (let i = 0; i < loopCount; i++) cyclesBelow[i + 1] = product *= sizes[i]
    cyclesAbove[loopCount] = 1
    accumulations[loopCount] = 1
    let lastAccumulation = -1
    for (let i = loopCount - 1; i >= 0; i--) {
      cyclesAbove[i] = cyclesAbove[i + 1] * sizes[i]
      if (kind[dims[i]] === loopKind.irrelevant && sizes[i] > 1) {
        accumulations[i] = accumulations[i + 1] * sizes[i]
        if (lastAccumulation < 0) lastAccumulation = i
      } else {
        accumulations[i] = accumulations[i + 1]
      }
    }
    for (let p = 0; p < operandCount; p++) {
      const row = p * stride
      const kinds = p * dimCount
      for (let m = 0; m < levels[p]; m++) {
        let cut = this.cuts[row + m]
        while (cut < loopCount && kind[kinds + dims[cut]] === loopKind.irrelevant) cut++
        stationary[row + m] = cut
      }
      if (this.keepsInputs && p > 0) {
        let cut = 0
        while (cut < loopCount && kind[kinds + dims[cut]] === loopKind.irrelevant) cut++
        this.arrayCut[p] = cut
      }
      this.walk(p, spatialMean, this.elements)
    }
    const top = levels[0]
    for (let a = 0; a < top; a++) {
      const from = a === 0 ? 0 : stationary[a - 1]
      partial[a] = lastAccumulation >= from || reducedAbove[a] === 1 ? 1 : 0
    }
    partial[top] = 0
  }

  /** Elements that each level of operand p holds, multiplied up in the order of the loops. */
  private walk(p: number, spatialSizes: Float64Array, out: Float64Array): void {
    const { dims, sizes, stationary, truncates, rounds } = this
    const { stride, levels, kind, spatialStart, spatialKind, axisStride, axisDilation } =
      this.tables
    const row = p * stride
    const kinds = p * dimCount
    let total = 1
    let i = 0
    let a0 = 1
    let b0 = 1
    let e0 = 1
    let a1 = 1
    let b1 = 1
    let e1 = 1
    out[row] = 1
    for (let m = 0; m < levels[p]; m++) {
      let level = 1
      const end = stationary[row + m]
      const spatialEnd = spatialStart[row + m + 1]
      let j = spatialStart[row + m]
      while (i < end || j < spatialEnd) {
        let k: number
        let size: number
        if (i < end) {
          k = kind[kinds + dims[i]]
          size = sizes[i++]
        } else {
          k = spatialKind[j]
          size = spatialSizes[j++]
        }
        if (k === 0) continue
        if (k === 1) {
          level *= size
          continue
        }
        if (k < 4) {
          if (k === 2) a0 *= size
          else b0 *= size
          const s = axisStride[p * 2]
          const d = axisDilation[p * 2]
          const extent = truncates
            ? Math.trunc(a0 * b0 - (b0 > s ? b0 - s : 0) * (a0 - d))
            : a0 * b0 - (b0 > s && a0 > d ? (b0 - s) * (a0 - d) : 0)
          level *= extent / e0
          e0 = extent
        } else {
          if (k === 4) a1 *= size
          else b1 *= size
          const s = axisStride[p * 2 + 1]
          const d = axisDilation[p * 2 + 1]
          const extent = truncates
            ? Math.trunc(a1 * b1 - (b1 > s ? b1 - s : 0) * (a1 - d))
            : a1 * b1 - (b1 > s && a1 > d ? (b1 - s) * (a1 - d) : 0)
          level *= extent / e1
          e1 = extent
        }
      }
      total *= level
      out[row + m + 1] = rounds ? halfEven(total) : total
    }
  }

  private checkCapacity(): boolean {
    const { heldBits, elements, partial } = this
    const { operandCount, stride, levels, bits, memory, memoryBits, unchecked } = this.tables
    heldBits.fill(0)
    let fits = true
    for (let p = 0; p < operandCount; p++) {
      for (let m = 0; m < levels[p]; m++) {
        const row = p * stride + m
        const index = memory[row]
        const own = elements[row + 1] * bits[p * 2 + (p === 0 ? partial[m + 1] : 0)]
        if (own > memoryBits[index]) fits = false
        heldBits[index] += own
      }
    }
    for (let index = 0; index < memoryBits.length; index++) {
      if (heldBits[index] > memoryBits[index] && unchecked[index] === 0) fits = false
    }
    return fits
  }

  /** Sum over operands and levels; within a level (to-high + to-low) + (from-high + from-low), as published. */
  private memoryEnergy(): number {
    const { elements, partial, stationary, cyclesAbove, accumulations } = this
    const { operandCount, stride, levels, fanOutMean } = this.tables
    let sum = 0
    for (let p = 0; p < operandCount; p++) {
      const top = levels[p] - 1
      for (let m = 0; m <= top; m++) {
        const row = p * stride + m
        const lowFrom = m === 0 ? this.arrayCut[p] : stationary[row - 1]
        const highFrom = stationary[row]
        const low = elements[row] * fanOutMean[row]
        const high = elements[row + 1]
        const lowCount = cyclesAbove[lowFrom]
        const highCount = cyclesAbove[highFrom]
        if (p !== 0) {
          const read = this.inputEnergy(p, m, row * 4, low, lowCount)
          const write = m === top ? 0 : this.inputEnergy(p, m + 1, row * 4 + 3, high, highCount)
          sum += read + write
          continue
        }
        const lowPartial = partial[m]
        const highPartial = partial[m + 1]
        const lowVisits = accumulations[lowFrom]
        const highVisits = accumulations[highFrom]
        const lowCharged = m === 0 ? this.chargesUnits : this.chargesFirstRead
        const lowShare = lowCharged ? 1 : (lowVisits - 1) / lowVisits
        const highShare = this.chargesFirstRead ? 1 : (highVisits - 1) / highVisits
        let reads = 0
        let writes = 0
        if (m !== top) {
          reads = this.linkEnergy(row * 4 + 2, high, highCount, highPartial)
          if (highPartial === 1)
            writes = this.linkEnergy(row * 4 + 3, high, highCount * highShare, 1)
        }
        if (lowPartial === 1) reads += this.linkEnergy(row * 4, low, lowCount * lowShare, 1)
        writes += this.linkEnergy(row * 4 + 1, low, lowCount, lowPartial)
        sum += reads + writes
      }
    }
    return sum
  }

  /** Energy of one end of boundary b of an input; where its tile slides, most transfers bring only the new part. */
  private inputEnergy(p: number, b: number, k: number, elements: number, count: number): number {
    if (this.halo === undefined || b === 0) return this.linkEnergy(k, elements, count, 0)
    this.halo.look(this, p, b)
    const { run, newShare } = this.halo
    const whole = this.linkEnergy(k, elements, count / run, 0)
    if (run === 1) return whole
    return whole + this.linkEnergy(k, elements * newShare, count - count / run, 0)
  }

  private linkEnergy(k: number, elements: number, count: number, partial: number): number {
    const t = this.tables
    const operand = (k / (4 * t.stride)) | 0
    const bits = t.bits[operand * 2 + partial]
    const cap = t.elementsPerCycle[k * 2 + partial]
    const words =
      elements * this.noise <= cap
        ? Math.ceil(((elements * bits) / t.sliceBits[k]) * this.noise) * t.wordsPerSlice[k] * count
        : t.slicesPerCycle[k * 2 + partial] *
          t.wordsPerSlice[k] *
          count *
          Math.ceil((elements / cap) * this.noise)
    const total = words * t.copies[k]
    return (this.floorsWords ? Math.floor(total) : total) * t.linkCostPj[k]
  }
}

function halfEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest === 0) return value
  if (rest !== 0.5) return rest > 0.5 ? floor + 1 : floor
  return floor % 2 === 0 ? floor : floor + 1
}
