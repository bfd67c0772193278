import { hierarchical } from '../../cost/index.js'
import { completionBounds } from './completion-bounds.js'
import type { FactorLattice } from './factor-lattice.js'
import type { OperandTerms } from './operand-terms.js'
import { slidingShare, type SlidingCost } from './slide-terms.js'

// Sums of fractions must not exceed the whole number of cycles that they stand for.
const NOISE = 1 - 1e-12

/**
 * Lower bounds of latency that are sums over operands and boundaries, as energy is. Latency is the loop nest or the
 * busiest port, whichever is longer (a port's stall is at least its transfers less the cycles of the loop nest,
 * specification §7.4), then the first loads and the last stores; the loads take at least as long as those of either
 * input, and as what both load through shared ports (§7.5). Every pair of these is one line; no mapping is faster than any
 * of its lines. They stand in one sum because what is transferred only once is not waited for, but loaded.
 */
export interface LatencyLines {
  readonly count: number
  /** [line]: cycles of every mapping. */
  readonly baseCycles: Float64Array
  /** [operand][b][state, line]: cycles that cutting boundary b adds; index `state * count + line`. */
  readonly cycles: readonly (readonly Float64Array[])[]
  /** What those of the operand whose tiles slide come to (`SlideTerms`); only where cycles follow what is moved. */
  readonly sliding?: SlidingCost
  /** [operand][b][state, line]: least cycles that the boundaries from b on add. */
  readonly bounds: readonly (readonly Float64Array[])[]
  /**
   * [operand][b][state, line]: 1 where boundary b keeps the port of the line busy. A port may wait at the beginning,
   * before the second window of its most frequent link: the first such cut of a mapping adds its period or, if loops right
   * below it reuse the operand, the part of it in which those do not.
   */
  readonly touches: readonly (readonly Uint8Array[])[]
}

type PortLinks = ReturnType<typeof hierarchical.portLinks>[number]

/** Whether a line counts what input p loads over the pair of levels below boundary b. */
type CountsLoad = (p: number, b: number) => boolean

interface Line {
  /** Links of the port; undefined: the loop nest. */
  readonly links: PortLinks | undefined
  readonly countsLoad: CountsLoad
}

/** Tabulates the lines of a problem over the lattice. */
export function latencyLines(
  kernel: hierarchical.MappingKernel,
  lattice: FactorLattice,
  operands: readonly OperandTerms[],
  capacityBits: readonly (readonly number[])[],
  latency: 'totalCycles' | 'loadedCycles',
): LatencyLines {
  const { problem } = kernel
  const { latencyRule } = problem.conventions
  const temporal = lattice.cycles[lattice.size - 1]
  const ports = hierarchical
    .portLinks(problem, kernel.tables.stride)
    .filter((links) => mayStall(kernel, links, temporal))
  const loads = latencyRule === 'busiest-port' ? [() => false] : loadCounts(kernel)
  const lines = [undefined, ...ports].flatMap((links) =>
    loads.map((countsLoad): Line => ({ links, countsLoad })),
  )
  const count = lines.length
  const waits = latencyRule === 'port-stalls' && problem.conventions.portWindows === 'same-count'
  const servesArray = (links: PortLinks): boolean =>
    links.some(({ row }) => row % kernel.tables.stride === 0)
  const baseCycles = Float64Array.from(lines, ({ links }) => {
    if (links === undefined) return temporal
    return arrayCycles(kernel, links) + (waits && servesArray(links) ? 1 : 0)
  })
  const touches = operands.map(({ depth }, p) =>
    Array.from({ length: depth }, (_, b) => {
      const columns = lines.map(({ links = [] }) => {
        const row = p * kernel.tables.stride + b
        const counts = links.filter((each) => each.row === row).map((each) => each.countColumn)
        return b > 0 && waits && !servesArray(links) ? counts : []
      })
      return busyPorts(kernel, lattice.size, columns, p, b)
    }),
  )
  const cycles = operands.map(({ depth }, p) =>
    Array.from({ length: depth }, (_, b) =>
      b === 0 ? new Float64Array(0) : boundaryCycles(kernel, lattice.size, lines, p, b, latency),
    ),
  )
  const slider = problem.operands.findIndex(({ operand }) => operand.sliding.length > 0)
  const slides = latencyRule === 'busiest-port' && problem.conventions.inputHalo === 'slides'
  const sliding =
    slides && slider >= 0 ? slidingShare(problem, slider, lattice, cycles[slider]) : undefined
  const least = cycles.map((own, p) => (p === slider && sliding ? sliding.least : own))
  const bounds = operands.map((terms, p) => {
    const interleaved = Array.from(
      { length: terms.depth + 1 },
      () => new Float64Array(lattice.size * count),
    )
    for (let line = 0; line < count; line++) {
      const own = least[p].map((table, b) =>
        b === 0
          ? table
          : Float64Array.from({ length: lattice.size }, (_, s) => table[s * count + line]),
      )
      completionBounds(lattice, terms, own, capacityBits[p]).forEach((bound, b) => {
        for (let s = 0; s < lattice.size; s++) interleaved[b][s * count + line] = bound[s]
      })
    }
    return interleaved
  })
  return { count, baseCycles, cycles, bounds, touches, ...(sliding && { sliding }) }
}

