export type { Mask } from './mask.js'
export type { MaskPattern } from './hash-mask.js'
export type { InputActivity, LatencyModel, LayerCycles, WeightActivity } from './latency-model.js'
export type { LoadBalance, ScoreStatistics } from './sanger/load-balance.js'
export type { AttentionLayer, ConvLayer, SparseLayer } from './sparse-layer.js'
export { countOnes, nonZeroMask } from './mask.js'
export { hashMask, maskPatterns, mix32 } from './hash-mask.js'
export { layerCycles } from './latency-model.js'
export { loadBalance, scoreStatistics } from './sanger/load-balance.js'
export {
  convLayer,
  denseMacs,
  inputElements,
  linearLayer,
  outputSize,
  weightElements,
} from './sparse-layer.js'
export { tapVisits, validMacs, weightTaps } from './valid-macs.js'
