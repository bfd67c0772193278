import { steps, type StepName, type StepTypes } from '../../plan/index.js'
import type { Run } from '../../model/index.js'

/** One step of a plan on a worker thread. */
export interface PlanStepJob<S extends StepName = StepName> {
  readonly step: S
  readonly input: StepTypes[S]['input']
}

export function run<S extends StepName>(job: PlanStepJob<S>, session: Run): StepTypes[S]['output'] {
  return steps[job.step](job.input, session)
}
