import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { listPresets, presetCategories, resolveInput } from './index.js'

test('every preset is found by its name, in any case and with either kind of stroke', () => {
  for (const category of presetCategories) {
    for (const { name, path } of listPresets(category)) {
      for (const spelling of [name, name.toUpperCase(), name.replaceAll('-', '_')]) {
        expect(resolveInput(spelling, category)).toBe(path)
      }
    }
  }
})

test('a name that none has is answered with the nearest', () => {
  expect(() => resolveInput('micro-cnn_randon60', 'networks')).toThrow('micro-cnn_random60')
  expect(basename(resolveInput('micro-cnn', 'networks'))).toBe('micro-cnn.onnx')
})