/** [state, line]: what cutting boundary b of operand p adds to each line. */
function boundaryCycles(
  kernel: hierarchical.MappingKernel,
  states: number,
  lines: readonly Line[],
  p: number,
  b: number,
  latency: 'totalCycles' | 'loadedCycles',
): Float64Array {
  const { problem, rows, tables } = kernel
  const { latencyRule } = problem.conventions
  const spread = latencyRule === 'busiest-port'
  const row = p * tables.stride + b
  const table = new Float64Array(states * lines.length)
  const columns = lines.map(({ links = [] }) =>
    links.flatMap((each) => (each.row === row ? [hierarchical.BUSY_CYCLES + each.link] : [])),
  )
  const loads = lines.map((line) => p > 0 && line.countsLoad(p, b))
  const { offloadWaits, offloadLatency } = hierarchical.kernelPorts(
    problem,
    tables.stride,
    () => undefined,
  )
  const stores = p === 0 && latency === 'totalCycles' && !spread
  const waits = b === tables.levels[0] - 1 || offloadWaits[b - 1] === 1
  for (let s = 0; s < states; s++) {
    const at = rows.find(row, s)
    const { values } = rows
    const real = at + hierarchical.REAL_CYCLES
    const load = Math.max(values[real], values[real + 3])
    const store = waits ? Math.max(values[real + 1], values[real + 2]) : offloadLatency[b - 1]
    for (let line = 0; line < lines.length; line++) {
      let sum = stores ? store : loads[line] ? load : 0
      for (const column of columns[line]) sum += values[at + column]
      table[s * lines.length + line] = spread ? sum * NOISE : sum
    }
  }
  return table
}

/** [state, line]: whether any of the transfers in these columns happens. */
function busyPorts(
  { rows, tables }: hierarchical.MappingKernel,
  states: number,
  columns: readonly (readonly number[])[],
  p: number,
  b: number,
): Uint8Array {
  const busy = new Uint8Array(states * columns.length)
  columns.forEach((counts, line) => {
    if (counts.length === 0) return
    for (let s = 0; s < states; s++) {
      const at = rows.find(p * tables.stride + b, s)
      if (counts.some((column) => rows.values[at + column] > 0)) busy[s * columns.length + line] = 1
    }
  })
  return busy
}

/** Cycles of a port that serve the array, in every mapping. */
function arrayCycles(
  { problem, rows, tables }: hierarchical.MappingKernel,
  links: PortLinks,
): number {
  const { innermostReuse, latencyRule } = problem.conventions
  return links.reduce((sum, { row, link }) => {
    const p = Math.floor(row / tables.stride)
    // Units that keep an input for a while read it less often, depending on the order of the loops.
    const isKept = p > 0 && innermostReuse === 'kept'
    if (row % tables.stride > 0 || isKept) return sum
    const cycles = rows.values[rows.find(row, 0) + hierarchical.BUSY_CYCLES + link]
    return sum + (latencyRule === 'busiest-port' ? cycles * NOISE : cycles)
  }, 0)
}

/** Whether a port can be busy for longer than the loop nest runs. */
function mayStall(kernel: hierarchical.MappingKernel, links: PortLinks, temporal: number): boolean {
  const { rows, tables, lattice } = kernel
  const most = links.reduce(
    (sum, { row, link }) => {
      if (row % tables.stride === 0) return sum
      let longest = 0
      for (let s = 0; s < lattice.size; s++) {
        const cycles = rows.values[rows.find(row, s) + hierarchical.BUSY_CYCLES + link]
        if (cycles > longest) longest = cycles
      }
      return sum + longest
    },
    arrayCycles(kernel, links),
  )
  return most > temporal
}

/** What loading takes at least: what either input loads, and what both load through ports that they share. */
function loadCounts({ problem, tables }: hierarchical.MappingKernel): CountsLoad[] {
  const { operands, conventions } = problem
  const { stride } = tables
  const { sharedEnds } = hierarchical.kernelPorts(problem, stride, () => undefined)
  const ends = (p: number, b: number): number => sharedEnds[p * stride + b - 1]
  const counts: CountsLoad = (p, b) => {
    if (operands.length === 2 && conventions.singleInputLoads === 'unshared')
      return ends(p, b) === 0
    if (ends(p, b) !== 1 || conventions.halfSharedLoads === 'sum') return true
    // Only the outermost of the loads with one shared end is counted.
    for (let m = b + 1; m < tables.levels[p]; m++) if (ends(p, m) === 1) return false
    return true
  }
  if (operands.length === 2) return [counts]
  const both: CountsLoad[] = operands.some(({ memories }, p) =>
    memories.some((_, m) => p > 0 && m > 0 && ends(p, m) === 2),
  )
    ? [(p, b) => ends(p, b) === 2]
    : []
  return [(p, b) => p === 1 && counts(p, b), (p, b) => p === 2 && counts(p, b), ...both]
}
