import type { Policy } from '../policy.js'

/** One layer of each request in turn: the longest waiting since its last layer. */
export const roundRobin: Policy = {
  name: 'round_robin',
  summary: 'one layer of each request in turn',
  origin: 'baseline',
  knows: 'network',
  predictor: 'none',
  keyChanges: 'when-run',
  usesDeadlines: false,
  start: ({ lastRunS }) => ({ kind: 'key', key: (id) => lastRunS[id] }),
}
