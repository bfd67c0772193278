/** Requests in order of arrival, one array per field; request `i` is the i-th element of each. */
export interface RequestStream {
  readonly kind: 'request-stream'
  /** Seconds, ascending. */
  readonly arrivalS: Float64Array
  /** Index into the set of traces that the stream is served with. */
  readonly traceIndex: Int32Array
  /** Sample of that trace whose latencies and sparsities the request has. */
  readonly sampleIndex: Int32Array
  /** Importance, > 0; the published priorities are 1, 3 and 9. */
  readonly priority: Float64Array
  /** Seconds allowed from arrival to finish: the deadline is `arrivalS + sloS`. */
  readonly sloS: Float64Array
  /**
   * Request that must finish before this one exists, or −1: a cascade. The arrival of a follower is the later of its
   * own arrival and its parent's finish. Absent: no cascades.
   */
  readonly parent?: Int32Array
}

/** One request, for building streams from lists. */
export interface Request {
  readonly arrivalS: number
  readonly traceIndex: number
  readonly sampleIndex: number
  readonly priority: number
  readonly sloS: number
  readonly parent?: number
}

/** A stream of the given requests, in the given order. */
export function createRequestStream(requests: readonly Request[]): RequestStream {
  const cascades = requests.some((r) => r.parent !== undefined && r.parent >= 0)
  return Object.freeze({
    kind: 'request-stream',
    arrivalS: Float64Array.from(requests, (r) => r.arrivalS),
    traceIndex: Int32Array.from(requests, (r) => r.traceIndex),
    sampleIndex: Int32Array.from(requests, (r) => r.sampleIndex),
    priority: Float64Array.from(requests, (r) => r.priority),
    sloS: Float64Array.from(requests, (r) => r.sloS),
    ...(cascades ? { parent: Int32Array.from(requests, (r) => r.parent ?? -1) } : {}),
  })
}
