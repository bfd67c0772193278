import type { Predictor } from './predictors/index.js'
import type { ServeTables } from './tables.js'

/** What the estimates of a policy are made of: the pattern-blind profile, the profile of its pattern, or the truth. */
export type KnowledgeLevel = 'network' | 'pattern' | 'truth'

/**
 * Latency estimates of one policy, tabulated by request position: entry `queue.at[id]` belongs to the request's
 * trace, sample and number of executed layers. Seconds throughout.
 */
export interface Knowledge {
  /** Estimated remaining latency, corrected by the predictor: `factor × profiledS`. */
  readonly remainingS: Float64Array
  /** Remaining latency by the profile alone. */
  readonly profiledS: Float64Array
  /** Latency of the next layer by the profile alone. */
  readonly nextLayerS: Float64Array
  /** The predictor's correction. */
  readonly factor: Float64Array
}

const caches = new WeakMap<ServeTables, Map<string, Knowledge>>()

/** Estimates of a policy with the given knowledge and predictor; made once per set of tables. */
export function knowledgeOf(
  tables: ServeTables,
  level: KnowledgeLevel,
  predictor: Predictor,
): Knowledge {
  let cache = caches.get(tables)
  if (cache === undefined) caches.set(tables, (cache = new Map<string, Knowledge>()))
  const name = `${level} ${predictor.name}`
  let knowledge = cache.get(name)
  if (knowledge === undefined) cache.set(name, (knowledge = build(tables, level, predictor)))
  return knowledge
}

function build(tables: ServeTables, level: KnowledgeLevel, predictor: Predictor): Knowledge {
  if (level === 'truth') {
    return {
      remainingS: tables.realRemainingS,
      profiledS: tables.realRemainingS,
      nextLayerS: tables.realNextS,
      factor: new Float64Array(tables.realRemainingS.length).fill(1),
    }
  }
  const remaining = level === 'pattern' ? tables.patternRemainingS : tables.networkRemainingS
  const next = level === 'pattern' ? tables.patternNextS : tables.networkNextS
  const factor = tables.factors(predictor)
  const size = tables.realRemainingS.length
  const remainingS = new Float64Array(size)
  const profiledS = new Float64Array(size)
  const nextLayerS = new Float64Array(size)
  tables.traces.forEach((trace, t) => {
    for (let s = 0; s < trace.sampleCount; s++) {
      const start = tables.sampleStart[t] + s * (trace.layerCount + 1)
      for (let k = 0; k <= trace.layerCount; k++) {
        const profiled = remaining[tables.estimateStart[t] + k]
        profiledS[start + k] = profiled
        nextLayerS[start + k] = next[tables.estimateStart[t] + k]
        remainingS[start + k] = factor[start + k] * profiled
      }
    }
  })
  return { remainingS, profiledS, nextLayerS, factor }
}
