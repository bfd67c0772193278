export type { Mask } from './mask.js'
export type { MaskPattern } from './hash-mask.js'
export type { InputActivity, LatencyModel, LayerCycles, WeightActivity } from './latency-model.js'
export type { LoadBalance, ScoreStatistics } from './sanger/load-balance.js'
export type { AttentionLayer, ConvLayer, SparseLayer } from './sparse-layer.js'
export { countOnes, nonZeroMask } from './mask.js'
export { hashMask, maskPatterns, mix32 } from './hash-mask.js'
export { densityCorrected, type DenseTime, type DenseTimes } from './density-corrected.js'
export { eyerissV2, eyerissX, type EyerissMachine } from './eyeriss/index.js'
export { layerCycles } from './latency-model.js'
export { denseRoofline, roofline, type Roofline } from './roofline.js'
export {
  loadBalance,
  sangerMachine,
  sangerX,
  scoreStatistics,
  type SangerMachine,
} from './sanger/index.js'
export {
  convLayer,
  denseMacs,
  inputElements,
  linearLayer,
  outputSize,
  weightElements,
} from './sparse-layer.js'
export { tapVisits, validMacs, weightTaps } from './valid-macs.js'
