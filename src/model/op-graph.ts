import type { Operation } from './cost-source.js'

/** One data dependence of an operation graph. */
export interface OpEdge {
  /** Index of the producing operation. */
  readonly from: number
  /** Index of the consuming operation. */
  readonly to: number
  /** Data handed over for one input: bytes, or the file's own unit. Costs nothing until a `Soc` has an interconnect. */
  readonly volume: number
}

/** An operation of a graph, with what placing it may depend on. */
export interface GraphOperation extends Operation {
  /** Bytes of weights that must be in the memory of the core that runs it; absent = none. */
  readonly weightBytes?: number
}

/** A network as a DAG of operations; index in `operations` is the operation's number everywhere. */
export interface OpGraph {
  readonly kind: 'op-graph'
  readonly name: string
  readonly operations: readonly GraphOperation[]
  readonly edges: readonly OpEdge[]
}
