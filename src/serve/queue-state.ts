import type { RequestStream } from '../model/index.js'
import type { Knowledge, KnowledgeLevel } from './knowledge.js'
import type { ServeTables } from './tables.js'

/**
 * The requests in the system as a policy sees them. `ids[0 … length − 1]` are the requests in order of admission;
 * every other array is indexed by request id. The engine writes, a policy only reads. Seconds throughout.
 */
export interface QueueState {
  /** Requests that may be chosen now. */
  length: number
  readonly ids: Int32Array
  readonly arrivalS: Float64Array
  /** Arrival + SLO. */
  readonly deadlineS: Float64Array
  readonly priority: Float64Array
  /** Estimated remaining latency under the policy's knowledge and predictor; refreshed after every layer. */
  readonly remainingS: Float64Array
  /** Profiled isolated latency, fixed at admission. */
  readonly isolatedS: Float64Array
  /** Time executed so far. */
  readonly executedS: Float64Array
  /** End of the last executed layer; the arrival before the first. */
  readonly lastRunS: Float64Array
  /** Where the request stands in the tables of {@link Knowledge}. */
  readonly at: Int32Array
  /** Layers not yet executed. */
  readonly layersLeft: Int32Array
  readonly knowledge: Knowledge
  readonly tables: ServeTables
  readonly stream: RequestStream
}

/** State of a stream before its first arrival; the arrays of a request are valid from the start. */
export function createQueueState(
  stream: RequestStream,
  tables: ServeTables,
  knowledge: Knowledge,
  level: KnowledgeLevel,
): QueueState {
  const count = stream.arrivalS.length
  const { traceIndex, sampleIndex } = stream
  const at = new Int32Array(count)
  const layersLeft = new Int32Array(count)
  const deadlineS = new Float64Array(count)
  const remainingS = new Float64Array(count)
  const isolatedS = new Float64Array(count)
  for (let id = 0; id < count; id++) {
    const trace = traceIndex[id]
    const layers = tables.layerCount[trace]
    const position = tables.sampleStart[trace] + sampleIndex[id] * (layers + 1)
    at[id] = position
    layersLeft[id] = layers
    deadlineS[id] = stream.arrivalS[id] + stream.sloS[id]
    remainingS[id] = knowledge.remainingS[position]
    isolatedS[id] =
      level === 'truth' ? tables.realRemainingS[position] : knowledge.profiledS[position]
  }
  return {
    length: 0,
    ids: new Int32Array(count),
    arrivalS: stream.arrivalS,
    deadlineS,
    priority: stream.priority,
    remainingS,
    isolatedS,
    executedS: new Float64Array(count),
    lastRunS: Float64Array.from(stream.arrivalS),
    at,
    layersLeft,
    knowledge,
    tables,
    stream,
  }
}
