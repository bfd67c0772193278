import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventHeap } from './event-heap.js'

test('leaves in order of key, equal keys in order of insertion', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 200 }), (keys) => {
      const heap = new EventHeap(2)
      keys.forEach((key, id) => heap.push(key, id))
      const order = keys.map(() => heap.pop())
      const expected = keys.map((_, id) => id).sort((a, b) => keys[a] - keys[b] || a - b)
      expect(order).toEqual(expected)
      expect(heap.pop()).toBe(-1)
    }),
  )
})
