import type { Policy } from '../policy.js'

/** First come, first served. Since keys never change, a request that has begun runs to its end. */
export const fcfs: Policy = {
  name: 'fcfs',
  summary: 'first come, first served',
  origin: 'published',
  knows: 'network',
  predictor: 'none',
  keyChanges: 'never',
  usesDeadlines: false,
  start: ({ arrivalS }) => ({ kind: 'key', key: (id) => arrivalS[id] }),
}
