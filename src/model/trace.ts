/**
 * What running one network with one sparsity pattern took, sample by sample and layer by layer: the only thing that
 * `serve` knows about a network. Written by `profile`, by `plan`, or read from a published table.
 */
export interface Trace {
  readonly kind: 'trace'
  /** Unique in a set of traces, e.g. `resnet50_filter_sparse20`. */
  readonly name: string
  /**
   * Traces of one network under several sparsity patterns carry the same network name and share one pattern-blind
   * profile (the mean over all of them). Absent: this trace is a network of its own, and both profiles are the same.
   */
  readonly network?: string
  readonly sampleCount: number
  readonly layerCount: number
  /** Seconds, row-major: `latencyS[sample * layerCount + layer]`. */
  readonly latencyS: Float64Array
  /** Fraction of zeros that the layer's monitor sees, 0 … 1, same layout. */
  readonly sparsity: Float64Array
  /** Names of the layers, where the file says them. */
  readonly layerNames?: readonly string[]
  /** Where the zeros come from, where the file says it: measured on real inputs, or drawn from a model. */
  readonly provenance?: string
  /** Samples in the order in which the file names them: profile means are summed in this order. Absent: 0, 1, 2 … */
  readonly sampleOrder?: Int32Array
}

/**
 * A trace from its two matrices.
 * @throws RangeError when a matrix has the wrong size
 */
export function createTrace(fields: Omit<Trace, 'kind'>): Trace {
  const size = fields.sampleCount * fields.layerCount
  if (fields.latencyS.length !== size || fields.sparsity.length !== size) {
    throw new RangeError(
      `trace ${fields.name}: expected ${size} values (${fields.sampleCount} samples × ${fields.layerCount} layers)`,
    )
  }
  return Object.freeze({ kind: 'trace', ...fields })
}
