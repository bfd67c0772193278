import type { StepName, StepRunner, StepTypes } from '../../plan/index.js'
import type { ContentCache } from '../../store/index.js'
import type { PlanStepJob } from '../jobs/plan-step.js'
import type { Session } from '../session.js'

const verbOfStep: Readonly<Record<StepName, string>> = {
  layer: 'mapping loop nests',
  stacks: 'fusing layers into stacks',
  place: 'placing operations',
  serve: 'serving requests',
}

/** Runs the steps of a plan on the session's worker threads, what the cache knows excepted. */
export function cachedRunner(session: Session, cache: ContentCache): StepRunner {
  return {
    async run<S extends StepName>(step: S, inputs: readonly StepTypes[S]['input'][]) {
      type Output = StepTypes[S]['output']
      const known = inputs.map((input) => cache.get(step, input))
      const missing = inputs.flatMap((_, i) => (known[i] === undefined ? [i] : []))
      let done = 0
      const computed = await session.runJobs<PlanStepJob<S>, Output>(
        'plan-step',
        missing.map((i) => ({ step, input: inputs[i] })),
        {
          useless:
            'a plan is whole or nothing; the same command goes on from the steps that are cached',
          onDone(job, output) {
            done++
            session.progress(
              `${verbOfStep[step]}: ${done} of ${missing.length}`,
              done / missing.length,
            )
            // What Ctrl-C cut short is no result to keep.
            if (!session.signal.aborted) cache.set(step, inputs[missing[job]], output)
          },
        },
      )
      const fresh = new Map(missing.map((i, n) => [i, computed[n]]))
      return inputs.map((_, i) => {
        const hit = known[i]
        return hit === undefined ? (fresh.get(i) as Output) : (hit.value as Output)
      })
    },
  }
}
