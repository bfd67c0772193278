import { describe, expect, it } from 'vitest'
import { quietRun } from '../../src/model/index.js'
import {
  acceleratorPool,
  clockRepaired,
  createTables,
  policies,
  predictors,
  published,
  SentinelCollision,
  simulate,
  simulateSystem,
  standard,
  type SimulateOptions,
} from '../../src/serve/index.js'
import { knowledgeOf } from '../../src/serve/knowledge.js'
import { runPool } from '../../src/serve/pool/index.js'
import { createQueueState } from '../../src/serve/queue-state.js'
import { naiveRules, naiveSimulate } from './naive-simulator.js'
import { randomCase } from './random-streams.js'

const STREAMS = 500
const options: SimulateOptions = { alpha: 0.7, beta: 0.05 }

/** Computes in the hardware's integers and keeps its record positions: held to the netlist in the tests of `rtl`. */
const HARDWARE = 'dysta-hw'
const softwarePolicies = Object.values(policies).filter(({ name }) => name !== HARDWARE)

describe('the fast cores against the naive simulator', () => {
  it.each(softwarePolicies.map(({ name }) => name))('%s: equal on 500 random streams', (name) => {
    for (let seed = 0; seed < STREAMS; seed++) {
      const { traces, stream } = randomCase(seed, seed % 2 === 1)
      const conventions = [standard, published, clockRepaired][seed % 3]
      const tables = createTables(traces, conventions)
      const expected = naiveSimulate(
        stream,
        traces,
        naiveRules[name],
        conventions,
        options.alpha,
        options.beta,
      )
      const run = (logDecisions: number): number[] | undefined => {
        try {
          const wanted = { ...options, logDecisions }
          return [...simulate(stream, tables, policies[name], wanted, quietRun)!.finishS]
        } catch (error) {
          if (error instanceof SentinelCollision) return undefined
          throw error
        }
      }
      expect(run(0), `seed ${seed}`).toEqual(expected)
      // Logging forces a decision before every layer: skipped decisions must not matter.
      expect(run(1), `seed ${seed}, every layer`).toEqual(expected)
    }
  })

  it('a pool of one accelerator is the single accelerator', () => {
    for (const policy of softwarePolicies) {
      for (let seed = 0; seed < 60; seed++) {
        const { traces, stream } = randomCase(seed, seed % 2 === 1)
        const tables = createTables(traces, standard)
        const knowledge = knowledgeOf(tables, policy.knows, predictors[policy.predictor])
        const queue = createQueueState(stream, tables, knowledge, policy.knows)
        const settings = { ...options, conventions: standard }
        const start = (view: typeof queue) => policy.start(view, settings)
        const pool = runPool(queue, acceleratorPool(1), start, quietRun)!
        const single = simulate(stream, tables, policy, options, quietRun)!
        expect([...pool.finishS], `${policy.name}, seed ${seed}`).toEqual([...single.finishS])
      }
    }
  })

  it('more accelerators never make first come, first served slower', () => {
    for (let seed = 0; seed < 100; seed++) {
      const { traces, stream } = randomCase(seed, false)
      const tables = createTables(traces, standard)
      const ends = [1, 2, 3].map(
        (count) =>
          simulateSystem(
            stream,
            tables,
            policies['fcfs'],
            acceleratorPool(count),
            options,
            quietRun,
          )!.finishS,
      )
      for (let i = 0; i < stream.arrivalS.length; i++) {
        expect(ends[1][i]).toBeLessThanOrEqual(ends[0][i] + 1e-9)
        expect(ends[2][i]).toBeLessThanOrEqual(ends[1][i] + 1e-9)
      }
    }
  })
})
