import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readNetwork } from '../../src/formats/index.js'
import { writeOnnx, type ModelDraft } from '../../src/formats/onnx/index.js'
import { importResult } from '../../src/formats/results/import.js'
import { keywordRes8, mobilenetV2, resnet50 } from '../../scripts/onnx-presets/convolutional.js'
import { bertBase, llamaBlock } from '../../scripts/onnx-presets/transformer.js'
import { runHeddle } from '../cli/run-heddle.js'

/** A small classifier whose weights are in the file, for the ends of the range of operator sets. */
function stored(opset: number): ModelDraft {
  return {
    name: `stored-${opset}`,
    opset,
    inputs: [{ name: 'x', elementType: 'float', dims: ['N', 3, 8, 8] }],
    outputs: [{ name: 'y', elementType: 'float' }],
    initializers: [
      { name: 'w', elementType: 'float', dims: [4, 3, 3, 3], values: new Float32Array(108) },
      { name: 'v', elementType: 'float', dims: [256, 5], values: new Float32Array(1280) },
    ],
    nodes: [
      {
        name: 'conv',
        opType: 'Conv',
        inputs: ['x', 'w'],
        outputs: ['a'],
        attributes: { pads: { ints: [1, 1, 1, 1] } },
      },
      { name: 'act', opType: opset >= 20 ? 'Gelu' : 'Relu', inputs: ['a'], outputs: ['b'] },
      { name: 'flat', opType: 'Flatten', inputs: ['b'], outputs: ['c'] },
      { name: 'head', opType: 'MatMul', inputs: ['c', 'v'], outputs: ['y'] },
    ],
  }
}

// Name, graph, sizes of its symbolic dimensions, multiply-accumulates.
const models: readonly [string, ModelDraft, string[], number][] = [
  ['opset 9, weights in the file', stored(9), ['--bind', 'N=4'], 4 * (64 * 108 + 1280)],
  ['opset 11, depthwise', mobilenetV2(), [], 300_774_272],
  ['opset 13, external weights missing', resnet50(), ['--bind', 'batch=2'], 2 * 4_089_184_256],
  ['opset 13, small', keywordRes8(), [], 7_026_618],
  [
    'opset 17, symbolic sequence',
    bertBase(),
    ['--bind', 'sequence=16'],
    12 * 16 * (7_077_888 + 2 * 16 * 768),
  ],
  [
    'opset 18, cache',
    llamaBlock(),
    ['--bind', 'sequence=1,past=15'],
    218_103_808 + 2 * 32 * 128 * 16,
  ],
  ['opset 20, weights in the file', stored(20), [], 64 * 108 + 1280],
]

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'heddle-import-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test.each(models)('%s: one command makes a network of it', (_name, draft, options, macs) => {
  writeFileSync(join(folder, 'model.onnx'), writeOnnx(draft))
  const result = runHeddle(
    ['import', 'model.onnx', ...options, '--json', '--out', 'network.yaml', '--quiet'],
    folder,
  )
  expect(result.stderr).toBe('')
  expect(result.status).toBe(0)
  expect(importResult.parse(JSON.parse(result.stdout)).macs).toBe(macs)
  const text = readFileSync(join(folder, 'network.yaml'), 'utf8')
  expect(readNetwork(text, 'network.yaml').layers.length).toBeGreaterThan(0)
})

test('map takes the file directly', () => {
  writeFileSync(join(folder, 'direct.onnx'), writeOnnx(keywordRes8()))
  const result = runHeddle(
    ['map', '--accelerator', 'acc-1lv', '--network', 'direct.onnx', '--json', '--quiet'],
    folder,
  )
  expect(result.status).toBe(0)
  const { layers } = JSON.parse(result.stdout) as { layers: { status: string }[] }
  expect(layers).toHaveLength(8)
  expect(layers.every((layer) => layer.status === 'optimal')).toBe(true)
})
