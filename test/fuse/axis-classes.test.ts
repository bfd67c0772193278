import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { axisClasses, buildNetwork, cutIntoStacks, type Stack } from '../../src/fuse/index.js'
import { chain, type ChainLayer } from './chain.js'

const layers = fc.array(
  fc
    .record({
      kernel: fc.integer({ min: 1, max: 5 }),
      stride: fc.integer({ min: 1, max: 2 }),
      padding: fc.integer({ min: 0, max: 2 }),
    })
    .filter(({ kernel, stride, padding }) => kernel >= stride && padding < kernel),
  { minLength: 1, maxLength: 5 },
)

function stackOf(each: readonly ChainLayer[]): Stack {
  return cutIntoStacks(buildNetwork(chain(each, 40)), [])[0]
}

/** Every position that the whole output needs, walked back one by one: the oracle. */
function neededPositions(stack: Stack): Set<number>[] {
  const needed = stack.nodes.map(() => new Set<number>())
  const last = stack.nodes.length - 1
  for (let x = 0; x < stack.nodes[last].layer.dims.OX; x++) needed[last].add(x)
  for (let i = last; i > 0; i--) {
    const { layer } = stack.nodes[i]
    const positions = [...needed[i]]
    const low = Math.min(...positions) * layer.stride.x - layer.padding.left
    const high = Math.max(...positions) * layer.stride.x + layer.dims.FX - 1 - layer.padding.left
    for (let x = Math.max(0, low); x <= high && x < stack.nodes[i - 1].layer.dims.OX; x++) {
      needed[i - 1].add(x)
    }
  }
  return needed
}

describe('axisClasses', () => {
  it('computes every needed position exactly once when the axis is cached', () => {
    fc.assert(
      fc.property(layers, fc.integer({ min: 1, max: 45 }), (each, tile) => {
        const stack = stackOf(each)
        const { classes } = axisClasses(stack, 'x', tile, true)
        neededPositions(stack).forEach((positions, i) => {
          const made = classes.reduce((sum, c) => sum + c.count * c.tile.out[i], 0)
          expect(made).toBe(positions.size)
        })
      }),
    )
  })

  it('covers the output once in every mode, and recomputes at least as much as it caches', () => {
    fc.assert(
      fc.property(layers, fc.integer({ min: 1, max: 45 }), (each, tile) => {
        const stack = stackOf(each)
        const last = stack.nodes.length - 1
        const sums = [true, false].map((cached) => {
          const { classes, tiles } = axisClasses(stack, 'x', tile, cached)
          expect(classes.reduce((sum, c) => sum + c.count, 0)).toBe(tiles)
          return stack.nodes.map((_, i) =>
            classes.reduce((sum, c) => sum + c.count * c.tile.out[i], 0),
          )
        })
        expect(sums[0][last]).toBe(stack.nodes[last].layer.dims.OX)
        expect(sums[1][last]).toBe(stack.nodes[last].layer.dims.OX)
        sums[0].forEach((made, i) => expect(made).toBeLessThanOrEqual(sums[1][i]))
      }),
    )
  })

  it('reads what the window of its outputs covers: stored input plus padding', () => {
    fc.assert(
      fc.property(layers, fc.integer({ min: 1, max: 45 }), fc.boolean(), (each, tile, cached) => {
        const stack = stackOf(each)
        for (const { tile: t } of axisClasses(stack, 'x', tile, cached).classes) {
          stack.nodes.forEach(({ layer }, i) => {
            if (t.out[i] === 0) return
            const window = (t.out[i] - 1) * layer.stride.x + layer.dims.FX
            expect(t.input[i][0] + t.padBefore[i] + t.padAfter[i]).toBe(window)
            expect(t.reused[i][0]).toBeLessThanOrEqual(t.input[i][0])
          })
        }
      }),
    )
  })

  it('takes from the cache only what earlier tiles left there', () => {
    fc.assert(
      fc.property(layers, fc.integer({ min: 1, max: 45 }), (each, tile) => {
        const stack = stackOf(each)
        const { classes } = axisClasses(stack, 'x', tile, true)
        stack.nodes.forEach(({ reads }, i) => {
          const held = classes.map((c) => (reads[0].from < 0 ? c.sourceHeld[0] : c.held[i - 1]))
          const reused = classes.map((c) => c.tile.reused[i][0])
          expect(Math.max(...reused)).toBeLessThanOrEqual(Math.max(...held))
        })
      }),
    )
  })

  it('counts tiles: three classes on a long unpadded axis, one when the tile covers it', () => {
    const stack = stackOf([
      { kernel: 3, stride: 1, padding: 0 },
      { kernel: 3, stride: 1, padding: 0 },
    ])
    expect(axisClasses(stack, 'x', 4, true).classes.map((c) => c.count)).toEqual([1, 7, 1])
    expect(axisClasses(stack, 'x', 100, true).classes.map((c) => c.count)).toEqual([1])
  })
})
