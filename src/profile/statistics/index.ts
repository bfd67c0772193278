export { patternEffects, type PatternEffect } from './pattern-effect.js'
export {
  layerValues,
  macSparsity,
  meanCorrelation,
  networkLatencies,
  sparsityCorrelation,
  spread,
  validMacRatios,
  type Spread,
} from './profile-statistics.js'
