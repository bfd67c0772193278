export type { ResolvedCore } from './chip.js'
export type { AnyAccelerator, LayerCost, LayerProblem } from './layer-problem.js'
export type {
  CoreLoad,
  NetworkPlan,
  PlannedOperation,
  PlannedStack,
  PlanResult,
  PolicyOutcome,
} from './plan-result.js'
export type { MatchedTrace, PlanInput, ResolvedNetwork } from './plan-input.js'
export type { ServedSegment, ServeStepOutput } from './serve-step.js'
export type { StepName, StepRunner, StepTypes } from './steps.js'
export { clockMhzOf } from './chip.js'
export { matchTrace } from './match-trace.js'
export type { OperationGroup } from './operation-groups.js'
export { operationGroups } from './operation-groups.js'
export { runPlan } from './run-plan.js'
export { steps } from './steps.js'
