import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createFuseEngine,
  overlapModes,
  rangeFloor,
  type FuseEngine,
} from '../../src/fuse/index.js'
import type { Workload } from '../../src/model/index.js'
import { chain } from './chain.js'
import { randomNetwork } from './random-network.js'
import { smallAccelerator } from './small-accelerator.js'

function engineOf(workload: Workload, objective: FuseEngine['objective'] = 'energy'): FuseEngine {
  return createFuseEngine({
    accelerator: smallAccelerator,
    workload,
    conventions: 'standard',
    search: { kind: 'optimal' },
    objective,
  })
}

/** Chains of layers, some of which skip positions (a stride beyond the kernel). */
const chains = fc
  .array(
    fc.record({
      kernel: fc.constantFrom(1, 2, 3),
      stride: fc.constantFrom(1, 2, 3),
      padding: fc.constantFrom(0, 1),
      channels: fc.constantFrom(2, 8),
    }),
    { minLength: 1, maxLength: 3 },
  )
  .map((layers) => chain(layers, 12))

const points = {
  mode: fc.constantFrom(...overlapModes),
  tile: fc.record({ x: fc.constantFrom(1, 2, 3, 5, 20), y: fc.constantFrom(1, 2, 4, 20) }),
}

/** Every run of layers of which only the last one is read later. */
function ranges({ network: { nodes } }: FuseEngine): { first: number; last: number }[] {
  return nodes.flatMap((_, first) =>
    nodes.flatMap((__, last) => {
      const inside = nodes.slice(first, last).map(({ consumers }) => consumers)
      const isStack = inside.every((each) => each.length > 0 && each.every((at) => at <= last))
      return last >= first && isStack ? [{ first, last }] : []
    }),
  )
}

describe('rangeFloor', () => {
  it('is never above the price of a stack, in any mode and tile', () => {
    fc.assert(
      fc.property(
        fc.oneof(chains, randomNetwork),
        points.mode,
        points.tile,
        (workload, mode, tile) => {
          const engine = engineOf(workload)
          for (const range of ranges(engine)) {
            const price = engine.price(range, mode, tile)
            if (!('energyPj' in price)) continue
            const floor = rangeFloor(engine.view, engine.network, range)
            expect(price.energyPj).toBeGreaterThanOrEqual(floor.energyPj * (1 - 1e-12))
            expect(price.latencyCycles).toBeGreaterThanOrEqual(floor.latencyCycles)
          }
        },
      ),
      { numRuns: 30 },
    )
  })
})

describe('bounds of a stack with its tiles', () => {
  it.each(['energy', 'latency', 'edp'] as const)(
    'rise to the price or stay below it, wherever they stop (%s)',
    (objective) => {
      fc.assert(
        fc.property(
          fc.oneof(chains, randomNetwork),
          points.mode,
          points.tile,
          fc.double({ min: 0, max: 1, noNaN: true }),
          (workload, mode, tile, share) => {
            const engine = engineOf(workload, objective)
            for (const range of ranges(engine)) {
              const price = engine.price(range, mode, tile)
              const fresh = engineOf(workload, objective)
              const floors = fresh.bound(range, mode, tile, () => true)
              if ('energyPj' in floors) expect(floors.depth).toBe('tiles')
              if (!('energyPj' in price)) {
                expect(fresh.bound(range, mode, tile, () => false)).toHaveProperty('code')
                continue
              }
              const limits = [
                () => true,
                ({ energyPj }: { energyPj: number }) => energyPj > share * price.energyPj,
                () => false,
              ]
              for (const isHopeless of limits) {
                const bound = fresh.bound(range, mode, tile, isHopeless)
                if (!('energyPj' in bound)) throw new Error('a stack with a price fits')
                expect(bound.energyPj).toBeLessThanOrEqual(price.energyPj * (1 + 1e-9))
                expect(bound.latencyCycles).toBeLessThanOrEqual(price.latencyCycles)
                if (objective === 'energy' && bound.depth === 'all') {
                  expect(bound.energyPj / price.energyPj).toBeCloseTo(1, 9)
                }
              }
            }
          },
        ),
        { numRuns: 12 },
      )
    },
  )
})
