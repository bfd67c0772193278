import { hierarchical } from '../../cost/index.js'
import type { LinkDirection } from '../../model/index.js'
import { completionBounds } from './completion-bounds.js'
import { contentElements, unrounded } from './content-elements.js'
import type { FactorLattice } from './factor-lattice.js'
import type { OperandTerms } from './operand-terms.js'

// Sums of fractions must not exceed the whole number of cycles that they stand for.
const NOISE = 1 - 1e-12

/**
 * Cycles for which each physical port is busy, after the first transfer of every link: no mapping is faster than its
 * busiest port, whatever its buffers (specification §7.4: a port's stall is at least its transfers less the cycles of
 * the loop nest). Like energy, they are sums of terms per operand and boundary. Where only the busiest port counts, they
 * are the cycles that all its bits take.
 */
export interface PortTerms {
  /** Number of ports. */
  readonly count: number
  /** [port]: cycles at the array, below which there are no temporal loops. */
  readonly baseCycles: Float64Array
  /** [operand][b][state, port]: cycles that cutting boundary b adds; index `state * count + port`. */
  readonly cycles: readonly (readonly Float64Array[])[]
  /** [operand][b][state, port]: least cycles that the boundaries from b on add. */
  readonly bounds: readonly (readonly Float64Array[])[]
}

/** One link that a boundary uses: its port, and how long a transfer holds it. */
interface Link {
  readonly port: number
  readonly width: number
  /** Elements of one transfer are those below the boundary times this. */
  readonly fanOut: number
  /** Whether it reads partial sums back. */
  readonly back: boolean
}

/** Tabulates the ports of a problem over the lattice. */
export function portTerms(
  problem: hierarchical.HierarchicalProblem,
  lattice: FactorLattice,
  operands: readonly OperandTerms[],
  capacityBits: readonly (readonly number[])[],
): PortTerms {
  const ports = problem.accelerator.memories.flatMap((memory, index) =>
    memory.ports.map((port) => ({ index, port })),
  )
  const count = ports.length
  const portOf = (p: number, m: number, direction: LinkDirection): number => {
    const { operand, memoryIndices } = problem.operands[p]
    return ports.findIndex(
      ({ index, port }) =>
        index === memoryIndices[m] &&
        port.links.some((link) => link.operand === operand.memory && link.direction === direction),
    )
  }
  const drainsFree = problem.conventions.outputDrain === 'free'
  const linksOf = (p: number, b: number): Link[] => {
    const { operand, memories, whole } = problem.operands[p]
    const isOutput = operand.name === 'output'
    const link = (m: number, direction: LinkDirection, fanOut: number, back: boolean): Link => {
      const reads = direction === 'to-low' || direction === 'to-high'
      const { readBandwidthBits, writeBandwidthBits } = memories[m]
      const width = reads ? readBandwidthBits : writeBandwidthBits
      return { port: portOf(p, m, direction), width, fanOut, back }
    }
    const upper = isOutput
      ? [link(b, 'from-low', whole.fanOut[b], false), link(b, 'to-low', whole.fanOut[b], true)]
      : [link(b, 'to-low', whole.fanOut[b], false)]
    if (b === 0) return upper
    const lower = isOutput
      ? [
          ...(drainsFree ? [] : [link(b - 1, 'to-high', 1, false)]),
          link(b - 1, 'from-high', 1, true),
        ]
      : [link(b - 1, 'from-high', 1, false)]
    return [...upper, ...lower]
  }

  const total = lattice.cycles[lattice.size - 1]
  const spread = problem.conventions.latencyRule === 'busiest-port'
  const slides = problem.conventions.inputHalo === 'slides'
  const busy = (p: number, b: number, link: Link, elements: number, s: number): number => {
    const { accumulations, bits, partialBits } = operands[p]
    const { mean } = problem.operands[p]
    const irrelevant = problem.operands[p].operand.irrelevant
    const reduced = mean.loops
      .slice(b + 1)
      .some((loops) => loops.some((each) => irrelevant.includes(each.dim) && each.size > 1))
    const partial = p === 0 && (reduced || accumulations[s] > 1)
    if (link.back && !partial) return 0
    const share =
      link.back && !hierarchical.chargesFirstRead(problem.conventions, b)
        ? (accumulations[s] - 1) / accumulations[s]
        : 1
    const transfers = Math.floor(total / lattice.cycles[s]) * share
    if (transfers === 0) return 0
    const cycles = (elements * link.fanOut * (partial ? partialBits : bits)) / link.width
    if (!spread) return Math.ceil(cycles) * (transfers - 1)
    // Tiles that slide pass less than all of their bits; the bound leaves them out.
    return slides && b > 0 && problem.operands[p].operand.sliding.length > 0
      ? 0
      : cycles * transfers * NOISE
  }

  const baseCycles = new Float64Array(count)
  const cycles = operands.map(({ depth }, p) =>
    Array.from({ length: depth }, (_, b) => {
      const links = linksOf(p, b).filter((link) => link.port >= 0)
      if (b === 0) {
        for (const link of links) baseCycles[link.port] += busy(p, 0, link, 1, 0)
        return new Float64Array(0)
      }
      const elements = contentElements(problem, p, 'whole', b, lattice, unrounded)
      const table = new Float64Array(lattice.size * count)
      for (const link of links) {
        for (let s = 0; s < lattice.size; s++) {
          table[s * count + link.port] += busy(p, b, link, elements[s], s)
        }
      }
      return table
    }),
  )
  const bounds = operands.map((terms, p) => {
    const interleaved = Array.from(
      { length: terms.depth + 1 },
      () => new Float64Array(lattice.size * count),
    )
    for (let port = 0; port < count; port++) {
      const own = cycles[p].map((table, b) =>
        b === 0
          ? table
          : Float64Array.from({ length: lattice.size }, (_, s) => table[s * count + port]),
      )
      completionBounds(lattice, terms, own, capacityBits[p]).forEach((bound, b) => {
        for (let s = 0; s < lattice.size; s++) interleaved[b][s * count + port] = bound[s]
      })
    }
    return interleaved
  })
  return { count, baseCycles, cycles, bounds }
}
