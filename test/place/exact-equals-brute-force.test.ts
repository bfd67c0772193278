import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { quietRun } from '../../src/model/index.js'
import { checkSchedule, policies } from '../../src/place/index.js'
import { anyRequest } from './any-request.js'
import { bruteForceMakespan } from './brute-force.js'

describe('exact placement', () => {
  for (const fractions of [false, true]) {
    test(`equals brute force on random small problems (${fractions ? 'quarters' : 'whole numbers'})`, () => {
      fc.assert(
        fc.property(
          anyRequest({ mostTasks: 5, mostKinds: 3, mostCount: 2, fractions }),
          (request) => {
            const best = bruteForceMakespan(request)
            for (const name of ['exact', 'auto']) {
              const placed = policies[name].place(request, quietRun)
              expect(checkSchedule(request, placed.schedule).violations).toEqual([])
              expect(placed.makespanUs).toBeCloseTo(best, 4)
              expect(placed.status).toBe('optimal')
              expect(placed.lowerBoundUs).toBeLessThanOrEqual(placed.makespanUs)
            }
          },
        ),
        { numRuns: 150, seed: 7 },
      )
    })
  }

  test('no policy makes an invalid schedule, or one below the lower bound', () => {
    fc.assert(
      fc.property(
        anyRequest({ mostTasks: 9, mostKinds: 3, mostCount: 3, fractions: true }),
        (request) => {
          for (const [name, policy] of Object.entries(policies)) {
            if (['random', 'npu-first', 'prism', 'auto', 'exact'].includes(name)) continue
            const placed = policy.place(request, quietRun)
            expect(checkSchedule(request, placed.schedule).violations, name).toEqual([])
            expect(placed.bounds.bestUs, name).toBeLessThanOrEqual(placed.makespanUs * (1 + 1e-9))
          }
        },
      ),
      { numRuns: 150, seed: 11 },
    )
  })
})
