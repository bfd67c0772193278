export type { ByteSource, ExternalFiles } from './byte-source.js'
export type {
  AttributeDraft,
  ModelDraft,
  NodeDraft,
  TensorDraft,
  ValueDraft,
} from './write-onnx.js'
export { bytesSource, noExternalFiles } from './byte-source.js'
export { detachWeights, type DetachedModel } from './detach-weights.js'
export { readOnnx } from './read-onnx.js'
export type { TensorFact } from './shapes/tensor-fact.js'
export { inferShapes, outputFacts } from './shapes/infer-shapes.js'
export { ShapeError } from './shapes/rule.js'
export { locate, readTensor, readTensorPieces } from './read-tensor.js'
export { writeOnnx } from './write-onnx.js'
export type { ImportOptions } from './lower/import-network.js'
export type { ImportPrecision } from './lower/layer-of.js'
export { defaultPrecision, importNetwork } from './lower/import-network.js'
export { zeroWeights, type ZeroedTensor } from './zero-weights.js'
