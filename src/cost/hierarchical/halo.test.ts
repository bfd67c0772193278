import fc from 'fast-check'
import { expect, test } from 'vitest'
import { windowOverlap } from './halo.js'

test('the overlap of two windows is what their positions have in common', () => {
  const few = fc.integer({ min: 1, max: 6 })
  fc.assert(
    fc.property(few, few, few, few, few, (strideA, a, strideB, b, apart) => {
      const positions = (start: number) => {
        const all = new Set<number>()
        for (let i = 0; i < a; i++) {
          for (let j = 0; j < b; j++) all.add(start + strideA * i + strideB * j)
        }
        return all
      }
      const moved = positions(strideA * a * apart)
      const common = [...positions(0)].filter((position) => moved.has(position)).length
      expect(windowOverlap(strideA, a, strideB, b, apart)).toBe(common)
    }),
    { numRuns: 2000 },
  )
})
