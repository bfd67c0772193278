import { accessEnergyPj, linkDirections, loopDims } from '../../model/index.js'
import { ceilFactor, gcd } from './extent.js'
import type { HierarchicalProblem, ProblemOperand } from './problem.js'

/** What a loop means to an operand: irrelevant, relevant, or the output or kernel loop of sliding axis 0 or 1. */
export const loopKind = { irrelevant: 0, relevant: 1, slidingFrom: 2 } as const

/**
 * Everything about a problem that does not change from mapping to mapping, in flat arrays. Index conventions: operand p
 * (0 is the output), memory level m or architecture level a = m + 1, link in the order of `linkDirections`; rows are
 * `stride` entries long.
 */
export interface KernelTables {
  readonly operandCount: number
  /** Row length: levels of the deepest operand, plus one. */
  readonly stride: number
  readonly levels: Int32Array
  /** [p·8 + dim] */
  readonly kind: Uint8Array
  /** [p·2 + axis]: stride and dilation divided by their common divisor. */
  readonly axisStride: Float64Array
  readonly axisDilation: Float64Array
  /** Spatial loops below memory m that are not irrelevant to p: from `spatialStart[p·stride + m]` to the next entry. */
  readonly spatialStart: Int32Array
  readonly spatialKind: Uint8Array
  readonly spatialMean: Float64Array
  readonly spatialWhole: Float64Array
  /** 1 when average and largest use of the array differ for p. */
  readonly fractional: Uint8Array
  /** [p·stride + m] */
  readonly fanOutMean: Float64Array
  readonly fanOutWhole: Float64Array
  /** [a]: outputs are still partial at level a because of a spatial reduction above it. */
  readonly reducedAbove: Uint8Array
  /** [p·2 + partial]: bits of an element. */
  readonly bits: Float64Array
  /** [p·stride + m] → index of the physical memory; sizes by that index. */
  readonly memory: Int32Array
  readonly memoryBits: Float64Array
  /** Share of the memory that may be over-filled unchecked (published conventions). */
  readonly unchecked: Uint8Array
  /** [(p·stride + m)·4 + link] */
  readonly portBits: Float64Array
  readonly linkCostPj: Float64Array
  readonly sliceBits: Float64Array
  readonly wordsPerSlice: Float64Array
  readonly copies: Float64Array
  /** [((p·stride + m)·4 + link)·2 + partial]: elements per cycle at most, and the slices touched in such a cycle. */
  readonly elementsPerCycle: Float64Array
  readonly slicesPerCycle: Float64Array
  /** Links of each port, as indices (p·stride + m)·4 + link, in the order of memories, ports and links. */
  readonly portStart: Int32Array
  readonly portLinks: Int32Array
  /** [p·stride + m]: how many ends of the pair (m, m + 1) share a port with the other input. */
  readonly sharedEnds: Uint8Array
  /** [m]: 1 when off-loading pair m waits for pair m + 1; else only the latency of the memory between counts. */
  readonly offloadWaits: Uint8Array
  readonly offloadLatency: Float64Array
}

/** Flattens a problem. */
export function kernelTables(problem: HierarchicalProblem): KernelTables {
  const { operands, accelerator, conventions } = problem
  const operandCount = operands.length
  const stride = Math.max(...operands.map((each) => each.memories.length)) + 1
  const rows = operandCount * stride
  const noise = ceilFactor(conventions)
  const tables = {
    operandCount,
    stride,
    levels: Int32Array.from(operands, (each) => each.memories.length),
    kind: new Uint8Array(operandCount * loopDims.length),
    axisStride: new Float64Array(operandCount * 2).fill(1),
    axisDilation: new Float64Array(operandCount * 2).fill(1),
    ...spatialTables(operands, stride),
    fanOutMean: new Float64Array(rows),
    fanOutWhole: new Float64Array(rows),
    reducedAbove: new Uint8Array(stride + 1),
    bits: Float64Array.from(operands.flatMap(({ operand }) => [operand.bits, operand.partialBits])),
    memory: new Int32Array(rows).fill(-1),
    memoryBits: Float64Array.from(accelerator.memories, (each) => each.sizeBits),
    unchecked: new Uint8Array(accelerator.memories.length),
    portBits: new Float64Array(rows * 4),
    linkCostPj: new Float64Array(rows * 4),
    sliceBits: new Float64Array(rows * 4),
    wordsPerSlice: new Float64Array(rows * 4),
    copies: new Float64Array(rows * 4),
    elementsPerCycle: new Float64Array(rows * 8).fill(Infinity),
    slicesPerCycle: new Float64Array(rows * 8),
    ...portTables(problem, stride),
    sharedEnds: new Uint8Array(rows),
    offloadWaits: new Uint8Array(stride),
    offloadLatency: new Float64Array(stride),
  }
  operands.forEach((each, p) => {
    const { operand, memories, memoryIndices, mean, whole } = each
    loopDims.forEach((dim, d) => {
      const axis = operand.sliding.findIndex((s) => s.output === dim || s.kernel === dim)
      tables.kind[p * loopDims.length + d] =
        axis >= 0
          ? loopKind.slidingFrom + 2 * axis + (operand.sliding[axis].kernel === dim ? 1 : 0)
          : operand.relevant.includes(dim)
            ? loopKind.relevant
            : loopKind.irrelevant
    })
    operand.sliding.forEach((axis, i) => {
      const divisor = gcd(axis.stride, axis.dilation)
      tables.axisStride[p * 2 + i] = axis.stride / divisor
      tables.axisDilation[p * 2 + i] = axis.dilation / divisor
    })
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
          tables.slicesPerCycle[k * 2 + partial] = Math.ceil(((rate * bits) / slice) * noise)
        }
      })
      const classes = (level: number, direction: string) => {
        const port = memories[level]?.ports.find((candidate) =>
          candidate.links.some((l) => l.operand === operand.memory && l.direction === direction),
        )
        return new Set(port?.links.map((l) => l.operand))
      }
      const shares = (set: ReadonlySet<string>) => (set.has('input') && set.has('weight') ? 1 : 0)
      tables.sharedEnds[row] = shares(classes(m, 'from-high')) + shares(classes(m + 1, 'to-low'))
    })
  })
  fillOutputTables(tables, problem)
  return tables
}

