import { keywordRes8 } from '../../scripts/onnx-presets/convolutional.js'
import {
  bytesSource,
  defaultPrecision,
  importNetwork,
  readOnnx,
  writeOnnx,
} from '../../src/formats/onnx/index.js'
import type { Network } from '../../src/model/index.js'

/** A small keyword-spotting network, read from its ONNX graph as a user's model is. */
export const keyword: Network = importNetwork(
  readOnnx(bytesSource('keyword.onnx', writeOnnx(keywordRes8()))),
  'keyword.onnx',
  { bindings: {}, assumeElementwise: [], precision: defaultPrecision },
)
