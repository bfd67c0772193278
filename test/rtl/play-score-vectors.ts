import type { GammaVector, ScoreVector } from '../golden/dysta-rtl-cases.js'
import type { NetlistEvaluator } from './netlist-evaluator.js'

const SCORE_CLOCKS = 10
const RATE_CLOCKS = 6

/** Streams the vectors through the score unit, one per clock, and collects the results where they fall due. */
export function playScoreVectors(
  unit: NetlistEvaluator,
  vectors: { readonly score: readonly ScoreVector[]; readonly gamma: readonly GammaVector[] },
  hasMode: boolean,
): { readonly scores: number[]; readonly rates: number[] } {
  const stream = (
    count: number,
    latency: number,
    output: string,
    put: (i: number) => void,
  ): number[] => {
    const results: number[] = []
    for (let clock = 0; clock < count + latency; clock++) {
      unit.settle()
      if (clock >= latency) results.push(unit.get(output))
      if (clock < count) put(clock)
      unit.settle()
      unit.clock()
    }
    return results
  }
  if (hasMode) unit.set('mode', 0)
  const scores = stream(vectors.score.length, SCORE_CLOCKS, 'score', (i) => {
    const v = vectors.score[i]
    unit.set('now', v.now)
    unit.set('last', v.last_exe)
    unit.set('deadline', v.deadline)
    unit.set('kappa', v.norm_isolation)
    unit.set('latency', v.lat_bits)
    unit.set('gamma', v.gamma_bits)
  })
  if (hasMode) unit.set('mode', 1)
  const rates = stream(vectors.gamma.length, RATE_CLOCKS, 'rate', (i) => {
    const v = vectors.gamma[i]
    unit.set('nonzeros', v.nonzeros)
    unit.set('reciprocal_shape', v.recip_shape_bits)
    unit.set('reciprocal_density', v.recip_density_bits)
  })
  return { scores, rates }
}
