import { expect, test } from 'vitest'
import { readNetwork, writeNetwork } from '../../src/formats/index.js'
import {
  bytesSource,
  defaultPrecision,
  importNetwork,
  readOnnx,
  writeOnnx,
  type ModelDraft,
} from '../../src/formats/onnx/index.js'
import { networkWorkload, type Workload } from '../../src/model/index.js'
import { mobilenetV2, resnet50 } from '../../scripts/onnx-presets/convolutional.js'
import { bertBase, llamaBlock } from '../../scripts/onnx-presets/transformer.js'

function workloadOf(draft: ModelDraft, bindings: Readonly<Record<string, number>>): Workload {
  const model = readOnnx(bytesSource('m.onnx', writeOnnx(draft)))
  return networkWorkload(
    importNetwork(model, 'm.onnx', {
      bindings,
      assumeElementwise: [],
      precision: defaultPrecision,
    }),
  )
}

test.each([
  ['resnet50', resnet50(), {}],
  ['mobilenetv2', mobilenetV2(), { batch: 4 }],
  ['bert-base', bertBase(), { sequence: 64 }],
  ['llama block', llamaBlock(), { sequence: 8, past: 24 }],
])('%s survives being written and read', (_name, draft, bindings) => {
  const workload = workloadOf(draft, bindings)
  expect(readNetwork(writeNetwork(workload, ['a comment', 'of two lines']), 'n.yaml')).toEqual(
    workload,
  )
})

test('only what does not chain is exempt from the check', () => {
  expect(writeNetwork(workloadOf(resnet50(), {}))).not.toContain('unchecked')
})
