import { describe, expect, it } from 'vitest'
import { presetInputs } from '../../src/cli/reproduction-inputs.js'
import { createRequestStream, createTrace, quietRun } from '../../src/model/index.js'
import {
  createTables,
  generateStream,
  policies,
  simulate,
  standard,
  withSlo,
} from '../../src/serve/index.js'

const SMALL_S = 1
const LARGE_S = 4
const LARGE_SLO_S = 200
const LAYERS = 4

function network(name: string, sizeS: number): ReturnType<typeof createTrace> {
  return createTrace({
    name,
    sampleCount: 1,
    layerCount: LAYERS,
    latencyS: new Float64Array(LAYERS).fill(sizeS / LAYERS),
    sparsity: new Float64Array(LAYERS).fill(0.5),
  })
}

/**
 * Four small and some large requests at once, then a small one each second, as fast as they can be served: in order of
 * size no large one runs before the small ones end, 300 s later and 100 s too late.
 */
function serveBehindSmallOnes(large: number, policy: string): { late: number; antt: number } {
  const tables = createTables([network('small', SMALL_S), network('large', LARGE_S)], standard)
  const small = { traceIndex: 0, sampleIndex: 0, priority: 1, sloS: 1000 }
  const stream = createRequestStream([
    ...Array.from({ length: large }, () => ({
      ...small,
      arrivalS: 0,
      traceIndex: 1,
      sloS: LARGE_SLO_S,
    })),
    ...Array.from({ length: 4 }, () => ({ ...small, arrivalS: 0 })),
    ...Array.from({ length: 300 }, (_, i) => ({ ...small, arrivalS: i + 1 })),
  ])
  const options = { alpha: 1, beta: 0.01 }
  const { finishS } = simulate(stream, tables, policies[policy], options, quietRun)!
  let late = 0
  let slowdowns = 0
  finishS.forEach((endS, i) => {
    const spentS = endS - stream.arrivalS[i]
    if (spentS > stream.sloS[i]) late++
    slowdowns += spentS / (stream.traceIndex[i] === 0 ? SMALL_S : LARGE_S)
  })
  return { late, antt: slowdowns / finishS.length }
}

describe('the default policy', () => {
  it('protects the one large request of a crowd', () => {
    expect(serveBehindSmallOnes(1, 'rs').late).toBe(1)
    expect(serveBehindSmallOnes(1, 'priced_triage').late).toBe(0)
  })

  it('keeps a begun request of a crowd that turns out larger than estimated', () => {
    const tables = createTables(presetInputs.traces('cnn').traces, standard)
    for (const seed of [5028, 20183, 20282]) {
      const drawn = generateStream(tables, {
        arrivals: { process: 'poisson' },
        requests: 1000,
        rates: [3],
        rateIndex: 0,
        seed,
      })
      const stream = withSlo(drawn, tables, 50)
      const late = (policy: string): number => {
        const { finishS } = simulate(
          stream,
          tables,
          policies[policy],
          { alpha: 1, beta: 0.01 },
          quietRun,
        )!
        return finishS.filter((endS, i) => endS > stream.arrivalS[i] + stream.sloS[i]).length
      }
      expect(late('dysta'), `Dysta, seed ${seed}`).toBeGreaterThan(0)
      expect(late('priced_triage'), `seed ${seed}`).toBe(0)
    }
  })

  it('does not let the many large requests of an overload hold everyone up', () => {
    const bySize = serveBehindSmallOnes(40, 'rs')
    expect(bySize.late).toBe(40)
    expect(serveBehindSmallOnes(40, 'mh2').antt).toBeGreaterThan(2 * bySize.antt)
    expect(serveBehindSmallOnes(40, 'priced_triage').antt).toBeLessThan(1.02 * bySize.antt)
  })
})
