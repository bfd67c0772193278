// Writes the ONNX graphs among the network presets: structure and shapes of well-known networks, no weights.
// Run with: npx tsx scripts/onnx-presets/main.ts
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { writeOnnx } from '../../src/formats/onnx/index.js'
import {
  keywordRes8,
  mobilenetV2,
  resnet34Features,
  resnet50,
  squeezeNet,
  uNet,
} from './convolutional.js'
import { bertBase, llamaBlock } from './transformer.js'

const models = {
  'resnet50-onnx': resnet50(),
  'mobilenetv2-onnx': mobilenetV2(),
  'squeezenet-onnx': squeezeNet(),
  'bert-base-onnx': bertBase(),
  'llama3-8b-block-onnx': llamaBlock(),
  'resnet34-features-onnx': resnet34Features(),
  'keyword-res8-onnx': keywordRes8(),
  // Stand-ins of the size of RITNet (1.04 GMAC) and MiDaS v2.1 small (18.5 GMAC) as XRBench counts them.
  'eye-segmentation-onnx': uNet('eye-segmentation', {
    height: 256,
    width: 448,
    inputChannels: 1,
    outputChannels: 4,
    base: 8,
    levels: 3,
  }),
  'depth-estimation-onnx': uNet('depth-estimation', {
    height: 256,
    width: 256,
    inputChannels: 3,
    outputChannels: 1,
    base: 40,
    levels: 4,
  }),
}
const folder = new URL('../../presets/networks/', import.meta.url)
for (const [name, model] of Object.entries(models)) {
  writeFileSync(fileURLToPath(new URL(`${name}.onnx`, folder)), writeOnnx(model))
}
