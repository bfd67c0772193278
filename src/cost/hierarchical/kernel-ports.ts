import { linkDirections } from '../../model/index.js'
import { BUSY_CYCLES, READ_BACKS, REAL_CYCLES, TRANSFERS } from './boundary-rows.js'
import type { HierarchicalProblem } from './problem.js'

/** How the links of a problem share ports, in flat arrays. */
export interface KernelPorts {
  /** Links of port i that depend on the mapping: entries `start[i]` to `start[i + 1]`. */
  readonly start: Int32Array
  /** Boundary that a link crosses (p·stride + b); columns of its row: busy cycles, cycles, and number of transfers. */
  readonly row: Int32Array
  readonly busyColumn: Uint8Array
  readonly cyclesColumn: Uint8Array
  readonly countColumn: Uint8Array
  /** [port] The other links, those of the array: how many are in use, how long all together, and their longest run. */
  readonly arrayLinks: Uint8Array
  readonly arrayBusy: Float64Array
  readonly arrayFitting: Float64Array
  readonly arrayCycles: Float64Array
  /** Stall of the worst of the ports that serve the array alone. */
  readonly arrayStall: number
  /** [p·stride + m]: how many ends of the pair (m, m + 1) share a port with the other input. */
  readonly sharedEnds: Uint8Array
  /** [m]: 1 when off-loading pair m waits for pair m + 1; else only the latency of the memory between counts. */
  readonly offloadWaits: Uint8Array
  readonly offloadLatency: Float64Array
}

/** One link of a port, by the row and the columns that describe it. */
export interface PortLink {
  readonly row: number
  readonly link: number
  readonly countColumn: number
}

/** The links of every port that the layer uses, in the order of memories, ports and links; top memories have no outside. */
export function portLinks(
  { accelerator, operands }: HierarchicalProblem,
  stride: number,
): PortLink[][] {
  return accelerator.memories.flatMap((memory, index) =>
    memory.ports.map((port) =>
      port.links.flatMap(({ operand, direction }): PortLink[] => {
        const p = operands.findIndex((each) => each.operand.memory === operand)
        if (p < 0) return []
        const level = operands[p].memoryIndices.indexOf(index)
        const link = linkDirections.indexOf(direction)
        const boundary = link < 2 ? level : level + 1
        if (boundary === operands[p].memories.length) return []
        const isBack = p === 0 && (link === 0 || link === 3)
        return [{ row: p * stride + boundary, link, countColumn: isBack ? READ_BACKS : TRANSFERS }]
      }),
    ),
  )
}

/**
 * @param stride row length: levels of the deepest operand, plus one
 * @param arrayRow the row at boundary p·stride of the array, or undefined when it depends on the mapping
 */
export function kernelPorts(
  problem: HierarchicalProblem,
  stride: number,
  arrayRow: (p: number) => Float64Array | undefined,
): KernelPorts {
  const ports = portLinks(problem, stride)
  const isFixed = ({ row }: PortLink): boolean =>
    row % stride === 0 && arrayRow(row / stride) !== undefined
  const fixed = ports.map((links) => arrayLoad(links.filter(isFixed), stride, arrayRow))
  const varying = ports.map((links) => links.filter((link) => !isFixed(link)))
  const used = varying.flatMap((links, i) => (links.length > 0 ? [i] : []))
  const links = used.flatMap((i) => varying[i])
  const start = [0]
  for (const i of used) start.push(start[start.length - 1] + varying[i].length)
  const ofUsed = (value: (load: ArrayLoad) => number): number[] => used.map((i) => value(fixed[i]))
  return {
    start: Int32Array.from(start),
    row: Int32Array.from(links, (each) => each.row),
    busyColumn: Uint8Array.from(links, (each) => BUSY_CYCLES + each.link),
    cyclesColumn: Uint8Array.from(links, (each) => REAL_CYCLES + each.link),
    countColumn: Uint8Array.from(links, (each) => each.countColumn),
    arrayLinks: Uint8Array.from(ofUsed((load) => load.links)),
    arrayBusy: Float64Array.from(ofUsed((load) => load.busy)),
    arrayFitting: Float64Array.from(ofUsed((load) => load.fitting)),
    arrayCycles: Float64Array.from(ofUsed((load) => load.cycles)),
    arrayStall: fixed.reduce(
      (worst, load, i) => (varying[i].length > 0 ? worst : Math.max(worst, stallOf(load, problem))),
      0,
    ),
    sharedEnds: sharedEnds(problem, stride),
    ...offloading(problem, stride),
  }
}

/** What the links of the array ask of a port, whatever the mapping. They may be served in every cycle. */
interface ArrayLoad {
  readonly links: number
  readonly busy: number
  readonly fitting: number
  /** Cycles of the longest run of transfers. */
  readonly cycles: number
}

function arrayLoad(
  links: readonly PortLink[],
  stride: number,
  arrayRow: (p: number) => Float64Array | undefined,
): ArrayLoad {
  let used = 0
  let busy = 0
  let fitting = 0
  let cycles = 0
  for (const { row, link, countColumn } of links) {
    const values = arrayRow(row / stride)
    const count = values?.[countColumn] ?? 0
    if (values === undefined || count === 0) continue
    used++
    busy += values[BUSY_CYCLES + link]
    fitting += Math.min(values[REAL_CYCLES + link], 1) * (count - 1)
    cycles = Math.max(cycles, count)
  }
  return { links: used, busy, fitting, cycles }
}

/** Stall of a port that serves the array alone. */
function stallOf(
  { links, busy, fitting, cycles }: ArrayLoad,
  problem: HierarchicalProblem,
): number {
  const union = cycles - (problem.conventions.portWindows === 'same-count' ? 1 : 0)
  return busy - fitting + (links < 2 ? 0 : Math.max(0, fitting - union))
}

function sharedEnds({ operands }: HierarchicalProblem, stride: number): Uint8Array {
  const ends = new Uint8Array(operands.length * stride)
  operands.forEach(({ operand, memories }, p) => {
    const isShared = (level: number, direction: string): number => {
      const port = memories[level].ports.find((each) =>
        each.links.some((link) => link.operand === operand.memory && link.direction === direction),
      )
      const classes = new Set(port?.links.map((link) => link.operand))
      return classes.has('input') && classes.has('weight') ? 1 : 0
    }
    for (let m = 0; m + 1 < memories.length; m++) {
      ends[p * stride + m] = isShared(m, 'from-high') + isShared(m + 1, 'to-low')
    }
  })
  return ends
}

function offloading(
  { operands, conventions }: HierarchicalProblem,
  stride: number,
): Pick<KernelPorts, 'offloadWaits' | 'offloadLatency'> {
  const offloadWaits = new Uint8Array(stride)
  const offloadLatency = new Float64Array(stride)
  operands[0].memories.slice(1).forEach((middle, m) => {
    const sharesPort = middle.ports.some((port) =>
      (['from-low', 'to-high'] as const).every((direction) =>
        port.links.some((link) => link.operand === 'output' && link.direction === direction),
      ),
    )
    offloadWaits[m] = conventions.offloadPorts === 'tested' && sharesPort ? 1 : 0
    offloadLatency[m] = middle.latencyCycles
  })
  return { offloadWaits, offloadLatency }
}
