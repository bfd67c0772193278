import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  bestPartition,
  createFuseEngine,
  networkFloor,
  stackFloor,
  type StackOption,
} from '../../src/fuse/index.js'
import { chain } from './chain.js'
import { smallAccelerator } from './small-accelerator.js'

describe('networkFloor', () => {
  it('is never above the cost of any partition, mode and tile', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            kernel: fc.constantFrom(1, 3),
            stride: fc.constantFrom(1, 2),
            padding: fc.constantFrom(0, 1),
            channels: fc.constantFrom(2, 8),
          }),
          { minLength: 1, maxLength: 3 },
        ),
        fc.constantFrom('fully-recompute', 'h-cached-v-recompute', 'fully-cached' as const),
        fc.constantFrom(2, 3, 8),
        (layers, mode, tile) => {
          const engine = createFuseEngine({
            accelerator: smallAccelerator,
            workload: chain(layers, 12),
            conventions: 'standard',
            search: { kind: 'loma', lpfLimit: 3 },
            objective: 'energy',
          })
          const end = engine.network.nodes.length - 1
          const floor = networkFloor(engine)
          const options: StackOption[] = []
          for (let first = 0; first <= end; first++) {
            for (let last = first; last <= end; last++) {
              const cost = engine.price({ first, last }, mode, { x: tile, y: tile })
              if ('energyPj' in cost) options.push({ first, last, ...cost })
            }
          }
          for (const option of options) {
            const rest = options.filter(
              (each) => each === option || each.last < option.first || each.first > option.last,
            )
            const best = bestPartition(end + 1, rest, 'energy')
            if (best === undefined) continue
            expect(best.energyPj).toBeGreaterThanOrEqual(stackFloor(floor, option, 'energy'))
            expect(best.latencyCycles).toBeGreaterThanOrEqual(stackFloor(floor, option, 'latency'))
          }
        },
      ),
      { numRuns: 25 },
    )
  })
})
