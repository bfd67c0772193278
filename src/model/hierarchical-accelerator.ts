import type { Operand } from './loop-dims.js'
import type { UnrollingRule } from './spatial-unrolling.js'

/** A named dimension of the operational array, e.g. 32 rows. */
export interface ArrayDimension {
  readonly name: string
  readonly size: number
}

/** The multiply-accumulate units, laid out along any number of dimensions. */
export interface OperationalArray {
  readonly dimensions: readonly ArrayDimension[]
  /** Energy of one multiply-accumulate. */
  readonly macEnergyPj: number
  /** Energy of one addition or comparison (pooling, residual add); the energy of a MAC when absent. */
  readonly simpleOpEnergyPj?: number
}

/**
 * What a data link does, seen from its memory: `to-low` reads data out to the level below, `from-high` writes data
 * coming from above, `to-high` reads results out to the level above, `from-low` writes results coming from below.
 */
export const linkDirections = ['to-low', 'from-low', 'to-high', 'from-high'] as const
export type LinkDirection = (typeof linkDirections)[number]

/** One kind of traffic of one operand that a port carries. */
export interface DataLink {
  readonly operand: Operand
  readonly direction: LinkDirection
}

/** A physical port; its links compete for its cycles. Links are kept in the order in which the file names them. */
export interface MemoryPort {
  readonly name: string
  readonly type: 'read' | 'write' | 'read-write'
  readonly links: readonly DataLink[]
}

/** One memory of the hierarchy: the instance, which operands it holds, where it sits, and its ports. */
export interface MemoryLevel {
  readonly name: string
  /** Capacity of one instance. */
  readonly sizeBits: number
  /** Width of one port per cycle. */
  readonly readBandwidthBits: number
  readonly writeBandwidthBits: number
  /** Smallest slice of a word that can be accessed and paid for; energy is proportional to the slices touched. */
  readonly readGranularityBits: number
  readonly writeGranularityBits: number
  /** Energy of one access of the full width. */
  readonly readEnergyPj: number
  readonly writeEnergyPj: number
  /**
   * The same for words that go to, or come from, the level above, where it differs: an interconnect on the way, or fills
   * that cost nothing.
   */
  readonly toHighEnergyPj?: number
  readonly fromHighEnergyPj?: number
  readonly latencyCycles: number
  /** Operands held, in the order in which a search fills the memory. */
  readonly operands: readonly Operand[]
  /** Operands held that may also pass by: their data then move between the memories below and above (a search decides). */
  readonly mayBypass?: readonly Operand[]
  /** Array dimensions along which one instance feeds or collects for all units; instances repeat along the others. */
  readonly serves: readonly string[]
  readonly ports: readonly MemoryPort[]
}

/**
 * An accelerator as an operational array under a hierarchy of memories. A memory holds one or more operands; the levels
 * of an operand are the memories that hold it, innermost first.
 */
export interface HierarchicalAccelerator {
  readonly kind: 'hierarchical-accelerator'
  readonly name: string
  readonly array: OperationalArray
  /** Innermost first; the order in which a search fills them. */
  readonly memories: readonly MemoryLevel[]
  /** Loop dimensions that each array dimension prefers to unroll; empty when every layer brings its own unrolling. */
  readonly unrolling: UnrollingRule
  readonly clockMhz?: number
}
