import { accessEnergyPj, linkDirections, loopDims } from '../../model/index.js'
import { chargesFirstRead, rowLoop, type HierarchicalConventions } from './conventions.js'
import { ceilFactor, paidSlices } from './extent.js'
import type { HierarchicalProblem, ProblemOperand, SpatialCounts } from './problem.js'
import { tensorIndex, type TensorIndex } from './tensor-index.js'

/**
 * Everything about a problem that does not change from mapping to mapping, in flat arrays. Index conventions: operand p
 * (0 is the output), its memory level m, its boundary b below level b, link in the order of `linkDirections`; rows are
 * `stride` entries long.
 */
export interface KernelTables {
  readonly operandCount: number
  /** Row length: levels of the deepest operand, plus one. */
  readonly stride: number
  readonly levels: Int32Array
  readonly tensors: readonly TensorIndex[]
  /** [(p·stride + b)·8 + dim]: iterations spread over the array below boundary b. */
  readonly belowMean: Float64Array
  readonly belowWhole: Float64Array
  /** [p·stride + m] */
  readonly fanOutMean: Float64Array
  readonly fanOutWhole: Float64Array
  /** [b]: outputs are still partial at boundary b because of a spatial reduction above it. */
  readonly reducedAbove: Uint8Array
  /** [p·2 + partial]: bits of an element. */
  readonly bits: Float64Array
  /** [p·stride + m] → index of the physical memory; sizes by that index. */
  readonly memory: Int32Array
  readonly memoryBits: Float64Array
  /** Memories whose operands together may over-fill it unchecked (published conventions). */
  readonly unchecked: Uint8Array
  /** [(p·stride + m)·4 + link] */
  readonly operandOfLink: Uint8Array
  readonly portBits: Float64Array
  readonly linkCostPj: Float64Array
  readonly sliceBits: Float64Array
  readonly wordsPerSlice: Float64Array
  readonly copies: Float64Array
  /** [((p·stride + m)·4 + link)·2 + partial]: elements per cycle at most, and the slices touched in such a cycle. */
  readonly elementsPerCycle: Float64Array
  readonly slicesPerCycle: Float64Array
  readonly extentRounding: HierarchicalConventions['extentRounding']
  /** Whether elements are rounded to whole ones, and accesses down to whole words. */
  readonly rounds: boolean
  readonly floorsWords: boolean
  /** [b]: whether the first visit of a partial sum is charged a read-back over boundary b. */
  readonly chargesFirstRead: readonly boolean[]
  /** Whether a port counts by all its bits, instead of transfer by transfer, and reading results out takes none of it. */
  readonly spreadsTransfers: boolean
  readonly drainsFree: boolean
  /** Whether the last slice of a transfer is paid for its part only. */
  readonly paysParts: boolean
  /** Index of the loop that streams through the innermost memory; −1: none. */
  readonly streamed: number
  /** Factor before rounding up (`ceilFactor`). */
  readonly noise: number
  /**
   * 1 when p is spread over the array in fractions whose floating-point noise the conventions keep; 2 when several loops
   * spread a dimension so.
   */
  readonly showsNoise: Uint8Array
}