function fillOutputTables(
  tables: { reducedAbove: Uint8Array; offloadWaits: Uint8Array; offloadLatency: Float64Array },
  { operands, conventions }: HierarchicalProblem,
): void {
  const { operand, memories, mean } = operands[0]
  const reduces = mean.loops.map((loops) =>
    loops.some((loop) => loop.size > 1 && operand.irrelevant.includes(loop.dim)),
  )
  memories.forEach((_, a) => {
    tables.reducedAbove[a] = reduces.slice(a + 1).some(Boolean) ? 1 : 0
  })
  memories.slice(1).forEach((middle, m) => {
    const sharesPort = middle.ports.some((port) =>
      (['from-low', 'to-high'] as const).every((direction) =>
        port.links.some((link) => link.operand === 'output' && link.direction === direction),
      ),
    )
    tables.offloadWaits[m] = conventions.offloadPorts === 'tested' && sharesPort ? 1 : 0
    tables.offloadLatency[m] = middle.latencyCycles
  })
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

function spatialTables(operands: readonly ProblemOperand[], stride: number) {
  const start = new Int32Array(operands.length * stride + 1)
  const kinds: number[] = []
  const mean: number[] = []
  const whole: number[] = []
  const fractional = new Uint8Array(operands.length)
  operands.forEach(({ operand, memories, mean: average, whole: largest }, p) => {
    for (let m = 0; m < stride; m++) {
      start[p * stride + m] = kinds.length
      if (m >= memories.length) continue
      average.loops[m].forEach((loop, i) => {
        if (operand.irrelevant.includes(loop.dim)) return
        const axis = operand.sliding.findIndex(
          (s) => s.output === loop.dim || s.kernel === loop.dim,
        )
        const kernel = axis >= 0 && operand.sliding[axis].kernel === loop.dim
        kinds.push(
          axis < 0 ? loopKind.relevant : loopKind.slidingFrom + 2 * axis + (kernel ? 1 : 0),
        )
        mean.push(loop.size)
        whole.push(largest.loops[m][i].size)
      })
    }
    fractional[p] = average.loops.flat().some((loop) => !Number.isInteger(loop.size)) ? 1 : 0
  })
  start[operands.length * stride] = kinds.length
  return {
    spatialStart: start,
    spatialKind: Uint8Array.from(kinds),
    spatialMean: Float64Array.from(mean),
    spatialWhole: Float64Array.from(whole),
    fractional,
  }
}

function portTables({ accelerator, operands }: HierarchicalProblem, stride: number) {
  const start = [0]
  const links: number[] = []
  accelerator.memories.forEach((memory, index) => {
    for (const port of memory.ports) {
      for (const { operand, direction } of port.links) {
        const p = operands.findIndex((each) => each.operand.memory === operand)
        if (p < 0) continue
        const level = operands[p].memoryIndices.indexOf(index)
        links.push((p * stride + level) * 4 + linkDirections.indexOf(direction))
      }
      start.push(links.length)
    }
  })
  return { portStart: Int32Array.from(start), portLinks: Int32Array.from(links) }
}
