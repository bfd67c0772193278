export type { Mask } from './mask.js'
export type { MaskPattern } from './hash-mask.js'
export type { InputActivity, LatencyModel, LayerCycles, WeightActivity } from './latency-model.js'
export type { LoadBalance, ScoreStatistics } from './sanger/load-balance.js'
export type { AttentionLayer, ConvLayer, SparseLayer } from './sparse-layer.js'
export { countOnes, nonZeroMask } from './mask.js'
export { hashMask, maskPatterns, mix32 } from './hash-mask.js'
export {
  busyCycles,
  densityCorrected,
  type DenseTime,
  type DenseTimes,
} from './density-corrected.js'
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
export type { ConstantReader, ConstantTensor, NetworkRuntime, TensorValue } from './runtime.js'
export { loadConstant } from './runtime.js'
export type { MaskPrediction } from './network/predicted-probabilities.js'
export type { Pass } from './network/passes.js'
export type { Profiler, ProfilerOptions } from './network/profiler.js'
export type { FoundLayers, LayerSite, SkippedNodes } from './network/find-layers.js'
export type { PruningPattern, WeightOrder } from './prune.js'
export { createInterpreter, interpretedOperators } from './interpreter/index.js'
export { createProfiler } from './network/profiler.js'
export { findLayers } from './network/find-layers.js'
export { weightPattern, type WeightPattern } from './network/weight-pattern.js'
export { pruneWeights, pruningPattern } from './prune.js'
export { sparseAccelerators, type SparseAccelerator } from './accelerators/index.js'
export {
  layerValues,
  macSparsity,
  meanCorrelation,
  networkLatencies,
  patternEffects,
  sparsityCorrelation,
  spread,
  validMacRatios,
  type PatternEffect,
  type Spread,
} from './statistics/index.js'
