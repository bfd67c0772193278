import type { hierarchical } from '../../cost/index.js'
import { completionBounds } from './completion-bounds.js'
import type { FactorLattice } from './factor-lattice.js'
import { baseCycles, boundaryCycles, waitingPorts } from './line-cycles.js'
import { latencyLineKinds } from './line-kinds.js'
import type { OperandTerms } from './operand-terms.js'
import { slidingShare, type SlidingCost } from './slide-terms.js'

/**
 * Lower bounds of latency that are sums over operands and boundaries, as energy is. Latency is the loop nest or the
 * busiest port, whichever is longer, then the first loads and the last stores. A port holds up the loop nest (specification
 * §7.4) at least for its transfers less the cycles in which it may have them, and for what its links wait for one by one;
 * the loads take at least as long as those of either input, and as what both load through shared ports (§7.5). Every pair
 * of these is one line; no mapping is faster than any of its lines. They stand in one sum because what is transferred only
 * once is not waited for, but loaded.
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
   * [line]: bit of its port in `waits`, or −1. Nothing is transferred in the first period of the most frequent link of a
   * port, which is the first that a mapping cuts: that cut adds its period, once.
   */
  readonly waitBit: Int32Array
  /** [operand][b][state]: ports, as bits, that boundary b keeps busy. */
  readonly waits: readonly (readonly Int32Array[])[]
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
  const { latencyRule, inputHalo } = problem.conventions
  const lines = latencyLineKinds(kernel, lattice)
  const count = lines.length
  const cycles = operands.map(({ depth }, p) =>
    Array.from({ length: depth }, (_, b) =>
      b === 0 ? new Float64Array(0) : boundaryCycles(kernel, lattice, lines, p, b, latency),
    ),
  )
  const slider = problem.operands.findIndex(({ operand }) => operand.sliding.length > 0)
  const slides = latencyRule === 'busiest-port' && inputHalo === 'slides' && slider >= 0
  const sliding = slides ? slidingShare(problem, slider, lattice, cycles[slider]) : undefined
  const bounds = operands.map((terms, p) => {
    const tables = sliding !== undefined && p === slider ? sliding.least : cycles[p]
    return completionBounds(lattice, terms, tables, capacityBits[p], count)
  })
  return {
    count,
    baseCycles: Float64Array.from(lines, (line) => baseCycles(kernel, lattice, line)),
    cycles,
    bounds,
    waitBit: Int32Array.from(lines, (line) => line.waitBit),
    waits: operands.map(({ depth }, p) =>
      Array.from({ length: depth }, (_, b) => waitingPorts(kernel, lattice, lines, p, b)),
    ),
    ...(sliding === undefined ? {} : { sliding }),
  }
}
