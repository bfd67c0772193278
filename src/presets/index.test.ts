import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { listPresets, presetCategories, resolveExample, resolveInput } from './index.js'

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

test('shipped examples are found from any folder, a path of the user goes first', () => {
  const folder = mkdtempSync(join(tmpdir(), 'heddle-examples-'))
  const before = process.cwd()
  process.chdir(folder)
  try {
    expect(existsSync(resolveExample('examples/shapes/bright'))).toBe(true)
    expect(resolveExample('examples/none')).toBe('examples/none')
    expect(resolveExample('examples/../package.json')).toBe('examples/../package.json')
    mkdirSync('examples/shapes', { recursive: true })
    expect(resolveExample('examples/shapes')).toBe('examples/shapes')
  } finally {
    process.chdir(before)
    rmSync(folder, { recursive: true })
  }
})