/** Flattens a problem. */
export function kernelTables(problem: HierarchicalProblem): KernelTables {
  const { operands, accelerator, conventions } = problem
  const operandCount = operands.length
  const stride = Math.max(...operands.map((each) => each.memories.length)) + 1
  const rows = operandCount * stride
  const noise = ceilFactor(conventions)
  const rounds = conventions.elementRounding === 'half-even'
  const keepsNoise = rounds || conventions.extentRounding === 'truncate' || noise === 1
  const tables = {
    operandCount,
    stride,
    levels: Int32Array.from(operands, (each) => each.memories.length),
    tensors: operands.map(({ operand }) => tensorIndex(operand)),
    belowMean: new Float64Array(rows * loopDims.length).fill(1),
    belowWhole: new Float64Array(rows * loopDims.length).fill(1),
    fanOutMean: new Float64Array(rows),
    fanOutWhole: new Float64Array(rows),
    reducedAbove: reducedAbove(operands[0], stride),
    bits: Float64Array.from(operands.flatMap(({ operand }) => [operand.bits, operand.partialBits])),
    memory: new Int32Array(rows).fill(-1),
    memoryBits: Float64Array.from(accelerator.memories, (each) => each.sizeBits),
    unchecked: new Uint8Array(accelerator.memories.length),
    operandOfLink: Uint8Array.from({ length: rows * 4 }, (_, k) => Math.floor(k / (4 * stride))),
    portBits: new Float64Array(rows * 4),
    linkCostPj: new Float64Array(rows * 4),
    sliceBits: new Float64Array(rows * 4),
    wordsPerSlice: new Float64Array(rows * 4),
    copies: new Float64Array(rows * 4),
    elementsPerCycle: new Float64Array(rows * 8).fill(Infinity),
    slicesPerCycle: new Float64Array(rows * 8),
    extentRounding: conventions.extentRounding,
    rounds,
    floorsWords: conventions.wordTotals === 'floor',
    chargesFirstRead: Array.from({ length: stride }, (_, b) => chargesFirstRead(conventions, b)),
    spreadsTransfers: conventions.latencyRule === 'busiest-port',
    drainsFree: conventions.outputDrain === 'free',
    paysParts: conventions.lastSlice === 'part',
    streamed: conventions.innermostRows === 'streamed' ? loopDims.indexOf(rowLoop) : -1,
    noise,
    showsNoise: Uint8Array.from(operands, ({ mean }) => {
      const loops = mean.loops.flat()
      const fractional = loops.filter((loop) => !Number.isInteger(loop.size))
      if (!keepsNoise || fractional.length === 0) return 0
      return fractional.some(({ dim }) => loops.filter((each) => each.dim === dim).length > 1)
        ? 2
        : 1
    }),
  }
  operands.forEach((each, p) => {
    const { memories, memoryIndices, mean, whole } = each
    fillBelow(tables.belowMean, p * stride, mean, memories.length)
    fillBelow(tables.belowWhole, p * stride, whole, memories.length)
    memories.forEach((memory, m) => {
      const row = p * stride + m
      tables.fanOutMean[row] = mean.fanOut[m]
      tables.fanOutWhole[row] = whole.fanOut[m]
      tables.memory[row] = memoryIndices[m]
      if (m === 0 && conventions.innermostCapacity === 'unchecked') {
        tables.unchecked[memoryIndices[m]] = 1
      }
      linkDirections.forEach((direction, link) => {
        const read = direction === 'to-low' || direction === 'to-high'
        const k = row * 4 + link
        const width = read ? memory.readBandwidthBits : memory.writeBandwidthBits
        const slice = read ? memory.readGranularityBits : memory.writeGranularityBits
        tables.portBits[k] = width
        const drains = direction === 'to-high' && conventions.outputDrain === 'free'
        tables.linkCostPj[k] = drains ? 0 : accessEnergyPj(memory, direction)
        tables.sliceBits[k] = slice
        tables.wordsPerSlice[k] = slice / width
        tables.copies[k] = mean.instances[m + 1]
        const other = otherEndBits(each, m, link, problem)
        if (other === undefined) return
        for (const partial of [0, 1]) {
          const bits = tables.bits[p * 2 + partial]
          const rate = Math.min(other / bits, width / bits)
          tables.elementsPerCycle[k * 2 + partial] = bits === 0 ? Infinity : rate
          tables.slicesPerCycle[k * 2 + partial] = paidSlices((rate * bits) / slice, conventions)
        }
      })
    })
  })
  return tables
}

/** Products of the spatial loops below each boundary of one operand, from table row `first` on. */
function fillBelow(
  below: Float64Array,
  first: number,
  { loops }: SpatialCounts,
  levels: number,
): void {
  const dimCount = loopDims.length
  for (let b = 1; b <= levels; b++) {
    const at = (first + b) * dimCount
    below.copyWithin(at, at - dimCount, at)
    for (const { dim, size } of loops[b - 1]) below[at + loopDims.indexOf(dim)] *= size
  }
}

function reducedAbove({ operand, mean }: ProblemOperand, stride: number): Uint8Array {
  const reduces = mean.loops.map((loops) =>
    loops.some((loop) => loop.size > 1 && operand.irrelevant.includes(loop.dim)),
  )
  return Uint8Array.from({ length: stride + 1 }, (_, b) =>
    b < mean.loops.length - 1 && reduces.slice(b + 1).some(Boolean) ? 1 : 0,
  )
}

/** Bits per cycle that the other end of a link takes or gives; undefined where transfers are not sliced by it. */
function otherEndBits(
  { memories, mean: { unique } }: ProblemOperand,
  m: number,
  link: number,
  { conventions }: HierarchicalProblem,
): number | undefined {
  if (link < 2) {
    const below = memories[m - 1]
    if (below === undefined || conventions.cycleSlicing === 'none') return undefined
    return (
      (link === 0 ? below.writeBandwidthBits : below.readBandwidthBits) *
      (unique[m] / unique[m + 1])
    )
  }
  const above = memories[m + 1]
  if (above === undefined || conventions.cycleSlicing !== 'both-ends') return undefined
  return (
    (link === 2 ? above.writeBandwidthBits : above.readBandwidthBits) *
    (unique[m + 2] / unique[m + 1])
  )
}
