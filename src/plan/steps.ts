import type { Run } from '../model/index.js'
import type { LayerCost, LayerProblem } from './layer-problem.js'
import { placeStep, type PlaceStepInput, type PlaceStepOutput } from './place-step.js'
import { serveStep, type ServeStepInput, type ServeStepOutput } from './serve-step.js'
import { solveLayer } from './solve-layer.js'
import { solveStacks } from './solve-stacks.js'
import type { StackProblem, StackSolution } from './stack-problem.js'

/** The steps of a plan: pure functions of plain values, so equal inputs may be answered from a cache. */
export interface StepTypes {
  readonly layer: { readonly input: LayerProblem; readonly output: LayerCost | null }
  readonly stacks: { readonly input: StackProblem; readonly output: StackSolution }
  readonly place: { readonly input: PlaceStepInput; readonly output: PlaceStepOutput }
  readonly serve: { readonly input: ServeStepInput; readonly output: ServeStepOutput }
}
export type StepName = keyof StepTypes

export const steps: {
  readonly [S in StepName]: (input: StepTypes[S]['input'], run: Run) => StepTypes[S]['output']
} = { layer: solveLayer, stacks: solveStacks, place: placeStep, serve: serveStep }

/** How a plan gets its steps done: in order of the inputs, from a cache or on worker threads. */
export interface StepRunner {
  run<S extends StepName>(
    step: S,
    inputs: readonly StepTypes[S]['input'][],
  ): Promise<readonly StepTypes[S]['output'][]>
}
