import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createFuseEngine, overlapModes, type FuseEngine } from '../../src/fuse/index.js'
import { macCount } from '../../src/model/index.js'
import { chain, type ChainLayer } from './chain.js'
import { smallAccelerator } from './small-accelerator.js'

function engineOf(layers: readonly ChainLayer[], size = 9): FuseEngine {
  return createFuseEngine({
    accelerator: smallAccelerator,
    workload: chain(layers, size),
    conventions: 'standard',
    search: { kind: 'loma', lpfLimit: 3 },
    objective: 'energy',
  })
}

const padded = fc.array(
  fc.record({
    kernel: fc.constant(3),
    stride: fc.constant(1),
    padding: fc.constant(1),
    channels: fc.constantFrom(2, 4, 8),
  }),
  { minLength: 1, maxLength: 3 },
)

describe('standard depth-first schedules', () => {
  it('compute every element once when all is cached, and more often with every mode that recomputes', () => {
    fc.assert(
      fc.property(padded, fc.integer({ min: 3, max: 12 }), (layers, tile) => {
        const engine = engineOf(layers)
        const range = { first: 0, last: engine.network.nodes.length - 1 }
        const macs = overlapModes.map(
          (mode) => engine.evaluate(range, mode, { x: tile, y: tile }).cost.macs,
        )
        const once = engine.network.nodes.reduce((sum, { layer }) => sum + macCount(layer), 0)
        expect(macs[2]).toBe(once)
        expect(macs[1]).toBeGreaterThanOrEqual(macs[2])
        expect(macs[0]).toBeGreaterThanOrEqual(macs[1])
      }),
      { numRuns: 5 },
    )
  })

  it('are the same in every mode when one tile covers the output', () => {
    const engine = engineOf([
      { kernel: 3, stride: 1, padding: 1 },
      { kernel: 3, stride: 2, padding: 1 },
    ])
    const costs = overlapModes.map((mode) =>
      engine.price({ first: 0, last: 1 }, mode, { x: 99, y: 99 }),
    )
    expect(costs[1]).toEqual(costs[0])
    expect(costs[2]).toEqual(costs[0])
  })

  it('hold no more in a memory than it has room for', () => {
    fc.assert(
      fc.property(padded, fc.integer({ min: 3, max: 12 }), (layers, tile) => {
        const engine = engineOf(layers)
        const range = { first: 0, last: engine.network.nodes.length - 1 }
        for (const mode of overlapModes) {
          const { cost } = engine.evaluate(range, mode, { x: tile, y: tile })
          for (const { tile: type, steps } of cost.types) {
            for (const step of steps) {
              if (step.kind === 'source') continue
              step.mapBits.forEach((bits, memory) =>
                expect(bits + type.reservedBits[memory]).toBeLessThanOrEqual(
                  engine.view.sizeBits[memory],
                ),
              )
            }
          }
        }
      }),
      { numRuns: 5 },
    )
  })

  it('solve each distinct layer problem once', () => {
    const engine = engineOf([
      { kernel: 3, stride: 1, padding: 1 },
      { kernel: 3, stride: 1, padding: 1 },
      { kernel: 3, stride: 1, padding: 1 },
    ])
    const counted = engine.solver.startCounting()
    for (const mode of overlapModes) engine.price({ first: 0, last: 2 }, mode, { x: 4, y: 4 })
    const first = counted()
    const again = engine.solver.startCounting()
    for (const mode of overlapModes) engine.price({ first: 0, last: 2 }, mode, { x: 4, y: 4 })
    expect(again().problems).toEqual(first.problems)
    expect(first.problems.length).toBeLessThan(first.asked)
  })
})
