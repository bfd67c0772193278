export type { FloatFormat } from './ieee.js'
export type { FloatSubmission, FloatTableRow, Rescore } from './scheduler-model.js'
export type { FloatArithmetic, FloatScore, FloatScoreInput } from './score-unit.js'
export type { FloatCommand, FloatRound, FloatRun } from './random-run.js'
export { binary16, binary32, floatAdd, floatBits, floatMultiply, floatValue } from './ieee.js'
export { floatModules } from './modules/index.js'
export { randomFloatRun } from './random-run.js'
export { floatTestBenchModule, floatTestBenchWords } from './test-bench.js'
export {
  FIRST_SCORE_CLOCKS,
  FLOAT_DECISION_CLOCKS,
  FLOAT_FIRST_CLOCKS,
  FloatSchedulerModel,
} from './scheduler-model.js'
export { floatArithmetic, floatGamma, floatScore } from './score-unit.js'
