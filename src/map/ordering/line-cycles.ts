import { hierarchical } from '../../cost/index.js'
import { countOf, type FactorLattice } from './factor-lattice.js'

type PortLinks = ReturnType<typeof hierarchical.portLinks>[number]

/** Whether a line counts what input p loads over the pair of levels below boundary b. */
export type CountsLoad = (p: number, b: number) => boolean

/** What a line that bounds latency adds up. */
export interface LineKind {
  /** Links of a port; none: the loop nest. */
  readonly links: PortLinks
  /** Whether all transfers count that the port has to fit into the layer, or only what links wait for themselves. */
  readonly counts: 'transfers' | 'stalls'
  /** Number of the port among those that wait for their first transfers; −1: this one does not, or it is not counted. */
  readonly waitBit: number
  readonly countsLoad: CountsLoad
}

// Sums of fractions must not exceed the whole number of cycles that they stand for.
const NOISE = 1 - 1e-12

/** Cycles of a line in every mapping. */
export function baseCycles(
  kernel: hierarchical.MappingKernel,
  lattice: FactorLattice,
  { links, counts }: LineKind,
): number {
  const { problem, tables } = kernel
  const { latencyRule, portWindows } = problem.conventions
  if (links.length === 0 || counts === 'stalls') return lattice.cycles[lattice.size - 1]
  const waits = latencyRule === 'port-stalls' && portWindows === 'same-count'
  // What serves the array is not transferred in the first cycle.
  const served = waits && links.some(({ row }) => row % tables.stride === 0)
  return arrayCycles(kernel, links) + (served ? 1 : 0)
}

/** [state, line]: what cutting boundary b of operand p adds to each line. */
export function boundaryCycles(
  kernel: hierarchical.MappingKernel,
  lattice: FactorLattice,
  lines: readonly LineKind[],
  p: number,
  b: number,
  latency: 'totalCycles' | 'loadedCycles',
): Float64Array {
  const { problem, rows, tables } = kernel
  const spread = problem.conventions.latencyRule === 'busiest-port'
  const row = p * tables.stride + b
  const table = new Float64Array(lattice.size * lines.length)
  const own = lines.map(({ links }) => links.filter((each) => each.row === row))
  const loads = lines.map((line) => p > 0 && line.countsLoad(p, b))
  const { offloadWaits, offloadLatency } = hierarchical.kernelPorts(
    problem,
    tables.stride,
    () => undefined,
  )
  const stores = p === 0 && latency === 'totalCycles' && !spread
  const waits = b === tables.levels[0] - 1 || offloadWaits[b - 1] === 1
  const allowed = allowedCycles(kernel, lattice, p, b)
  for (let s = 0; s < lattice.size; s++) {
    const at = rows.find(row, s)
    const { values } = rows
    const real = at + hierarchical.REAL_CYCLES
    const load = Math.max(values[real], values[real + 3])
    const store = waits ? Math.max(values[real + 1], values[real + 2]) : offloadLatency[b - 1]
    for (let line = 0; line < lines.length; line++) {
      let sum = stores ? store : loads[line] ? load : 0
      for (const link of own[line]) sum += linkCycles(values, at, link, lines[line], allowed[s])
      table[s * lines.length + line] = spread ? sum * NOISE : sum
    }
  }
  return table
}

/** [state]: ports, by their bits, that boundary b of operand p keeps busy. */
export function waitingPorts(
  { rows, tables }: hierarchical.MappingKernel,
  lattice: FactorLattice,
  lines: readonly LineKind[],
  p: number,
  b: number,
): Int32Array {
  const row = p * tables.stride + b
  const busy = new Int32Array(lattice.size)
  const links = lines.flatMap(({ waitBit, links: all }) =>
    all.filter((each) => waitBit >= 0 && each.row === row).map((each) => ({ ...each, waitBit })),
  )
  if (b === 0 || links.length === 0) return busy
  for (let s = 0; s < lattice.size; s++) {
    const at = rows.find(row, s)
    for (const { waitBit, countColumn } of links) {
      if (rows.values[at + countColumn] > 0) busy[s] |= 1 << waitBit
    }
  }
  return busy
}

/** Whether a port may hold up the loop nest: by all its transfers, or by what its links wait for themselves. */
export function mayStall(
  kernel: hierarchical.MappingKernel,
  lattice: FactorLattice,
  links: PortLinks,
  counts: LineKind['counts'],
): boolean {
  const { rows, tables } = kernel
  const { stride } = tables
  let most = counts === 'stalls' ? 0 : arrayCycles(kernel, links) - lattice.cycles[lattice.size - 1]
  for (const link of links) {
    const b = link.row % stride
    if (b === 0) continue
    const allowed = allowedCycles(kernel, lattice, (link.row - b) / stride, b)
    let longest = 0
    for (let s = 0; s < lattice.size && most + longest <= 0; s++) {
      const cycles = linkCycles(rows.values, rows.find(link.row, s), link, { counts }, allowed[s])
      if (cycles > longest) longest = cycles
    }
    most += longest
  }
  return most > 0
}

/** Cycles for which a link keeps its port busy, or by which its transfers exceed the cycles allowed for each. */
function linkCycles(
  values: Float64Array,
  at: number,
  { link, countColumn }: PortLinks[number],
  { counts }: Pick<LineKind, 'counts'>,
  allowed: number,
): number {
  const busy = values[at + hierarchical.BUSY_CYCLES + link]
  if (counts === 'transfers' || busy === 0) return busy
  return Math.max(0, busy - allowed * (values[at + countColumn] - 1))
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

/**
 * [state]: cycles per period in which a transfer over boundary b of operand p holds up nothing, at most: all of them,
 * unless only loops that reuse the operand lie below its first cut, and it fills more than half of its memory, so that
 * the next data must wait.
 */
function allowedCycles(
  { problem, rows, tables }: hierarchical.MappingKernel,
  lattice: FactorLattice,
  p: number,
  b: number,
): Float64Array {
  const allowed = lattice.cycles.slice()
  if (b !== 1) return allowed
  const { operand } = problem.operands[p]
  const room = tables.memoryBits[tables.memory[p * tables.stride]]
  for (let s = 0; s < lattice.size; s++) {
    const renews = lattice.axes.some(
      ({ dim }, i) => !operand.irrelevant.includes(dim) && countOf(lattice, s, i) > 0,
    )
    if (renews) continue
    const at = rows.find(p * tables.stride + b, s)
    if (Math.floor(rows.values[at + hierarchical.HELD_BITS]) > room / 2) allowed[s] = 1
  }
  return allowed
}
