// Writes the ONNX graphs among the network presets: structure and shapes of well-known networks, no weights.
// Run with: npx tsx scripts/onnx-presets/main.ts
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeOnnx } from '../../src/formats/onnx/index.js'
import { mobilenetV2, resnet50 } from './convolutional.js'
import { bertBase, llamaBlock } from './transformer.js'

const models = {
  'resnet50-onnx': resnet50(),
  'mobilenetv2-onnx': mobilenetV2(),
  'bert-base-onnx': bertBase(),
  'llama3-8b-block-onnx': llamaBlock(),
}
const folder = new URL('../../presets/networks/', import.meta.url)
for (const [name, model] of Object.entries(models)) {
  writeFileSync(fileURLToPath(new URL(`${name}.onnx`, folder)), writeOnnx(model))
}
