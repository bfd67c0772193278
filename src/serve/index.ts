export type { StreamBounds } from './bounds.js'
export type { ServeConventions } from './conventions.js'
export type { EvaluateOptions, Outcome, StreamOutcomes, StreamVariant } from './evaluate.js'
export type { Knowledge, KnowledgeLevel } from './knowledge.js'
export type { GroupMetrics, Metrics, Percentiles } from './metrics.js'
export type {
  Chooser,
  DifferingDecisions,
  HardwareFormat,
  Policy,
  PolicySettings,
} from './policy.js'
export type { ServeSystem } from './pool/index.js'
export type { Predictor } from './predictors/index.js'
export type { PredictorErrors } from './predictor-errors.js'
export type { Profile } from './profile-table.js'
export type { QueueState } from './queue-state.js'
export type { CaseOutcome } from './serve-case.js'
export type { SimulateOptions } from './simulate.js'
export type { Decision, Segment, Simulation } from './simulation.js'
export type {
  Arrivals,
  BurstShape,
  DrawSource,
  StreamPlan,
  StreamRequestMix,
} from './streams/index.js'
export type { Estimate, PairedComparison, PointSummary, SummaryRow } from './summary.js'
export type { ServeTables } from './tables.js'
export { streamBounds } from './bounds.js'
export { clockRepaired, conventionsByName, published, standard } from './conventions.js'
export { evaluateStream, isolatedLatencies, sloVariants } from './evaluate.js'
export { effectiveArrivals, isolatedOf, measure, measureGroup } from './metrics.js'
export { pairwiseMean } from './pairwise-mean.js'
export { defaultPolicy, policies, SentinelCollision } from './policies/index.js'
export { acceleratorPool, simulateSystem, singleAccelerator } from './pool/index.js'
export { publishedSettings } from './policy.js'
export { affineSlopes, densityRatio, predictors, slopesOf } from './predictors/index.js'
export { predictorErrors, sparsityCorrelation } from './predictor-errors.js'
export { profileTraces } from './profile-table.js'
export { serveCase } from './serve-case.js'
export { simulate } from './simulate.js'
export { createTables } from './tables.js'
export { publishedRegression, type PublishedRegression } from './published/index.js'
export {
  burstStream,
  createDrawSource,
  exponential,
  generateStream,
  periodicStream,
  poissonStream,
  servingStream,
  withSlo,
} from './streams/index.js'
export { compareWith, summarise } from './summary.js'
