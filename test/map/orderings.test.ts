import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loopFactors, orderingCount, Orderings } from '../../src/map/hierarchical/index.js'
import { loopDims, type LoopDim } from '../../src/model/index.js'

test('every distinct ordering of a multiset appears exactly once', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 7 }), (elements) => {
      const seen = new Set<string>()
      const orderings = new Orderings(elements)
      let visits = 0
      do {
        visits++
        seen.add(orderings.current.join(' '))
        expect(sorted(orderings.current)).toEqual(sorted(elements))
      } while (orderings.next())
      expect(seen.size).toBe(visits)
      expect(visits).toBe(orderingCount(elements))
    }),
  )
})

test('merged loop factors keep every product and meet the limit where it can be met', () => {
  const sizes = fc.tuple(...loopDims.map(() => fc.integer({ min: 1, max: 300 })))
  fc.assert(
    fc.property(sizes, fc.integer({ min: 1, max: 12 }), (values, limit) => {
      const temporal = Object.fromEntries(loopDims.map((dim, i) => [dim, values[i]]))
      const loops = loopFactors(temporal as Record<LoopDim, number>, limit)
      for (const dim of loopDims) {
        const product = loops.filter((l) => l.dim === dim).reduce((x, l) => x * l.size, 1)
        expect(product).toBe(temporal[dim])
      }
      const dims = new Set(loops.map((loop) => loop.dim)).size
      expect(loops.length).toBeLessThanOrEqual(Math.max(limit, dims))
    }),
  )
})

function sorted(values: readonly number[]): number[] {
  return [...values].sort((a, b) => a - b)
}
