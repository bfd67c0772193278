import { expect, test } from 'vitest'
import { nearestName, suggestName } from './nearest.js'

test('finds a typing error and stays silent for a stranger', () => {
  expect(nearestName('bandwith', ['bandwidth', 'size'])).toBe('bandwidth')
  expect(nearestName('eyeris', ['eyeriss', 'simba'])).toBe('eyeriss')
  expect(nearestName('tpu', ['eyeriss', 'simba'])).toBeUndefined()
})

test('lists what is valid when nothing is near', () => {
  expect(suggestName('tpu', ['eyeriss', 'simba'])).toBe('expected one of: eyeriss, simba')
})
