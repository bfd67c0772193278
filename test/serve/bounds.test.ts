import { describe, expect, it } from 'vitest'
import { quietRun } from '../../src/model/index.js'
import {
  acceleratorPool,
  createTables,
  measure,
  policies,
  simulateSystem,
  standard,
  streamBounds,
} from '../../src/serve/index.js'
import { randomCase } from './random-streams.js'

describe('lower bounds of a stream', () => {
  it('are never beaten, by any policy, on one accelerator or several', () => {
    for (let seed = 0; seed < 150; seed++) {
      const { traces, stream } = randomCase(seed, seed % 2 === 1)
      const tables = createTables(traces, standard)
      for (const count of [1, 2]) {
        const system = acceleratorPool(count)
        const bounds = streamBounds(stream, tables, count)
        for (const policy of Object.values(policies)) {
          const options = { alpha: 1, beta: 0.01 }
          const done = simulateSystem(stream, tables, policy, system, options, quietRun)!
          const { antt, violationRate } = measure(stream, tables, done, count)
          expect(antt, `${policy.name} seed ${seed}`).toBeGreaterThanOrEqual(bounds.antt - 1e-9)
          expect(violationRate, `${policy.name} seed ${seed}`).toBeGreaterThanOrEqual(
            bounds.violationRate,
          )
        }
      }
    }
  })

  it('the violation bound is exact when all requests arrive together', () => {
    for (let seed = 0; seed < 60; seed++) {
      const { traces, stream } = randomCase(seed, false)
      const together = { ...stream, arrivalS: stream.arrivalS.map(() => 0) }
      const tables = createTables(traces, standard)
      const options = { alpha: 1, beta: 0.01 }
      // With true times and one arrival instant, Moore-Hodgson is optimal.
      const clairvoyant = { ...policies['mh_edf'], knows: 'truth', predictor: 'none' } as const
      const system = acceleratorPool(1)
      const done = simulateSystem(together, tables, clairvoyant, system, options, quietRun)!
      const { violationRate } = measure(together, tables, done)
      expect(streamBounds(together, tables).violationRate).toBeCloseTo(violationRate, 12)
    }
  })
})
